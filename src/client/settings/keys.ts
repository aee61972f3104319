export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** How a push takes in what others pushed meanwhile. */
export const gitPushPolicies = [
  'AlwaysRebase',
  'AlwaysMerge',
  'RebaseOrMerge',
  'RebaseOrFail',
  'None',
] as const;
export type GitPushPolicy = (typeof gitPushPolicies)[number];

export type SettingName =
  | 'data'
  | 'definitions'
  | 'secrets'
  | 'steps'
  | 'encryptionKeys'
  | 'workspaces'
  | 'tools'
  | 'gitPushPolicy'
  | 'gitProtocols'
  | 'gitHosts'
  | 'githubMaxCommits'
  | 'githubVerifyUntrusted'
  | 'gitAuthor'
  | 'gitSigningKey'
  | 'httpAllow'
  | 'ociMaxPushSize'
  | 'uiBaseUrl'
  | 'allowStep'
  | 'webhooks'
  | 'serverHost'
  | 'serverPort'
  | 'serverUrl'
  | 'logLevel'
  | 'logFormat';

/** A setting. This one declaration gives its flag, variable, place in `gantry.yaml`, documentation and completion. */
export interface SettingKey {
  /** As in `gantry.yaml`; a dot leads into an object. */
  readonly key: string;
  /** Where the flag is called differently: without dashes in front. */
  readonly flag?: string;
  readonly summary: string;
  /** What the flag's value is called. */
  readonly value: string;
  /**
   * `source`: a folder or a Git address. `tools`: `auto`, `path` or a folder. `keys`: a file or `env:NAME`. `list`: texts,
   * `files`: paths, both with commas between, or a list in `gantry.yaml`.
   */
  readonly kind: 'folder' | 'source' | 'tools' | 'keys' | 'choice' | 'text' | 'list' | 'files';
  readonly choices?: readonly string[];
  /** In words; absent = there is none. */
  readonly fallback?: string;
}

/** Every setting, in the order of `gantry config`. */
export const settingKeys: Readonly<Record<SettingName, SettingKey>> = {
  data: {
    key: 'data',
    summary: 'folder for everything Gantry keeps',
    value: 'dir',
    kind: 'folder',
    fallback: '.gantry',
  },
  definitions: {
    key: 'definitions',
    summary: 'folder or Git address of the definitions',
    value: 'source',
    kind: 'source',
  },
  secrets: {
    key: 'secrets',
    summary: 'folder of Kubernetes Secret and ConfigMap manifests',
    value: 'dir',
    kind: 'folder',
  },
  steps: {
    key: 'steps',
    summary: 'ES modules with steps of your own, with commas between',
    value: 'files',
    kind: 'files',
  },
  encryptionKeys: {
    key: 'encryption.keys',
    summary: 'file, or environment variable, with the keys that payloads are encrypted with',
    value: 'file|env:NAME',
    kind: 'keys',
  },
  workspaces: {
    key: 'workspaces',
    summary: 'folder for the files of promotions',
    value: 'dir',
    kind: 'folder',
    fallback: 'in the data folder',
  },
  tools: {
    key: 'tools',
    summary: '"path" takes the programs on PATH as they are; a folder keeps those that Gantry makes',
    value: 'auto|path|dir',
    kind: 'tools',
    fallback: 'auto',
  },
  gitPushPolicy: {
    key: 'git.pushPolicy',
    summary: 'how pushes take in what others pushed meanwhile',
    value: 'policy',
    kind: 'choice',
    choices: gitPushPolicies,
    fallback: 'AlwaysRebase',
  },
  gitProtocols: {
    key: 'git.protocols',
    summary: 'transports that promotions may use, with commas between',
    value: 'list',
    kind: 'text',
    fallback: 'https,http,ssh,file',
  },
  gitHosts: {
    key: 'git.hosts',
    summary: 'kinds of Git hosts: git.acme.example=gitea, or =gitea@ and the address of its API',
    value: 'list',
    kind: 'list',
    fallback: 'told by the name of the host',
  },
  githubMaxCommits: {
    key: 'github.maxCommits',
    summary: 'commits that github-push may have made at a time',
    value: 'number',
    kind: 'text',
    fallback: '10',
  },
  githubVerifyUntrusted: {
    key: 'github.verifyUntrusted',
    summary: 'whether github-push has GitHub sign commits that no key of the promotion signed',
    value: 'no|yes',
    kind: 'choice',
    choices: ['no', 'yes'],
    fallback: 'no',
  },
  gitAuthor: {
    key: 'git.author',
    summary: 'author of commits where the steps name none, such as "Bot <bot@example.org>"',
    value: 'author',
    kind: 'text',
    fallback: 'Kargo <no-reply@kargo.io>',
  },
  gitSigningKey: {
    key: 'git.signingKey',
    summary: 'file with the private GPG or SSH key that signs where the steps give none',
    value: 'file',
    kind: 'folder',
  },
  httpAllow: {
    key: 'http.allow',
    summary: 'what HTTP steps may reach beside public addresses: loopback, private, networks, hosts',
    value: 'list',
    kind: 'list',
    fallback: 'nothing; dev: loopback,private',
  },
  ociMaxPushSize: {
    key: 'oci.maxPushSize',
    summary: 'bytes that oci-push may copy from one repository to another; 0 = none, -1 = any number',
    value: 'bytes',
    kind: 'text',
    fallback: '1073741824',
  },
  uiBaseUrl: {
    key: 'uiBaseUrl',
    summary: 'address of the user interface, for links in pull requests and for ctx.uiBaseUrl',
    value: 'url',
    kind: 'text',
  },
  allowStep: {
    key: 'allowSteps',
    flag: 'allow-step',
    summary: 'steps to run though they can do whatever the worker can: bash',
    value: 'list',
    kind: 'list',
    fallback: 'none; dev: bash',
  },
  webhooks: {
    key: 'webhooks',
    summary: 'Git hosts whose webhooks are taken, and where their secret is: github.com=SECRET/KEY',
    value: 'list',
    kind: 'list',
    fallback: 'none',
  },
  serverHost: {
    key: 'server.host',
    summary: 'address that the server listens on',
    value: 'address',
    kind: 'text',
    fallback: '127.0.0.1',
  },
  serverPort: {
    key: 'server.port',
    summary: 'port that the server listens on',
    value: 'number',
    kind: 'text',
    fallback: '8235; dev: the first free one from there',
  },
  serverUrl: {
    key: 'server.url',
    summary: 'address under which others reach the server',
    value: 'url',
    kind: 'text',
    fallback: 'where it listens',
  },
  logLevel: {
    key: 'log.level',
    summary: 'what to log',
    value: 'level',
    kind: 'choice',
    choices: logLevels,
    fallback: 'info',
  },
  logFormat: {
    key: 'log.format',
    summary: 'how to log',
    value: 'format',
    kind: 'choice',
    choices: logFormats,
    fallback: 'text on a terminal, else json',
  },
};

export const settingNames = Object.keys(settingKeys) as readonly SettingName[];

/** The flag of a setting, without its value: `--log-level`. */
export function flagOf(name: SettingName): string {
  const { key, flag } = settingKeys[name];
  return `--${flag ?? joinWords(key, '-')}`;
}

/** The environment variable of a setting: `GANTRY_LOG_LEVEL`. */
export function variableOf(name: SettingName): string {
  return `GANTRY_${joinWords(settingKeys[name].key, '_').toUpperCase()}`;
}

/** `git.pushPolicy` with one separator: `git-push-policy`. */
function joinWords(key: string, separator: string): string {
  return key.replaceAll('.', separator).replace(/[A-Z]/g, (letter) => separator + letter.toLowerCase());
}

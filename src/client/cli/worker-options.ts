import { readFile } from 'node:fs/promises';
import { messageOf } from '../../core/errors.ts';
import type { GitHostPolicy } from '../../providers/git-hosts/git-hosts.ts';
import { InvalidInput } from '../errors.ts';
import type { GitPushPolicy, Settings } from '../settings.ts';
import { option, settingOption } from './command.ts';

/** Options of every command that runs a worker. Folders come out of the settings. */
export interface WorkerOptions {
  readonly capacity?: string;
}

export const workerOptions = [
  settingOption('definitions'),
  settingOption('secrets'),
  settingOption('steps'),
  settingOption('workspaces'),
  settingOption('tools'),
  settingOption('gitPushPolicy'),
  settingOption('gitProtocols'),
  settingOption('gitHosts'),
  settingOption('githubMaxCommits'),
  settingOption('githubVerifyUntrusted'),
  settingOption('gitAuthor'),
  settingOption('gitSigningKey'),
  settingOption('httpAllow'),
  settingOption('ociMaxPushSize'),
  settingOption('uiBaseUrl'),
  settingOption('allowStep'),
  option('--capacity <number>', 'promotions whose files are worked on at a time'),
  settingOption('logLevel'),
  settingOption('logFormat'),
];

/** A whole number above zero; undefined when the user leaves it to the worker. */
export function parseCapacity(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidInput(`--capacity ${text}: write a whole number from 1 to 99999`);
}

/** What the operator says about addresses, as a worker takes it; the fallback is the command's. InvalidInput names a wrong entry. */
export async function httpSettings(
  { httpAllow, origins }: Settings,
  fallback: readonly string[] = [],
): Promise<{ readonly allow: readonly string[] }> {
  if (httpAllow === undefined) return { allow: fallback };
  const allow = splitList(httpAllow);
  const { createAddressRules } = await import('../../providers/http/address-rules.ts');
  try {
    createAddressRules(allow);
  } catch (error) {
    throw new InvalidInput(`${origins.httpAllow ?? 'http.allow'}: ${messageOf(error)}`, { cause: error });
  }
  return { allow };
}

/** What the operator says about Git hosts, as a worker takes it. InvalidInput names a wrong entry. */
export async function gitHostSettings({ gitHosts, origins }: Settings): Promise<GitHostPolicy> {
  if (gitHosts === undefined) return { patterns: [] };
  const { parseHostPattern } = await import('../../providers/git-hosts/host-pattern.ts');
  try {
    return { patterns: splitList(gitHosts).map(parseHostPattern) };
  } catch (error) {
    throw new InvalidInput(`${origins.gitHosts ?? 'git.hosts'}: ${messageOf(error)}`, { cause: error });
  }
}

/** Address of the user interface without a slash at its end, if there is one. InvalidInput names what is none. */
export function uiAddress({ uiBaseUrl, origins }: Settings): { readonly uiBaseUrl?: string } {
  if (uiBaseUrl === undefined) return {};
  const url = URL.canParse(uiBaseUrl) ? new URL(uiBaseUrl) : undefined;
  const isWeb = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
  if (isWeb) return { uiBaseUrl: uiBaseUrl.replace(/\/+$/, '') };
  throw new InvalidInput(
    `${origins.uiBaseUrl ?? 'uiBaseUrl'}: ${JSON.stringify(uiBaseUrl)} is no address such as https://gantry.example.com`,
  );
}

/** What the operator says about registries, as a worker takes it. InvalidInput names what is no size. */
export function registrySettings({ ociMaxPushSize, origins }: Settings): { readonly maximumCopy: number } {
  if (/^(-1|\d{1,15})$/.test(ociMaxPushSize)) return { maximumCopy: Number(ociMaxPushSize) };
  const origin = origins.ociMaxPushSize ?? 'default';
  throw new InvalidInput(
    `${origin} is ${JSON.stringify(ociMaxPushSize)}: write a number of bytes, 0 for none or -1 for any number`,
  );
}

/** Kinds of steps that need the operator's word and have it; the fallback is the command's. */
export function allowedSteps({ allowStep }: Settings, fallback: readonly string[] = []): readonly string[] {
  return allowStep === undefined ? fallback : splitList(allowStep);
}

/** What the operator says about Git, as a worker takes it. */
export interface GitSettings {
  readonly integration: GitPushPolicy;
  readonly protocols: readonly GitProtocol[];
  readonly replayLimit: number;
  readonly verifyUntrusted: boolean;
  readonly identity: { readonly name: string; readonly email: string };
  readonly signingKey?: string;
}

/** InvalidInput names a transport that does not exist, an author that is none, and a file that holds no key. */
export async function gitSettings(settings: Settings): Promise<GitSettings> {
  const { gitPushPolicy, gitProtocols, gitAuthor, gitSigningKey, origins } = settings;
  const signing = gitSigningKey && { signingKey: await readSigningKey(gitSigningKey, origins.gitSigningKey) };
  return {
    integration: gitPushPolicy,
    protocols: parseProtocols(gitProtocols, origins.gitProtocols ?? 'default'),
    identity: parseAuthor(gitAuthor, origins.gitAuthor ?? 'default'),
    replayLimit: parseCount(settings.githubMaxCommits, origins.githubMaxCommits ?? 'default'),
    verifyUntrusted: settings.githubVerifyUntrusted === 'yes',
    ...signing,
  };
}

function parseCount(text: string, origin: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidInput(`${origin} is ${JSON.stringify(text)}: write a whole number above 0`);
}

function parseAuthor(text: string, origin: string): GitSettings['identity'] {
  const [, name, email] = /^\s*([^<>\n]*[^<>\s])\s*<([^<>\s]+@[^<>\s]+)>\s*$/.exec(text) ?? [];
  if (name !== undefined && email !== undefined) return { name, email };
  throw new InvalidInput(
    `${origin} is ${JSON.stringify(text)}: write a name and an address, as in "Bot <bot@example.org>"`,
  );
}

async function readSigningKey(file: string, origin = 'git.signingKey'): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InvalidInput(`${origin}: ${messageOf(error)}`, { cause: error });
  });
  if (text.includes('PRIVATE KEY')) return text;
  throw new InvalidInput(`${origin}: ${file} holds no private GPG key, armored, and no private SSH key`);
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

const gitProtocolNames = ['https', 'http', 'ssh', 'file'] as const;
type GitProtocol = (typeof gitProtocolNames)[number];

function parseProtocols(text: string, origin: string): readonly GitProtocol[] {
  return text.split(',').map((part) => {
    const found = gitProtocolNames.find((name) => name === part.trim().toLowerCase());
    if (found) return found;
    throw new InvalidInput(
      `${origin} is ${JSON.stringify(text)}: write some of ${gitProtocolNames.join(', ')}, with commas between`,
    );
  });
}

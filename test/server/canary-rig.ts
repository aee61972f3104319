import { Buffer } from 'node:buffer';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { steps } from '../../src/activities/steps/index.ts';
import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';

/** Secrets of several kinds, none of which may be seen anywhere. */
export const canaries = {
  plain: 'canary-plain-5d41402abc4b2a76',
  strange: 'canary "strange" /+=&%é<7f3a9c>\\9d',
  lines: '-----BEGIN CANARY-----\nY2FuYXJ5bGluZW9uZQ12345\nY2FuYXJ5bGluZXR3bw67890\n-----END CANARY-----\n',
  shared: 'canary-shared-b9719d911017c592',
  password: 'canary-pass/w:rd"é-74b8733745420d4d',
} as const;

/** Stands in messages beside the secrets: where this is found, they would be found as well. */
export const control = 'control-text-c3fcd3d76192e400';

/** Where a canary is seen in a haystack, in whatever form; empty when none is. */
export function findCanaries(haystack: Buffer | string): readonly string[] {
  const bytes = Buffer.from(haystack);
  return Object.entries(canaries).flatMap(([name, secret]) =>
    formsOf(secret)
      .filter((form) => bytes.includes(form))
      .map((form) => `${name}: ${form}`),
  );
}

/** Made without a word of the code under test. */
function formsOf(secret: string): readonly string[] {
  const parts = [secret, ...secret.split('\n')].filter(
    (part) => part.length >= 8 && !part.startsWith('-----'),
  );
  return parts.flatMap((part) => {
    const uri = encodeURIComponent(part);
    const base64 = [0, 1, 2].map((shift) => {
      const text = Buffer.from('x'.repeat(shift) + part).toString('base64');
      return text.slice(shift + (shift && 1), -4);
    });
    const json = JSON.stringify(part).slice(1, -1);
    const forms = [
      part,
      json,
      JSON.stringify(json).slice(1, -1),
      uri,
      uri.toLowerCase(),
      uri.replaceAll('%20', '+'),
    ];
    const safe = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
    return [...new Set([...forms, ...base64, ...safe])];
  });
}

/** Every file below a folder with canaries in it, or with the control text. */
export function searchFolder(
  folder: string,
  skip: RegExp,
): { readonly found: readonly string[]; readonly controls: readonly string[] } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !skip.test(file.slice(folder.length)));
  const texts = files.map((file) => [file, readFileSync(file)] as const);
  return {
    found: texts.flatMap(([file, text]) => findCanaries(text).map((hit) => `${file}: ${hit}`)),
    controls: texts.filter(([, text]) => text.includes(control)).map(([file]) => file),
  };
}

/** The folder of manifests that holds all canaries. */
export function writeSecrets(folder: string, repoURL: string): void {
  mkdirSync(folder, { recursive: true });
  const secret = (name: string, stringData: object, namespace = 'demo', type?: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, ...(type && { labels: { 'kargo.akuity.io/cred-type': type } }) },
    stringData,
  });
  const { plain, strange, lines, shared, password } = canaries;
  const manifests = [
    secret('canary', { plain, strange, lines }),
    secret('shared', { token: shared }, 'kargo-shared-resources', 'generic'),
    secret('git', { repoURL, username: 'alice', password }, 'demo', 'git'),
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'demo' },
      data: { region: 'eu' },
    },
  ];
  for (const manifest of manifests)
    writeFileSync(join(folder, `${manifest.metadata.name}.json`), JSON.stringify(manifest));
}

/** A Git host that asks for a password, and then tells everybody what it was given, in every way it can think of. */
export async function openEchoServer(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(({ headers: { authorization } }, response) => {
    if (!authorization) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="echo"' }).end();
      return;
    }
    const user = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();
    const password = user.slice(user.indexOf(':') + 1);
    const said = [control, user, authorization, encodeURIComponent(password), JSON.stringify({ password })];
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(`${said.join('\n')}\n`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/org/repo.git`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const read = (key: keyof typeof canaries) => `\${{ secret('canary').${key} }}`;

/** Steps that use secrets as they should be used, and succeed. */
export function goodSteps(repoURL: string): readonly JsonObject[] {
  const tree = './src';
  return [
    {
      uses: 'git-clone',
      as: 'clone',
      if: `\${{ vars.token startsWith 'canary' && sharedSecret('shared').token != '' && configMap('settings').region == 'eu' }}`,
      config: {
        repoURL,
        checkout: [{ path: tree, branch: 'main' }],
        author: { name: 'Ada', email: 'ada@example.org' },
      },
    },
    { uses: 'git-clear', config: { path: tree } },
    { uses: 'git-commit', config: { path: tree, message: 'Nothing left' } },
    {
      uses: 'git-clone',
      as: 'again',
      config: { repoURL, checkout: [{ path: './two', branch: 'main' }] },
    },
    { uses: 'copy', config: { inPath: './two/base', outPath: `./out-\${{ vars.token }}` } },
    { uses: 'copy', config: { inPath: './two/base', outPath: './base' } },
    {
      uses: 'yaml-update',
      as: 'update',
      config: {
        path: './two/values.yaml',
        updates: [
          { key: 'token', value: '${{ vars.token }}' },
          { key: 'other', value: read('strange') },
        ],
      },
    },
    {
      uses: 'kustomize-set-image',
      config: { path: './base', images: [{ image: 'my/image', tag: read('plain') }] },
    },
    { uses: 'kustomize-build', config: { path: './base', outPath: './built.yaml' } },
    {
      uses: 'helm-template',
      config: {
        path: './two/chart',
        outPath: './rendered.yaml',
        releaseName: 'app',
        setValues: [{ key: 'token', value: `\${{ sharedSecret('shared').token }}`, literal: true }],
      },
    },
    {
      uses: 'git-commit',
      as: 'commit',
      config: { path: './two', message: `Rotate to ${read('plain')} ${control}` },
    },
    { uses: 'git-push', as: 'push', config: { path: './two', targetBranch: `tokens/\${{ vars.token }}` } },
    { uses: 'delete', config: { path: `./out-\${{ vars.token }}` } },
    { uses: 'compose-output', as: 'out', config: { branch: '${{ outputs.push.branch }}', control } },
  ];
}

/** Every kind of step, as its example shows it, with secrets in place of each text: most break, and say why. */
export function brokenSteps(): readonly JsonObject[] {
  const texts = [`${control} ${read('plain')} ${read('strange')}`, `${control} ${read('lines')}`];
  return steps
    .filter(({ propagates }) => !propagates)
    .flatMap(({ kind, examples }) =>
      texts.map((text) => ({
        uses: kind,
        continueOnError: true,
        retry: { errorThreshold: 2, backoff: { initial: '10ms' } },
        config: poison(examples[0]!.config, text) as JsonObject,
      })),
    );
}

/** What a secret may look like once an expression has dealt with it. */
export function echoSteps(repoURL: string): readonly JsonObject[] {
  const forms = ['plain', 'strange', 'lines'].flatMap((key) => {
    const secret = `secret('canary').${key}`;
    return [
      secret,
      `toBase64(${secret})`,
      `toBase64('u:' + ${secret})`,
      `toJSON({a: ${secret}})`,
      `upper('x') + ${secret}`,
    ];
  });
  return [
    ...forms.map((form) => ({
      uses: 'fail',
      continueOnError: true,
      config: { message: `${control} \${{ ${form} }}` },
    })),
    // It is no number, and the error says what it is instead.
    { uses: 'fail', continueOnError: true, if: read('strange') },
    { uses: 'fail', continueOnError: true, config: { message: `\${{ int(secret('canary').plain) }}` } },
    {
      uses: 'git-clone',
      continueOnError: true,
      retry: { errorThreshold: 2, backoff: { initial: '10ms' } },
      config: { repoURL, checkout: [{ path: './src' }] },
    },
    { uses: 'fail', config: { message: `the end: ${control} ${read('strange')} ${read('lines')}` } },
  ];
}

function poison(value: Json, text: string): Json {
  if (typeof value === 'string') return text;
  if (Array.isArray(value)) return value.map((item: Json) => poison(item, text));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, poison(item, text)]));
}

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readSettingsFile } from '../../src/client/settings/settings-file.ts';
import { isObject, type JsonObject } from '../../src/core/json.ts';
import { parseFreight } from '../../src/core/freight/parse-freight.ts';
import { formatProblem } from '../../src/core/problem.ts';
import { parseRequest } from '../../src/core/promotion/parse-request.ts';
import { createSecretFolder } from '../../src/providers/credentials/secret-folder.ts';
import { createResourceFolder } from '../../src/providers/resources/resource-folder.ts';
import { checkAgainstSchema } from '../support/editor-schemas.ts';
import { fencesOf, listPages, type Fence } from '../support/markdown.ts';

const fences = listPages().flatMap(fencesOf);
const written = (language: string) => fences.filter((fence) => fence.language === language);

describe('what the pages show', () => {
  it('is in languages that are checked', () => {
    const known = new Set(['sh', 'yaml', 'json', 'text', 'mermaid']);
    assert.deepEqual(fences.filter(({ language }) => !known.has(language)).map(nameOf), []);
  });

  it('carries no comments that mean nothing', () => {
    const known = new Set(['file', 'not run', 'exit', 'runs until', 'output', 'screen', 'with mistakes']);
    const unknown = fences.flatMap(({ marks }) => Object.keys(marks)).filter((mark) => !known.has(mark));
    assert.deepEqual(unknown, []);
  });

  for (const fence of written('yaml')) {
    it(`is what it says: ${nameOf(fence)}`, async () => checkYaml(fence));
  }
  for (const fence of written('json')) {
    it(`is what it says: ${nameOf(fence)}`, () => checkJson(JSON.parse(fence.text)));
  }
});

async function checkYaml(fence: Fence): Promise<void> {
  if ('with mistakes' in fence.marks) return assert.notDeepEqual(faultsOf(fence.text), []);
  if (fence.marks['file']?.endsWith('gantry.yaml')) return checkSettings(fence.text);
  assert.deepEqual(faultsOf(fence.text), []);
  for (const value of valuesOf(fence.text)) if (value['kind'] === 'Secret') await checkSecret(value);
}

/** Faults of manifests, steps and Freight; other YAML only has to be YAML. */
function faultsOf(text: string): readonly string[] {
  return valuesOf(text).flatMap((value) => {
    if (Array.isArray(value['steps'])) return checkAgainstSchema(value['steps']);
    if (isFreight(value)) return parseFreight(value, () => ({})).problems.map(formatProblem);
    return checkAgainstSchema(value);
  });
}

function isFreight({ kind, images, commits, charts }: JsonObject): boolean {
  return kind === 'Freight' || (kind === undefined && (images ?? commits ?? charts) !== undefined);
}

function valuesOf(text: string): readonly JsonObject[] {
  const documents = parseAllDocuments(text);
  for (const { errors } of documents) assert.deepEqual(errors, []);
  return documents.map((document) => document.toJS() as JsonObject);
}

async function checkSettings(text: string): Promise<void> {
  await inFolder({ 'gantry.yaml': text }, async (folder) => {
    const { values, problems } = await readSettingsFile(undefined, folder);
    assert.deepEqual(problems, []);
    assert.equal(Object.keys(values).length > 0, true);
  });
}

/** The worker finds what is in it. */
async function checkSecret(secret: JsonObject): Promise<void> {
  const metadata = secret['metadata'] as { namespace: string; labels?: Record<string, string> };
  const { namespace, labels } = metadata;
  // Not for repositories.
  if (!labels) return;
  const data = secret['stringData'] as Record<string, string>;
  const repoURL = data['repoURLIsRegex'] ? 'https://git.example/shop/anything.git' : data['repoURL']!;
  const type = labels['kargo.akuity.io/cred-type'] as 'git' | 'helm' | 'image';
  await inFolder({ 'secret.yaml': JSON.stringify(secret) }, async (folder) => {
    const warnings: string[] = [];
    const source = createSecretFolder(createResourceFolder(folder), (warning) => void warnings.push(warning));
    const found = await source.find({ project: namespace, type, repoURL });
    assert.deepEqual(warnings, []);
    assert.ok(found?.password ?? found?.sshPrivateKey, 'the credentials are not found');
  });
}

function checkJson(value: unknown): void {
  if (!isObject(value) || value['project'] === undefined) return;
  assert.deepEqual(parseRequest([value]).problems.map(formatProblem), []);
  if (Array.isArray(value['steps'])) assert.deepEqual(checkAgainstSchema(value['steps']), []);
}

async function inFolder(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-docs-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function nameOf({ page, line }: Fence): string {
  return `${page}:${line}`;
}

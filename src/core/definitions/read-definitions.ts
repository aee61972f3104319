import { locateInInput } from '../fields.ts';
import type { JsonObject } from '../json.ts';
import type { Problem } from '../problem.ts';
import { collectManifests, type Document } from './collect-manifests.ts';
import type { Definitions } from './manifest.ts';
import { readYaml, type YamlFile } from './read-yaml.ts';

/** A file of a definition source: its name as the user knows it, and its text. */
export interface DefinitionFile {
  readonly name: string;
  readonly text: string;
}

/** The definitions in YAML and JSON files, many documents each. Never throws; all problems are in the answer. */
export function readDefinitions(files: readonly DefinitionFile[]): Definitions {
  return collectDefinitions(files.map(parseDefinitionFile));
}

/** One file of `readDefinitions`, for callers that must not block for the time all of them take. */
export function parseDefinitionFile({ name, text }: DefinitionFile): YamlFile {
  // A folder may hold charts and other YAML: only what mentions Kargo can break a promotion.
  const isOurs = text.includes('kargo.akuity.io');
  if (text.length > maximumLength) {
    const message = `larger than ${maximumLength >> 20} MiB: ${isOurs ? 'split it into several files' : 'ignored'}`;
    return { documents: [], problems: [weigh({ message, place: { source: name } }, isOurs)] };
  }
  const { documents, problems } = readYaml(name, text);
  return { documents, problems: problems.map((problem) => weigh(problem, isOurs)) };
}

/** Puts parsed files together. */
export function collectDefinitions(files: readonly YamlFile[]): Definitions {
  const found = collectManifests(files.flatMap(({ documents }) => documents));
  const all = files.flatMap(({ problems }) => problems);
  const isNote = ({ severity }: Problem) => severity === 'note';
  return {
    manifests: found.manifests,
    problems: [...all.filter((problem) => !isNote(problem)), ...found.problems],
    notes: [...all.filter(isNote), ...found.notes],
  };
}

/** The definitions among manifests that were sent along; places are JSON paths, `definitions[2].spec`. */
export function definitionsFromJson(list: readonly JsonObject[]): Definitions {
  const documents = list.map((value, index): Document => {
    return { value, locate: locateInInput('definitions', index) };
  });
  return collectManifests(documents);
}

const maximumLength = 1024 * 1024;

function weigh(problem: Problem, isOurs: boolean): Problem {
  return isOurs ? problem : { ...problem, severity: 'note' };
}

import { defineFunction, type FunctionDeclaration } from '../../../src/core/expression/function.ts';
import { natures } from '../../../src/core/expression/nature.ts';
import { any, optional, text } from '../../../src/core/expression/parameters.ts';
import { fromJson, textDict, type Value } from '../../../src/core/expression/values.ts';
import {
  imageType,
  natureOfStructure,
  originType,
  toImage,
  toOrigin,
} from '../../../src/core/template/functions/freight/artifacts.ts';
import { originParameter } from '../../../src/core/template/functions/freight/origin.ts';
import type { Nature } from '../../../src/core/expression/nature.ts';

function stub(name: string, result: Nature, call: (argument: string) => Value): FunctionDeclaration {
  return defineFunction({
    name,
    summary: '',
    example: '',
    parameters: [text('name'), optional(name === 'imageFrom' ? originParameter : any('other'))],
    result,
    call: ([argument]) => call(argument),
  });
}

function constant(name: string, value: boolean): FunctionDeclaration {
  return defineFunction({
    name,
    summary: '',
    example: '',
    parameters: [],
    result: natures.bool,
    call: () => value,
  });
}

/** The functions that recorded templates were evaluated with. */
export const stubFunctions: readonly FunctionDeclaration[] = [
  constant('always', true),
  constant('success', true),
  constant('failure', false),
  stub('warehouse', natureOfStructure(originType), (name) => toOrigin({ kind: 'Warehouse', name })),
  stub('imageFrom', natureOfStructure(imageType), (repoURL) => {
    return repoURL === 'img' ? toImage({ repoURL, tag: 'v1.2.3', annotations: { a: 'b' } }) : null;
  }),
  stub('configMap', natures.texts, (name) => textDict(name === 'cm' ? { k: 'v', n: '1' } : {})),
  stub('freightMetadata', natures.unknown, (name) => {
    return name === 'f' ? fromJson({ k: 'v', n: 1, o: { x: true } }) : null;
  }),
  stub('status', natures.string, (alias) => (alias === 's1' ? 'Succeeded' : '')),
];

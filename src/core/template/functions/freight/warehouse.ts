import { defineFunction } from '../../../expression/function.ts';
import { text } from '../../../expression/parameters.ts';
import { requireName } from '../promotion.ts';
import { natureOfStructure, originType, toOrigin } from './artifacts.ts';

export const warehouse = defineFunction({
  name: 'warehouse',
  summary: 'A Warehouse by name: tells where Freight comes from.',
  example: 'warehouse("main").Name',
  parameters: [text('name')],
  result: natureOfStructure(originType),
  call: ([name]) => toOrigin({ kind: 'Warehouse', name: requireName(name, 'warehouse') }),
});

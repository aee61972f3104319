import './promise-stacks.ts';
export { promotion } from './promotion.ts';
export { explainUnknownType as default } from './unknown-type.ts';

export { promotion } from './promotion.ts';
export { explainUnknownType as default } from './unknown-type.ts';

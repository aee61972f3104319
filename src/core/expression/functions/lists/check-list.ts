import { explainNature, isArray, isUnknown, type Nature } from '../../nature.ts';

/** What is wrong where a list is wanted; undefined for lists and for what is not known. */
export function checkList(name: string, nature: Nature): string | undefined {
  if (isArray(nature) || isUnknown(nature)) return undefined;
  return `${name} wants a list but is given ${explainNature(nature)}`;
}

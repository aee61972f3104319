import { isUndecodable } from '../core/undecodable.ts';

/** What an activity returned is encrypted with a key that this worker does not have. */
export class UndecodableResult extends Error {
  override readonly name = 'UndecodableResult';
}

/**
 * Throws for what stands in for a result that could not be read. It is not the promotion that is at fault, and to end it
 * would lose what it did: the task fails and is repeated, until a worker with the key takes it.
 */
export function refuseUndecodable(value: unknown): void {
  if (isUndecodable(value))
    throw new UndecodableResult(`the result of an activity cannot be read: ${value.$undecodable}`);
}

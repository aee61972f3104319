/** What the user gave cannot be used: a usage error, invalid definitions or Freight. Nothing was started. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

/** No Temporal server answers. The message names the address, where it comes from and what to do. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

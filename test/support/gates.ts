/** Gates that stop what matches a pattern, until they are opened for good. */
export interface Gates<Kind extends string> {
  readonly isOpen: boolean;
  /** Resolves when they are. */
  readonly opened: Promise<void>;
  /** Stops what matches, in a way that only the server knows. */
  close(pattern: RegExp, kind: Kind): void;
  /** How somebody with this text is to be stopped; undefined = not at all. Counted as met. */
  meet(text: string): Kind | undefined;
  /** How many have met a gate, of those whose text matches. */
  met(pattern: RegExp): number;
  open(): void;
}

export function createGates<Kind extends string>(): Gates<Kind> {
  const gates: { readonly pattern: RegExp; readonly kind: Kind }[] = [];
  const met: string[] = [];
  let letThrough = () => {};
  let isOpen = false;
  return {
    opened: new Promise((resolve) => (letThrough = resolve)),
    get isOpen() {
      return isOpen;
    },
    close: (pattern, kind) => void gates.push({ pattern, kind }),
    meet(text) {
      const gate = isOpen ? undefined : gates.find(({ pattern }) => pattern.test(text));
      if (gate) met.push(text);
      return gate?.kind;
    },
    met: (pattern) => met.filter((text) => pattern.test(text)).length,
    open() {
      isOpen = true;
      letThrough();
    },
  };
}

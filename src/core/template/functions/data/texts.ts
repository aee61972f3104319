import { fail } from '../../../expression/errors.ts';
import { Dict, type Callable } from '../../../expression/values.ts';
import type { CallContext } from '../../../expression/function.ts';
import { lookupsOf, requireName, type Lookups } from '../promotion.ts';

/** The functions that read texts by the name of an object. */
export type TextLookup = 'secret' | 'sharedSecret' | 'configMap' | 'sharedConfigMap';

/** What a function reads: Kargo's rule is that what is missing is empty, so the look-ups are told of it. */
export function readTexts(lookup: TextLookup, name: string, context: CallContext): Dict {
  const lookups = lookupsOf(context, lookup);
  const texts = lookups[lookup](requireName(name, lookup));
  const tell = (message: string) => lookups.tellMissing?.(message);
  if (!texts) tell(explainMissing(lookup, name, lookups));
  return new TextsFound(texts ?? {}, 'string', (key) => {
    if (texts) tell(explainMissing(lookup, name, lookups, { key, texts }));
  });
}

/** `secrets.<name>`: what is missing is an error that says so. */
export function requireTexts(name: string, lookups: Lookups): Dict {
  const texts = lookups.secret(name) ?? fail(explainMissing('secret', name, lookups));
  return new TextsFound(texts, 'any', (key) => fail(explainMissing('secret', name, lookups, { key, texts })));
}

class TextsFound extends Dict {
  readonly #onMissing: (key: string) => void;

  constructor(texts: Texts, kind: Dict['kind'], onMissing: (key: string) => void) {
    super(new Map(Object.entries(texts)), kind);
    this.#onMissing = onMissing;
  }

  override method(name: string): Callable | undefined {
    this.#onMissing(name);
    return undefined;
  }
}

type Texts = Readonly<Record<string, string>>;

interface MissingKey {
  readonly key: string;
  readonly texts: Texts;
}

/** Names of keys are no secrets; values are, so none is shown. */
function explainMissing(lookup: TextLookup, name: string, { place }: Lookups, missing?: MissingKey): string {
  const isOfAll = lookup.startsWith('shared');
  const kind = `${isOfAll ? 'shared ' : ''}${/secret/i.test(lookup) ? 'Secret' : 'ConfigMap'}`;
  const called = `${kind} ${JSON.stringify(name)}`;
  const where = place ? ` (looked for in ${place(isOfAll)})` : '';
  if (!missing) return `there is no ${called}${where}`;
  const keys = Object.keys(missing.texts).sort().slice(0, mostKeys);
  const has = keys.length > 0 ? `it has ${keys.join(', ')}` : 'it is empty';
  return `${called} has no key ${JSON.stringify(missing.key)}: ${has}${where}`;
}

const mostKeys = 20;

/** Bytes of a value as JSON in UTF-8. The value must be plain JSON of bounded depth (`isDeeperThan`). */
export function sizeOfJson(value: unknown): number {
  return sizeOfText(JSON.stringify(value) ?? '');
}

/** Bytes of a text in UTF-8. */
export function sizeOfText(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) bytes++;
    // Each half of a surrogate pair counts two of its four bytes.
    if (code >= 0x800 && (code < 0xd800 || code > 0xdfff)) bytes++;
  }
  return bytes;
}

/** Says whether lists and objects are nested more than `limit` levels. Never overflows the stack itself. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    const inner = level.filter(hasInner);
    if (inner.length > 0 && depth >= limit) return true;
    level = inner.flatMap((item) => Object.values(item));
  }
  return false;
}

function hasInner(item: unknown): item is Readonly<Record<string, unknown>> {
  return typeof item === 'object' && item !== null;
}

/** Text that fits the wire: at most `maximum` UTF-16 units, no half characters. */
export function cutText(text: string, maximum: number): string {
  const cut = text.length > maximum ? `${text.slice(0, maximum - 1)}…` : text;
  return cut.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** Bytes for people: `12 KiB`. */
export function formatSize(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}

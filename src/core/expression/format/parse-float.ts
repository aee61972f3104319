// Each sign can be read in one way only, so that no text takes more than one pass.
const decimal = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const hexadecimal = /^([+-]?)0[xX]([0-9a-fA-F_]*)(?:\.([0-9a-fA-F_]*))?[pP]([+-]?\d+)$/;
const special = /^([+-]?)(?:inf|infinity)$/i;

/** A number as Go's ParseFloat reads it; undefined if it is none or too large. */
export function parseFloatText(text: string): number | undefined {
  if (decimal.test(text)) {
    const value = Number(text.replaceAll('_', ''));
    return Number.isFinite(value) ? value : undefined;
  }
  if (/^nan$/i.test(text)) return NaN;
  const infinite = special.exec(text);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  const hex = hexadecimal.exec(text);
  return hex && !/__|_\.|\._|_[pP]/.test(text) ? parseHex(hex) : undefined;
}

function parseHex([, sign, whole = '', fraction = '', exponent]: RegExpExecArray): number | undefined {
  const digits = (whole + fraction).replaceAll('_', '');
  if (digits === '') return undefined;
  const shift = Number(exponent) - 4 * fraction.replaceAll('_', '').length;
  // In two steps, so that no intermediate result leaves the range of fractions.
  const half = Math.trunc(shift / 2);
  const value = Number(BigInt(`0x${digits}`)) * 2 ** half * 2 ** (shift - half);
  if (!Number.isFinite(value)) return undefined;
  return sign === '-' ? -value : value;
}

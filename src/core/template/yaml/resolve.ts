import { parseFloatText } from '../../expression/format/parse-float.ts';
import { parseTime } from '../../expression/time/parse-time.ts';

const words = new Set(
  'true True TRUE false False FALSE ~ null Null NULL .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF y Y yes Yes YES on On ON n N no No NO off Off OFF'.split(
    ' ',
  ),
);
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const integer = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/;
const dates = [
  '2006-1-2T15:4:5.999999999Z07:00',
  '2006-1-2t15:4:5.999999999Z07:00',
  '2006-1-2 15:4:5.999999999',
  '2006-1-2',
];

/** Whether a YAML reader, old or new, would take the plain text for something else than a text. */
export function looksLikeOther(text: string): boolean {
  if (words.has(text) || base60.test(text)) return true;
  if (text.startsWith('.')) return parseFloatText(text) !== undefined;
  if (!/^[-+0-9]/.test(text)) return false;
  if (/^\d{4}-/.test(text) && dates.some((layout) => parseTime(text, layout) !== undefined)) return true;
  const plain = text.replaceAll('_', '');
  return integer.test(plain) || (float.test(plain) && parseFloatText(plain) !== undefined);
}

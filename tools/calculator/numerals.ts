/** Numbers as people write them: `1,234,567`, `.5`, `1.5e-3`, `3만 5천`, `1억 2천만`, `$80K`. */
import { ToolError } from '../tool.js';

export interface Numeral {
  /** A plain decimal literal: digits, one point, an exponent. */
  value: string;
  length: number;
}

const PLAIN = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+(?![A-Za-z0-9]))?/y;
const GROUPED = /\d+(?:,\d+)+(?:\.\d+)?/y;
const KOREAN = korean('[\\d]');
const KOREAN_GROUPED = korean('[\\d,]');
const SMALL: Record<string, bigint> = { 십: 10n, 백: 100n, 천: 1000n };
const LARGE: Record<string, bigint> = { 만: 10n ** 4n, 억: 10n ** 8n, 조: 10n ** 12n, 경: 10n ** 16n };

/** The number that begins at `position`; with `commas` a comma may stand between thousands. */
export function numeralAt(text: string, position: number, commas: boolean): Numeral | undefined {
  const hangul = matchAt(commas ? KOREAN_GROUPED : KOREAN, text, position);
  if (hangul !== undefined) return { value: readKorean(hangul), length: hangul.length };
  const grouped = commas ? matchAt(GROUPED, text, position) : undefined;
  if (grouped !== undefined) return { value: ungroup(grouped), length: grouped.length };
  const plain = matchAt(PLAIN, text, position);
  return plain === undefined ? undefined : { value: plain, length: plain.length };
}

/** `$80K`, `$3 bn`; without a currency only the `M` of `1.5M` (K, B and T are units). */
const SCALE_LETTERS: Record<string, string> = {
  k: 'thousand',
  m: 'million',
  mn: 'million',
  b: 'billion',
  bn: 'billion',
  t: 'trillion',
};

/** The scale that the letters after the number of this place stand for. */
export function scaleAt(text: string, start: number, length: number): { name: string; length: number } | undefined {
  const isAmount = /[$€₩£¥] *-? *$/.test(text.slice(0, start));
  const letters = isAmount ? /^ ?([KMBT]|bn|mn)(?![\p{L}\d])/iu : /^(M)(?![\p{L}\d])/u;
  const match = letters.exec(text.slice(start + length));
  return match ? { name: SCALE_LETTERS[match[1]!.toLowerCase()]!, length: match[0].length } : undefined;
}

function matchAt(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0].trimEnd();
}

function korean(digit: string): RegExp {
  const number = `\\d${digit}*(?:\\.\\d+)?`;
  const hangul = '[일이삼사오육칠팔구]';
  return new RegExp(`(?:(?:${number}|${hangul})?\\s*[십백천만억조경]\\s*)+(?:${number}|${hangul}(?![가-힣]))?`, 'y');
}

function ungroup(text: string): string {
  if (!/^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(text))
    throw new ToolError(`\`${text}\` is not a number: a comma stands before every three digits`);
  return text.replaceAll(',', '');
}

/** Units descend; a number before a unit multiplies it, one after the last is added. Thousandths are kept: `1.5억`. */
function readKorean(text: string): string {
  const parts = text.match(/\d[\d,]*(?:\.\d+)?|[^\s]/g) ?? [];
  const unclear = new ToolError(`\`${text}\` is not a number`);
  let total = 0n; // in millionths
  let section = 0n;
  let pending: bigint | undefined;
  let lastSmall = LARGE.만!;
  let lastLarge = 10n ** 20n;
  for (const part of parts) {
    if (Object.hasOwn(SMALL, part)) {
      if (SMALL[part]! >= lastSmall) throw unclear;
      lastSmall = SMALL[part]!;
      section += (pending ?? MILLION) * lastSmall;
      pending = undefined;
    } else if (Object.hasOwn(LARGE, part)) {
      if (LARGE[part]! >= lastLarge) throw unclear;
      const amount = section + (pending ?? (section === 0n ? MILLION : 0n));
      if (amount >= (lastLarge * MILLION) / LARGE[part]!) throw unclear;
      lastLarge = LARGE[part]!;
      total += amount * lastLarge;
      section = 0n;
      pending = undefined;
      lastSmall = LARGE.만!;
    } else {
      if (pending !== undefined) throw unclear;
      pending = millionths(part, unclear);
    }
  }
  const rest = section + (pending ?? 0n);
  const limit = lastSmall < LARGE.만! ? lastSmall : lastLarge;
  if (pending !== undefined && pending >= limit * MILLION) throw unclear;
  return unscale(total + rest);
}

const MILLION = 1_000_000n;

function millionths(part: string, unclear: ToolError): bigint {
  const hangul = '영일이삼사오육칠팔구'.indexOf(part);
  if (hangul > 0) return BigInt(hangul) * MILLION;
  const [whole, fraction = ''] = (part.includes(',') ? ungroup(part) : part).split('.') as [string, string?];
  if (fraction.length > 6 || whole.length > 24) throw unclear;
  return BigInt(whole) * MILLION + BigInt(fraction.padEnd(6, '0'));
}

function unscale(value: bigint): string {
  const fraction = (value % MILLION).toString().padStart(6, '0').replace(/0+$/, '');
  return `${value / MILLION}${fraction && `.${fraction}`}`;
}

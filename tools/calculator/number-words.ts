/** English number words: `three hundred and forty-two`, `a thousand`, `nine point two five`. A scale after digits (`2.5 million`) is the parser's. */
import { ToolError } from '../tool.js';
import { scaleOf } from './names.js';
import type { Numeral } from './numerals.js';

const DIGITS = 'zero one two three four five six seven eight nine'.split(' ');
const TEENS = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const VALUES = new Map([
  ...[...DIGITS, ...TEENS].map((word, index) => [word, BigInt(index)] as const),
  ...TENS.map((word, index) => [word, BigInt(20 + 10 * index)] as const),
  ['a', 1n] as const,
]);
const SCALES = ['trillion', 'billion', 'million', 'thousand'];

const [digit, tens, scale] = [DIGITS, TENS, SCALES].map((words) => `(?:${words.join('|')})\\b`);
const belowHundred = `(?:${tens}(?:(?:-| +)(?!zero)${digit})?|(?:${TEENS.join('|')})\\b|${digit})`;
const group = `(?:(?:a|${belowHundred}) +hundred\\b(?: +(?:and +)?${belowHundred})?|${belowHundred}|a(?= +(?:${scale}|dozen\\b)))`;
const segment = `${group}(?: +${scale})?`;
const NUMBER = new RegExp(`(${segment}(?: +(?:and +)?${segment})*)(?: +point((?: +${digit})+))?`, 'iy');
const SEGMENT = new RegExp(`(${group}|a\\b)(?: +(${scale}))?`, 'g');

/** The number that the words at `position` name; undefined where no number word stands. */
export function numberWordsAt(text: string, position: number): Numeral | undefined {
  NUMBER.lastIndex = position;
  const match = /\p{L}/u.test(text[position - 1] ?? '') ? null : NUMBER.exec(text);
  if (!match) return undefined;
  const [length, whole, decimals] = [match[0].length, readWhole(match[1]!.toLowerCase()), match[2]?.toLowerCase()];
  return {
    value: decimals === undefined ? `${whole}` : `${whole}.${wordsOf(decimals).map(smallNumber).join('')}`,
    length,
  };
}

/** Each part is smaller than the scale of the part before it: `two million three hundred thousand and five`. */
function readWhole(words: string): bigint {
  let total = 0n;
  let limit = 10n ** 15n;
  for (const [, amount, scale] of words.matchAll(SEGMENT)) {
    const size = scale === undefined ? 1n : BigInt(Number(scaleOf(scale)));
    const value = readGroup(amount!) * size;
    if (value >= limit) throw new ToolError(`\`${words}\` is not one number`);
    total += value;
    limit = size;
  }
  return total;
}

function readGroup(words: string): bigint {
  let value = 0n;
  for (const word of wordsOf(words)) {
    if (word === 'hundred') value *= 100n;
    else value += smallNumber(word);
  }
  return value;
}

function wordsOf(text: string): string[] {
  return text.match(/[a-z]+/g)!;
}

/** `and` adds nothing. */
function smallNumber(word: string): bigint {
  return VALUES.get(word) ?? 0n;
}

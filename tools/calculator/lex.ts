/** Text → tokens. Knows how signs, numbers and words are written; not what they mean together. */
import { ToolError } from '../tool.js';
import { fractionOf, plainCharacters, superscriptAt } from './characters.js';
import { CONSTANTS, FUNCTIONS, scaleOf, TAKES_SEVERAL } from './names.js';
import { numberWordsAt } from './number-words.js';
import { type Numeral, numeralAt, scaleAt } from './numerals.js';

export type Token =
  | { kind: 'number'; value: string; whole: boolean }
  | { kind: 'fraction'; text: string; numerator: string; denominator: string } // ¾
  | { kind: 'name'; text: string }
  | { kind: 'power'; digits: string } // a superscript
  | { kind: 'sign'; text: Sign }
  | { kind: 'end' };

export type Sign = '+' | '-' | '*' | '/' | '^' | '(' | ')' | ',' | '!' | '%' | '√' | '∛' | '∜' | 'mod' | 'of' | 'to';

/** Words that are signs. `in` and `x` are decided by where they stand. */
const WORDS: Record<string, Sign> = {
  plus: '+',
  minus: '-',
  times: '*',
  mod: 'mod',
  modulo: 'mod',
  of: 'of',
  의: 'of',
  percent: '%',
  percentage: '%',
  퍼센트: '%',
  프로: '%',
  to: 'to',
  into: 'to',
  더하기: '+',
  빼기: '-',
  곱하기: '*',
  나누기: '/',
};
const CURRENCIES = '$€₩£¥';

export function lex(expression: string): Token[] {
  const text = plainCharacters(expression)
    .replace(/^\s*=/, '')
    .replace(/(?:\s*[=?.。])+\s*$/, '');
  const tokens: Token[] = [];
  const commas = new Commas();
  const currencies = new Set<string>();
  let position = 0;
  while (position < text.length) {
    const character = String.fromCodePoint(text.codePointAt(position)!);
    const last = tokens.at(-1);
    const superscript = superscriptAt(text, position);
    const numeral = numberAt(text, position, commas.partThousands);
    const fraction = fractionOf(character);
    if (character === ' ') position += 1;
    else if (superscript) {
      tokens.push({ kind: 'power', digits: superscript.digits });
      position += superscript.length;
    } else if (numeral) {
      tokens.push({ kind: 'number', value: numeral.value, whole: /^\d+$/.test(numeral.value) });
      const scale = scaleAt(text, position, numeral.length);
      if (scale) tokens.push({ kind: 'name', text: scale.name });
      position += numeral.length + (scale?.length ?? 0);
    } else if (fraction) {
      tokens.push({ kind: 'fraction', text: character, numerator: fraction[0], denominator: fraction[1] });
      position += character.length;
    } else if (CURRENCIES.includes(character)) {
      currencies.add(character);
      position += 1;
    } else if (/[\p{L}°'"]/u.test(character)) {
      const word = wordAt(text, position);
      position += word.length;
      const isScaled = last?.kind === 'name' && scaleOf(last.text) !== undefined;
      if (word === '원' && (isScaled || last?.kind === 'number')) currencies.add('₩');
      else tokens.push(readWord(word, text, position, last));
      if (/^divided$/i.test(word)) {
        const by = /^ +by\b/i.exec(text.slice(position))?.[0];
        if (by === undefined) throw new ToolError('`divided` is unclear: write `/`');
        tokens.splice(-1, 1, { kind: 'sign', text: '/' });
        position += by.length;
      }
    } else {
      const sign = text.startsWith('**', position) ? '**' : text.startsWith('->', position) ? '->' : character;
      if (sign === '(') commas.open(last?.kind === 'name' && TAKES_SEVERAL.has(last.text.toLowerCase()));
      if (sign === ')') commas.close();
      if (sign === ',') commas.see(text.slice(position - 1, position + 6));
      tokens.push({ kind: 'sign', text: readSign(sign) });
      position += sign.length;
    }
  }
  if (currencies.size > 1) throw new ToolError('amounts in different currencies cannot be worked out together');
  tokens.push({ kind: 'end' });
  return tokens;
}

/** A number in digits or in words. */
function numberAt(text: string, position: number, commas: boolean): Numeral | undefined {
  return numeralAt(text, position, commas) ?? numberWordsAt(text, position);
}

/** What a comma means inside the parentheses that are open: it parts thousands, or a function's numbers. */
class Commas {
  private readonly parentheses: { several: boolean; spaced: boolean; tight: boolean }[] = [];

  get partThousands(): boolean {
    return !this.parentheses.at(-1)?.several;
  }

  open(several: boolean): void {
    this.parentheses.push({ several, spaced: false, tight: false });
  }

  close(): void {
    this.parentheses.pop();
  }

  /** `max(1,200, 5)` looks like 1200 and 5, and is three numbers. */
  see(around: string): void {
    const inside = this.parentheses.at(-1);
    if (!inside?.several) return;
    if (/^., /.test(around)) inside.spaced = true;
    if (/^\d,\d{3}(?!\d)/.test(around)) inside.tight = true;
    if (inside.spaced && inside.tight)
      throw new ToolError('unclear: between the parentheses of a function write numbers without commas');
  }
}

function readSign(sign: string): Sign {
  if (sign === '**') return '^';
  if (sign === '->') return 'to';
  if (sign === '[' || sign === '{') throw new ToolError('only round parentheses are understood');
  if (!'+-*/^(),!%√∛∜'.includes(sign)) throw new ToolError(`\`${sign}\` is not part of an expression`);
  return sign as Sign;
}

/** A run of letters, with digits only where a known name has them (`log10`, `m2`), so that `3x4` is three tokens. */
function wordAt(text: string, position: number): string {
  const rest = text.slice(position);
  const degree = /^(?:° ?[CF]|deg(?:rees?)? (?:[CF]|celsius|centigrade|fahrenheit))(?![A-Za-z])/i.exec(rest)?.[0];
  if (degree !== undefined) return degree;
  const special =
    /^(?:['"°π]|[의원]|x(?=[\s\d(.]|$)|(?:log10|log1p|log2|atan2|[kcmd]?m[23]|ft2|in2)(?![A-Za-z\d]))/i.exec(rest)?.[0];
  return special ?? /^(?:[A-Za-zµΩ]+|[가-힣]+?(?=의|[^가-힣]|$)|[\p{L}])/u.exec(rest)![0];
}

function readWord(word: string, text: string, end: number, last: Token | undefined): Token {
  const lower = word.toLowerCase();
  const afterOperand = last !== undefined && (last.kind !== 'sign' || ')!%'.includes(last.text));
  if (lower === 'mod' && text[end] === '(' && !afterOperand) return { kind: 'name', text: word };
  if (lower === 'x' && isTimes(text, end)) return { kind: 'sign', text: '*' };
  if (Object.hasOwn(WORDS, lower)) return { kind: 'sign', text: WORDS[lower]! };
  return { kind: 'name', text: word };
}

/** Whether the `x` before `end` multiplies: what can be multiplied follows. `2x + 3` has an unknown, `3 x -2` has none. */
function isTimes(text: string, end: number): boolean {
  const spaced = text[end - 2] === ' ' ? /^ +[+-](?! )/.exec(text.slice(end))?.[0].length : undefined;
  const start = end + (spaced ?? /^ */.exec(text.slice(end))![0].length);
  const character = text[start] ?? '';
  if (character === '') return false;
  if (`(√∛∜${CURRENCIES}`.includes(character) || fractionOf(character) || numberAt(text, start, false)) return true;
  if (!/\p{L}/u.test(character)) return false;
  const word = wordAt(text, start).toLowerCase();
  return Object.hasOwn(CONSTANTS, word) || (Object.hasOwn(FUNCTIONS, word) && text[start + word.length] === '(');
}

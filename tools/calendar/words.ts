/** Query → words: months, weekdays, units and numbers recognised, everything else in lower case. */
import { ToolError } from '../tool.js';
import { type CivilDate, type DateUnit, exists, MONTHS, WEEKDAYS } from './civil.js';

export type Word =
  | { kind: 'date'; date: CivilDate } // 2026-03-01
  | { kind: 'number'; value: number; digits: number } // 0: written as a word
  | { kind: 'month'; month: number }
  | { kind: 'weekday'; weekday: number }
  | { kind: 'unit'; unit: DateUnit; plural: boolean }
  | { kind: 'word'; text: string }
  | { kind: 'end' };

const TOKEN =
  /(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d\-/.:])|(\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:st|nd|rd|th)?(?![\d\p{L}/:])|[\p{L}]+|\S/uy;
const NUMBERS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );
const UNITS: Record<string, DateUnit> = { d: 'day', wk: 'week', wks: 'week', yr: 'year', yrs: 'year' };
for (const unit of ['day', 'week', 'month', 'year'] as const) UNITS[unit] = UNITS[`${unit}s`] = unit;

export function readWords(query: string): Word[] {
  const text = query
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’]s\b/g, '')
    .replace(/[−–—]/g, '-')
    .replace(/(\d)(?=(?:d|days?|wks?|weeks?|months?|yrs?|years?)\b)/g, '$1 ')
    .replace(/[\s?.!]+$/, '')
    .trim();
  const words: Word[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length; ) {
    while (text[TOKEN.lastIndex] === ' ' || /\s/.test(text[TOKEN.lastIndex] ?? '')) TOKEN.lastIndex += 1;
    const match = TOKEN.exec(text);
    if (!match) break;
    words.push(readWord(match));
  }
  words.push({ kind: 'end' });
  return words;
}

function readWord(match: RegExpExecArray): Word {
  const [text, year, , month, day, digits] = match;
  if (year !== undefined) {
    const date = { year: Number(year), month: Number(month), day: Number(day) };
    if (!exists(date)) throw new ToolError(`there is no such date: ${text}`);
    return { kind: 'date', date };
  }
  if (digits !== undefined) {
    const plain = digits.replaceAll(',', '');
    if (plain.length > 7) throw new ToolError(`the number ${digits.slice(0, 12)} is too large`);
    return { kind: 'number', value: Number(plain), digits: plain.length };
  }
  if (/^\d+$/.test(text.slice(0, 1))) throw new ToolError(UNCLEAR_DATE);
  if (Object.hasOwn(UNITS, text)) return { kind: 'unit', unit: UNITS[text]!, plural: text.endsWith('s') };
  if (NUMBERS.includes(text)) return { kind: 'number', value: NUMBERS.indexOf(text), digits: 0 };
  if (text === 'may' || text.length >= 3) {
    const fits = (name: string) => name.toLowerCase() === text || name.slice(0, 3).toLowerCase() === text;
    const index = MONTHS.findIndex(fits);
    if (index >= 0) return { kind: 'month', month: index + 1 };
    if (text === 'sept') return { kind: 'month', month: 9 };
    const weekdayIndex = WEEKDAYS.findIndex((name) => fits(name) || name.toLowerCase() === text.replace(/s$/, ''));
    if (weekdayIndex >= 0) return { kind: 'weekday', weekday: weekdayIndex };
    if (/^(tues|weds|thur|thurs)$/.test(text))
      return { kind: 'weekday', weekday: ['tues', 'weds', 'thur'].findIndex((start) => text.startsWith(start)) + 2 };
  }
  return { kind: 'word', text };
}

export const UNCLEAR_DATE = 'unclear date: write 2026-03-01 or March 1, 2026';

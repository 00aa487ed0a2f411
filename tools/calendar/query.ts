/** Reads the query language and answers it. Knows one day, today; no clock. */
import { ToolError } from '../tool.js';
import {
  add,
  between,
  type CivilDate,
  type DateUnit,
  dayNumber,
  exists,
  formatDate,
  formatDay,
  MONTHS,
  weekday,
} from './civil.js';
import { readWords, UNCLEAR_DATE, type Word } from './words.js';

/** Which year a date without one is in. */
type Nearness =
  | { in: 'this year' }
  | { onOrAfter: CivilDate } // the first such day
  | { onOrBefore: CivilDate }; // the last such day

/** Answers anything but the time of day: a date, or the time between two. */
export function answer(query: string, today: CivilDate): string {
  return new Query(readWords(query), today).answer();
}

class Query {
  private position = 0;
  /** Whether the date just read had no year. */
  private withoutYear = false;

  constructor(
    private readonly words: Word[],
    private readonly today: CivilDate,
  ) {}

  answer(): string {
    this.skip('how', 'many');
    const result = this.next().kind === 'unit' && !this.isDayAfter() ? this.readMeasure() : this.readQuestion();
    const rest = this.next();
    if (rest.kind !== 'end') throw this.unclear();
    return result;
  }

  private readQuestion(): string {
    this.skip(
      'what',
      'which',
      'when',
      'day',
      'weekday',
      'date',
      'of',
      'the',
      'week',
      'is',
      'was',
      'will',
      'be',
      'for',
      'on',
      'it',
    );
    return formatDate(this.readDate({ in: 'this year' }));
  }

  /** `days from A to B`, `weeks between A and B`, `months until A`, `years since A` */
  private readMeasure(): string {
    const { unit } = this.take() as { unit: DateUnit };
    this.skip('are', 'is', 'there', 'left', 'remaining', 'passed', 'have');
    if (this.takeWord('from', 'between')) return this.readRange(unit);
    if (this.takeWord('until', 'till', 'to', 'before')) {
      const date = this.readDate({ onOrAfter: this.today });
      if (dayNumber(date) < dayNumber(this.today)) throw new ToolError(`${formatDay(date)} has already passed`);
      return between(this.today, date, unit);
    }
    if (this.takeWord('since', 'after')) {
      const date = this.readDate({ onOrBefore: this.today });
      if (dayNumber(date) > dayNumber(this.today)) throw new ToolError(`${formatDay(date)} is still to come`);
      return between(date, this.today, unit);
    }
    throw new ToolError(`say from which date to which, as in: ${unit}s from March 1, 2026 to May 9, 2026`);
  }

  private readRange(unit: DateUnit): string {
    const start = this.position;
    let first = this.readDate({ in: 'this year' }, true);
    const firstWithoutYear = this.withoutYear;
    if (!this.takeWord('to', 'until', 'till', 'and', '-')) throw this.unclear();
    const second = this.readDate({ onOrAfter: first });
    if (firstWithoutYear && !this.withoutYear) {
      const end = this.position;
      this.position = start;
      first = this.readDate({ onOrBefore: second }, true);
      this.position = end;
    }
    return between(first, second, unit);
  }

  /** A day, then any number of `+ 3 weeks`; or the duration first: `3 weeks after A`, `in 3 weeks`, `3 weeks ago`. */
  private readDate(near: Nearness, lenient = false): CivilDate {
    this.skip('the', 'on');
    let date = this.readDurationFirst(near) ?? this.readDay(near);
    for (;;) {
      const minus = this.isWord('-', 'minus');
      if (!minus && !this.isWord('+', 'plus')) return date;
      if (lenient && minus && this.next(1).kind !== 'number') return date;
      this.take();
      const duration = this.readDuration();
      if (duration === undefined) throw new ToolError('say how much to add: a number of days, weeks, months or years');
      date = shift(date, duration, minus ? -1 : 1);
    }
  }

  private readDurationFirst(near: Nearness): CivilDate | undefined {
    const start = this.position;
    const ahead = this.takeWord('in', 'after');
    const duration = this.readDuration();
    if (duration !== undefined) {
      if (ahead) return shift(this.today, duration, 1);
      if (this.takeWord('ago')) return shift(this.today, duration, -1);
      if (this.takeWord('later')) return shift(this.today, duration, 1);
      const before = this.isWord('before');
      if (this.takeWord('after', 'from', 'before')) return shift(this.readDate(near), duration, before ? -1 : 1);
    }
    this.position = start;
    return undefined;
  }

  /** `3 weeks`, `a year`, `1 year and 2 months`, `day` in `the day after tomorrow`. */
  private readDuration(): [number, DateUnit][] | undefined {
    const duration: [number, DateUnit][] = [];
    if (this.isDayAfter()) return [[1, (this.take() as { unit: DateUnit }).unit]];
    for (;;) {
      const [amount, unit] = [this.next(), this.next(1)];
      const number = amount.kind === 'number' ? amount.value : this.isWord('a', 'an') ? 1 : undefined;
      if (number === undefined || unit.kind !== 'unit') return duration.length > 0 ? duration : undefined;
      duration.push([number, unit.unit]);
      this.position += 2;
      const [and, then] = [this.next(), this.next(1)];
      if (and.kind === 'word' && (and.text === 'and' || and.text === ',') && then.kind === 'number') this.take();
    }
  }

  /** `day after …`, which is a date; `days after …` is the time since. */
  private isDayAfter(): boolean {
    const [unit, after] = [this.next(), this.next(1)];
    if (unit.kind !== 'unit' || unit.plural || after.kind !== 'word' || !/^(after|before)$/.test(after.text))
      return false;
    return this.next(-1).kind !== 'number';
  }

  private readDay(near: Nearness): CivilDate {
    this.withoutYear = false;
    const word = this.take();
    if (word.kind === 'date') return word.date;
    if (word.kind === 'month') return this.readMonthFirst(word.month, near);
    if (word.kind === 'number' && word.digits > 0) return this.readDayFirst(word.value, near);
    if (word.kind === 'weekday') return this.readNamedDay(word.weekday, near);
    if (word.kind === 'word') {
      if (word.text === 'today' || word.text === 'now') return this.today;
      if (word.text === 'tomorrow') return add(this.today, 1, 'day');
      if (word.text === 'yesterday') return add(this.today, -1, 'day');
      if (word.text === 'christmas') return this.readChristmas(near);
      if (/^(next|last|this|coming|nextweek)$/.test(word.text)) {
        const day = this.next();
        if (day.kind === 'weekday') {
          this.take();
          return this.readWeekday(day.weekday, word.text);
        }
        throw new ToolError(`unclear: say a weekday after \`${word.text}\`, or a number of days`);
      }
    }
    this.position -= 1;
    throw this.unclear();
  }

  /** `friday`, or `Friday, November 27, 2026`, which must be one. */
  private readNamedDay(wanted: number, near: Nearness): CivilDate {
    const comma = this.takeWord(',');
    const after = this.next().kind;
    if (!comma && after !== 'date' && after !== 'month') return this.readWeekday(wanted, 'this');
    const date = this.readDay(near);
    if (weekday(date) !== wanted) throw new ToolError(`that date is a ${formatDate(date)}`);
    return date;
  }

  /** `friday` is today or the next; `next friday` is after today; `last friday` is before today. */
  private readWeekday(wanted: number, which: string): CivilDate {
    const current = weekday(this.today);
    if (which === 'last') return add(this.today, -((current - wanted + 6) % 7) - 1, 'day');
    if (which === 'nextweek') return add(this.today, 7 - ((current + 6) % 7) + ((wanted + 6) % 7), 'day');
    const ahead = (wanted - current + 7) % 7;
    return add(this.today, ahead === 0 && which === 'next' ? 7 : ahead, 'day');
  }

  private readChristmas(near: Nearness): CivilDate {
    const eve = this.takeWord('eve');
    if (!eve && this.next().kind === 'unit') this.take();
    return this.complete(12, eve ? 24 : 25, near);
  }

  /** March 1, 2026 */
  private readMonthFirst(month: number, near: Nearness): CivilDate {
    this.takeWord('.');
    const day = this.next();
    if (day.kind !== 'number' || day.digits === 0 || day.value > 31)
      throw new ToolError(`say which day of ${MONTHS[month - 1]}`);
    this.take();
    return this.complete(month, day.value, near);
  }

  /** 1 March 2026, 1st of March */
  private readDayFirst(day: number, near: Nearness): CivilDate {
    this.takeWord('.');
    this.takeWord('of');
    const month = this.take();
    if (month.kind === 'unit' || (month.kind === 'end' && day < 1000)) throw this.unclear();
    if (month.kind !== 'month' || day > 31) throw new ToolError(UNCLEAR_DATE);
    return this.complete(month.month, day, near);
  }

  private complete(month: number, day: number, near: Nearness): CivilDate {
    const [comma, after] = [this.next(), this.next(1)];
    const hasComma = comma.kind === 'word' && (comma.text === ',' || comma.text === 'of');
    const year = hasComma ? after : comma;
    if (year.kind === 'number' && year.digits > 0 && this.next(hasComma ? 2 : 1).kind !== 'unit') {
      if (year.digits < 3) throw new ToolError('unclear year: write it in full, as in March 1, 2026');
      this.position += hasComma ? 2 : 1;
      return checked({ year: year.value, month, day });
    }
    this.withoutYear = true;
    if ('in' in near) return checked({ year: this.today.year, month, day });
    const forward = 'onOrAfter' in near;
    const limit = forward ? near.onOrAfter : near.onOrBefore;
    for (let offset = 0; offset <= 9; offset++) {
      const date = { year: limit.year + (forward ? offset : -offset), month, day };
      const distance = dayNumber(date) - dayNumber(limit);
      if (exists(date) && (forward ? distance >= 0 : distance <= 0)) return date;
    }
    return checked({ year: limit.year, month, day });
  }

  private next(offset = 0): Word {
    return this.words[this.position + offset] ?? { kind: 'end' };
  }

  private take(): Word {
    const word = this.next();
    this.position += 1;
    return word;
  }

  private isWord(...texts: string[]): boolean {
    const word = this.next();
    return word.kind === 'word' && texts.includes(word.text);
  }

  private takeWord(...texts: string[]): boolean {
    const found = this.isWord(...texts);
    if (found) this.position += 1;
    return found;
  }

  /** Skips words that ask and say nothing: `what day of the week is …`. A unit counts only between such words. */
  private skip(...texts: string[]): void {
    for (;;) {
      const word = this.next();
      const filler =
        word.kind === 'word'
          ? texts.includes(word.text)
          : word.kind === 'unit' && texts.includes(word.unit) && !this.isDayAfter();
      if (!filler) return;
      this.position += 1;
    }
  }

  private unclear(): ToolError {
    const word = this.next();
    if (word.kind === 'end') return new ToolError('a date is missing');
    if (word.kind === 'number')
      return new ToolError(`unclear: ${word.value} of what? Say days, weeks, months or years, or write a whole date`);
    const text = word.kind === 'word' ? word.text : word.kind === 'unit' ? `${word.unit}s` : undefined;
    return new ToolError(text === undefined ? UNCLEAR_DATE : `\`${text.slice(0, 30)}\` is not understood here`);
  }
}

/** Years and months together first, so that the day is cut to a month's length only once. */
function shift(date: CivilDate, duration: [number, DateUnit][], sign: 1 | -1): CivilDate {
  const total = { year: 0, month: 0, week: 0, day: 0 };
  for (const [number, unit] of duration) total[unit] += sign * number;
  return add(add(date, total.year * 12 + total.month, 'month'), total.week * 7 + total.day, 'day');
}

function checked(date: CivilDate): CivilDate {
  if (!exists(date)) throw new ToolError(`there is no such date: ${MONTHS[date.month - 1]} ${date.day}, ${date.year}`);
  return date;
}

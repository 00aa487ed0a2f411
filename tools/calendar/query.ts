/** Reads the query language and answers it: a question for a day, or for the time between two. Knows no clock. */
import { ToolError } from '../tool.js';
import { add, between, type CivilDate, type DateUnit, dayNumber, formatDate, formatDay } from './civil.js';
import { DayReader, type Nearness } from './day-reader.js';
import { readWords } from './words.js';

/** Answers anything but the time of day: a date, or the time between two. */
export function answer(query: string, today: CivilDate): string {
  return new Query(readWords(query), today).answer();
}

class Query extends DayReader {
  answer(): string {
    this.skip('how', 'many');
    const isMeasure = this.next().kind === 'unit' && !this.isDayAfter() && !this.isUnitBefore('of'); // `day of week …`
    const result = isMeasure ? this.readMeasure() : this.readQuestion();
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
    this.skip('are', 'is', 'it', 'there', 'left', 'remaining', 'passed', 'have');
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
    const { withoutYear: firstWithoutYear, onlyWeekday } = this;
    if (!this.takeWord('to', 'until', 'till', 'and', '-')) throw this.unclear();
    const second = this.readDate({ onOrAfter: first });
    const passed = dayNumber(second) < dayNumber(first); // `from Monday to today`: the last Monday
    if (onlyWeekday ? passed : firstWithoutYear && !this.withoutYear) {
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
}

/** Years and months together first, so that the day is cut to a month's length only once. */
function shift(date: CivilDate, duration: [number, DateUnit][], sign: 1 | -1): CivilDate {
  const total = { year: 0, month: 0, week: 0, day: 0 };
  for (const [number, unit] of duration) total[unit] += sign * number;
  return add(add(date, total.year * 12 + total.month, 'month'), total.week * 7 + total.day, 'day');
}

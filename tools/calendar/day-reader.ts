/** Reads one day: a date with or without its year, a weekday, a name such as tomorrow. Knows today. */
import { ToolError } from '../tool.js';
import { add, type CivilDate, dayNumber, exists, formatDate, MONTHS, weekday } from './civil.js';
import { WordReader } from './word-reader.js';
import { UNCLEAR_DATE, type Word } from './words.js';

/** Which year a date without one is in, and which week a weekday. */
export type Nearness =
  | { in: 'this year' } // a weekday: today or the next
  | { onOrAfter: CivilDate } // the first such day
  | { onOrBefore: CivilDate }; // the last such day

export class DayReader extends WordReader {
  /** Whether the date just read had no year. */
  protected withoutYear = false;
  /** Whether it was a weekday and no more. */
  protected onlyWeekday = false;

  constructor(
    words: Word[],
    protected readonly today: CivilDate,
  ) {
    super(words);
  }

  protected readDay(near: Nearness): CivilDate {
    this.withoutYear = false;
    this.onlyWeekday = false;
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

  /** `friday`, or `Friday, November 27, 2026` and `Friday 27 November 2026`, which must be one. */
  private readNamedDay(wanted: number, near: Nearness): CivilDate {
    const comma = this.takeWord(',') || this.takeWord('the');
    const after = this.next().kind;
    const dayFirst = after === 'number' && this.next(1).kind !== 'unit';
    if (!comma && !dayFirst && after !== 'date' && after !== 'month') return this.nearest(wanted, near);
    const date = this.readDay(near);
    if (weekday(date) !== wanted) throw new ToolError(`that date is a ${formatDate(date)}`);
    return date;
  }

  /** `friday` alone: today or the next, or the one nearest to the other end of a time. */
  private nearest(wanted: number, near: Nearness): CivilDate {
    this.onlyWeekday = true;
    if ('onOrBefore' in near) return add(near.onOrBefore, -((weekday(near.onOrBefore) - wanted + 7) % 7), 'day');
    const isLater = 'onOrAfter' in near && dayNumber(near.onOrAfter) > dayNumber(this.today);
    const first = isLater ? near.onOrAfter : this.today;
    return add(first, (wanted - weekday(first) + 7) % 7, 'day');
  }

  /** `this friday` is today or the next; `next friday` is after today; `last friday` is before today. */
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
}

function checked(date: CivilDate): CivilDate {
  if (!exists(date)) throw new ToolError(`there is no such date: ${MONTHS[date.month - 1]} ${date.day}, ${date.year}`);
  return date;
}

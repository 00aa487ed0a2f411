/** Dates of the proleptic Gregorian calendar, years 1 to 9999, as plain numbers: no clock, no time zone, no daylight saving. */
import { ToolError } from '../tool.js';

export interface CivilDate {
  year: number;
  /** 1 to 12 */
  month: number;
  day: number;
}

export type DateUnit = 'day' | 'week' | 'month' | 'year';

export const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
export const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

export function exists({ year, month, day }: CivilDate): boolean {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** Days since March 1 of the year 0 (years begin in March, so that the leap day is their last). */
export function dayNumber({ year, month, day }: CivilDate): number {
  const shifted = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return shifted * 365 + Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400) + dayOfYear;
}

export function fromDayNumber(number: number): CivilDate {
  const era = Math.floor(number / 146097);
  const dayOfEra = number - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return { year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day };
}

/** 0 is Sunday. */
export function weekday(date: CivilDate): number {
  return (dayNumber(date) + 3) % 7;
}

/** Months and years keep the day, or take the month's last: January 31 + 1 month is February 28. */
export function add(date: CivilDate, amount: number, unit: DateUnit): CivilDate {
  let sum: CivilDate;
  if (unit === 'day' || unit === 'week') sum = fromDayNumber(dayNumber(date) + amount * (unit === 'week' ? 7 : 1));
  else {
    const months = date.year * 12 + date.month - 1 + amount * (unit === 'year' ? 12 : 1);
    const [year, month] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1];
    sum = { year, month, day: Math.min(date.day, daysInMonth(year, month)) };
  }
  if (!exists(sum)) throw new ToolError('the date is outside the years 1 to 9999');
  return sum;
}

/** The time between two dates, whichever is first: `69 days`, `9 weeks 6 days`, `1 year 3 months 2 days`. */
export function between(one: CivilDate, other: CivilDate, unit: DateUnit): string {
  const [first, second] = dayNumber(one) <= dayNumber(other) ? [one, other] : [other, one];
  const days = dayNumber(second) - dayNumber(first);
  if (unit === 'day') return count(days, 'day');
  if (unit === 'week') return parts([Math.floor(days / 7), 'week'], [days % 7, 'day']);
  let months = (second.year - first.year) * 12 + second.month - first.month;
  const after = (number: number) => dayNumber(add(first, number, 'month'));
  if (months > 0 && after(months) > dayNumber(second)) months -= 1;
  const rest = dayNumber(second) - after(months);
  if (unit === 'month') return parts([months, 'month'], [rest, 'day']);
  return parts([Math.floor(months / 12), 'year'], [months % 12, 'month'], [rest, 'day']);
}

function parts(...amounts: [number, DateUnit][]): string {
  return amounts.flatMap(([number, unit]) => (number > 0 ? [count(number, unit)] : [])).join(' ') || '0 days';
}

function count(number: number, unit: DateUnit): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}

/** `Tuesday, November 24, 2026` */
export function formatDate(date: CivilDate): string {
  return `${WEEKDAYS[weekday(date)]}, ${formatDay(date)}`;
}

/** `November 24, 2026` */
export function formatDay({ year, month, day }: CivilDate): string {
  return `${MONTHS[month - 1]} ${day}, ${year}`;
}

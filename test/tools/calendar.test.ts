import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, between, dayNumber, fromDayNumber, weekday } from '#dist/tools/calendar/civil.js';
import { calendar, ToolError } from '#dist/tools/index.js';

const signal = new AbortController().signal;
const tuesday = calendar({ now: () => new Date('2026-11-24T05:05:00Z'), timeZone: 'Asia/Seoul' });
const ask = async (query: string, tool = tuesday) => tool.run({ query }, { signal });

describe('the calendar', () => {
  it.each([
    ['today', 'Tuesday, November 24, 2026'],
    ['tomorrow', 'Wednesday, November 25, 2026'],
    ['Yesterday', 'Monday, November 23, 2026'],
    ['now', '14:05'],
    ['what time is it?', '14:05'],
    ['December 25, 2026', 'Friday, December 25, 2026'],
    ['2026-03-01', 'Sunday, March 1, 2026'],
    ['2026/3/1', 'Sunday, March 1, 2026'],
    ['2026.3.1', 'Sunday, March 1, 2026'],
    ['1 March 2026', 'Sunday, March 1, 2026'],
    ['the 1st of March, 2026', 'Sunday, March 1, 2026'],
    ['mar 1 2026', 'Sunday, March 1, 2026'],
    ['Friday, November 27, 2026', 'Friday, November 27, 2026'],
    ['March 1', 'Sunday, March 1, 2026'],
    ['weekday of 2026-03-01', 'Sunday, March 1, 2026'],
    ['what day of the week is March 1, 2026?', 'Sunday, March 1, 2026'],
    ['today + 3 weeks', 'Tuesday, December 15, 2026'],
    ['today + three weeks', 'Tuesday, December 15, 2026'],
    ['today plus 1 month minus 2 days', 'Tuesday, December 22, 2026'],
    ['March 3, 2025 - 10 days', 'Friday, February 21, 2025'],
    ['in 3 weeks', 'Tuesday, December 15, 2026'],
    ['3 weeks from today', 'Tuesday, December 15, 2026'],
    ['3 weeks from now', 'Tuesday, December 15, 2026'],
    ['3 weeks after March 1, 2026', 'Sunday, March 22, 2026'],
    ['10 days before March 3, 2025', 'Friday, February 21, 2025'],
    ['10 days ago', 'Saturday, November 14, 2026'],
    ['a week from friday', 'Friday, December 4, 2026'],
    ['the day after tomorrow', 'Thursday, November 26, 2026'],
    ['day after tomorrow', 'Thursday, November 26, 2026'],
    ['the day before yesterday', 'Sunday, November 22, 2026'],
    ['next Friday', 'Friday, November 27, 2026'],
    ['next Tuesday', 'Tuesday, December 1, 2026'],
    ['tuesday', 'Tuesday, November 24, 2026'],
    ['friday', 'Friday, November 27, 2026'],
    ['last Monday', 'Monday, November 23, 2026'],
    ['last Tuesday', 'Tuesday, November 17, 2026'],
    ['1 year and 2 months after 2024-02-29', 'Tuesday, April 29, 2025'],
    ['오늘', 'Tuesday, November 24, 2026'],
    ['내일', 'Wednesday, November 25, 2026'],
    ['2026년 3월 1일', 'Sunday, March 1, 2026'],
    ['3월 1일은 무슨 요일이야?', 'Sunday, March 1, 2026'],
    ['오늘 + 3주', 'Tuesday, December 15, 2026'],
    ['오늘부터 3주 후', 'Tuesday, December 15, 2026'],
    ['3일 전', 'Saturday, November 21, 2026'],
    ['다음 주 금요일', 'Friday, December 4, 2026'],
    ['지난 월요일', 'Monday, November 23, 2026'],
    ['지금', '14:05'],
    ["what's the time?", '14:05'],
    ['what time is it now?', '14:05'],
    ['지금 몇 시야?', '14:05'],
    ['지금 시간은?', '14:05'],
    ["today's date", 'Tuesday, November 24, 2026'],
    ["what is today's date?", 'Tuesday, November 24, 2026'],
    ['current date', 'Tuesday, November 24, 2026'],
    ['date', 'Tuesday, November 24, 2026'],
    ['what day of the week is it?', 'Tuesday, November 24, 2026'],
    ['Friday 27 November 2026', 'Friday, November 27, 2026'],
    ['Friday the 27th of November', 'Friday, November 27, 2026'],
    ['1,000 days after January 1, 2025', 'Tuesday, September 28, 2027'],
    ['January 1,2025', 'Wednesday, January 1, 2025'],
    ['today + 3weeks', 'Tuesday, December 15, 2026'],
    ['day of week 2026-12-25', 'Friday, December 25, 2026'],
  ])('answers `%s` with %s', async (query, result) => {
    expect(await ask(query)).toBe(result);
  });

  it.each([
    ['days from March 1, 2026 to May 9, 2026', '69 days'],
    ['days between May 9, 2026 and March 1, 2026', '69 days'],
    ['weeks from March 1, 2026 to May 9, 2026', '9 weeks 6 days'],
    ['months from March 1, 2026 to May 9, 2026', '2 months 8 days'],
    ['years from March 1, 2026 to June 3, 2027', '1 year 3 months 2 days'],
    ['days from March 1 to May 9, 2025', '69 days'],
    ['days from December 20 to January 5', '16 days'],
    ['days from today to December 25', '31 days'],
    ['days until December 25', '31 days'],
    ['how many days until December 25?', '31 days'],
    ['days until Christmas', '31 days'],
    ['days until March 1', '97 days'],
    ['days until next friday', '3 days'],
    ['days until February 29', '462 days'],
    ['weeks until December 25', '4 weeks 3 days'],
    ['days since May 5, 2020', '2394 days'],
    ['days since December 25', '334 days'],
    ['years since May 5, 2020', '6 years 6 months 19 days'],
    ['days until tomorrow', '1 day'],
    ['months until today', '0 days'],
    ['how many days is it until Friday', '3 days'],
    ['days from Monday to Friday', '4 days'],
    ['월요일부터 금요일까지 며칠', '4 days'],
    ['days from Friday to Monday', '3 days'],
    ['days from Monday to today', '1 day'],
    ['days from Monday to December 25, 2026', '25 days'],
    ['days from last Monday to Friday', '4 days'],
    ['days from March 1 to Friday', '271 days'],
    ['days since Friday', '4 days'],
    ['days since Monday', '1 day'],
    ['days until Tuesday', '0 days'],
    ['12월 25일까지 며칠', '31 days'],
    ['12월 25일까지 몇 주 남았어?', '4 weeks 3 days'],
    ['2026년 3월 1일부터 2026년 5월 9일까지 며칠', '69 days'],
  ])('counts `%s`: %s', async (query, result) => {
    expect(await ask(query)).toBe(result);
  });

  it.each([
    ['January 31, 2026 + 1 month', 'Saturday, February 28, 2026'],
    ['January 31, 2028 + 1 month', 'Tuesday, February 29, 2028'],
    ['February 29, 2028 + 1 year', 'Wednesday, February 28, 2029'],
    ['February 29, 2028 - 4 years', 'Thursday, February 29, 2024'],
    ['March 31, 2026 - 1 month', 'Saturday, February 28, 2026'],
    ['December 31, 2026 + 2 months', 'Sunday, February 28, 2027'],
    ['0001-01-01', 'Monday, January 1, 1'],
    ['December 31, 9999', 'Friday, December 31, 9999'],
  ])('keeps within months and years: %s is %s', async (query, result) => {
    expect(await ask(query)).toBe(result);
  });

  it.each([
    ['', 'a date is missing'],
    ['the 5th', 'a date is missing'],
    ['foo', '`foo` is not understood here'],
    ['1.3.2026', 'unclear date: write 2026-03-01 or March 1, 2026'],
    ['3/4/2026', 'unclear date: write 2026-03-01 or March 1, 2026'],
    ['March 2026', 'say which day of March'],
    ['March 1, 26', 'unclear year: write it in full, as in March 1, 2026'],
    ['February 29, 2026', 'there is no such date: February 29, 2026'],
    ['2026-13-01', 'there is no such date: 2026-13-01'],
    ['Monday 27 November 2026', 'that date is a Friday, November 27, 2026'],
    ['1,00 days after today', 'unclear date: write 2026-03-01 or March 1, 2026'],
    ['Monday, November 27, 2026', 'that date is a Friday, November 27, 2026'],
    ['today + 3', 'say how much to add: a number of days, weeks, months or years'],
    ['today + 1.5 weeks', 'say how much to add: a number of days, weeks, months or years'],
    ['next week', 'unclear: say a weekday after `next`, or a number of days'],
    ['days until May 5, 2020', 'May 5, 2020 has already passed'],
    ['days since May 5, 2030', 'May 5, 2030 is still to come'],
    ['days', 'say from which date to which, as in: days from March 1, 2026 to May 9, 2026'],
    ['December 31, 9999 + 1 day', 'the date is outside the years 1 to 9999'],
    ['today - 3000 years', 'the date is outside the years 1 to 9999'],
    ['today + 99999999999 days', 'the number 99999999999 is too large'],
    ['today '.repeat(50), 'the query is longer than 200 characters'],
  ])('refuses `%s`: %s', async (query, message) => {
    await expect(ask(query)).rejects.toThrow(message);
  });

  it('reads any text without failing in another way, and quickly', async () => {
    const words = [
      'today',
      '+',
      '-',
      '3',
      'weeks',
      'days',
      'from',
      'to',
      'until',
      'March',
      ',',
      '2026',
      'next',
      'friday',
      'in',
      'after',
      'day',
      'the',
      '2026-03-01',
      '오늘',
      '3주',
      '후',
      '까지',
      '부터',
      '월',
      '일',
    ];
    const query = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((list) => list.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        const began = process.cpuUsage(); // processor time: the machine may be busy
        const result = await ask(text).catch((error: unknown) => error);
        expect(result instanceof ToolError || typeof result === 'string').toBe(true);
        if (result instanceof ToolError) expect(result.message).not.toMatch(/[\r\n]|undefined/);
        const { user, system } = process.cpuUsage(began);
        expect((user + system) / 1000).toBeLessThan(100);
      }),
      { numRuns: 2000 },
    );
  });

  it('knows the date of its time zone, also around a change of clocks', async () => {
    const at = (instant: string, timeZone: string) => calendar({ now: () => new Date(instant), timeZone });
    expect(await ask('today', at('2026-11-24T15:30:00Z', 'Asia/Seoul'))).toBe('Wednesday, November 25, 2026');
    expect(await ask('today', at('2026-11-24T15:30:00Z', 'America/New_York'))).toBe('Tuesday, November 24, 2026');
    const beforeChange = at('2026-03-28T23:30:00Z', 'Europe/Berlin'); // clocks go forward on March 29
    expect(await ask('now', beforeChange)).toBe('00:30');
    expect(await ask('tomorrow', beforeChange)).toBe('Monday, March 30, 2026');
    expect(await ask('days until March 30, 2026', beforeChange)).toBe('1 day');
  });

  it('refuses a misspelled option, at once', () => {
    expect(() => calendar({ timezone: 'Asia/Seoul' } as object)).toThrow(
      'Expected options among now, timeZone, got `timezone`',
    );
  });

  it('refuses a time zone that does not exist, at once', () => {
    expect(() => calendar({ timeZone: 'Mars/Base' })).toThrow(
      'Expected `timeZone` to be an IANA time zone, got "Mars/Base"',
    );
  });
});

describe('dates', () => {
  const date = fc
    .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
    .map((instant) => ({
      year: instant.getUTCFullYear(),
      month: instant.getUTCMonth() + 1,
      day: instant.getUTCDate(),
    }));
  const utc = ({ year, month, day }: { year: number; month: number; day: number }) => {
    const instant = new Date(0);
    instant.setUTCFullYear(year, month - 1, day);
    return instant;
  };

  it('agree with Date.UTC in day numbers, weekdays and sums', () => {
    fc.assert(
      fc.property(date, date, (one, other) => {
        expect(fromDayNumber(dayNumber(one))).toEqual(one);
        expect(dayNumber(other) - dayNumber(one)).toBe((utc(other).getTime() - utc(one).getTime()) / 86_400_000);
        expect(weekday(one)).toBe(utc(one).getUTCDay());
        expect(add(one, dayNumber(other) - dayNumber(one), 'day')).toEqual(other);
      }),
      { numRuns: 2000 },
    );
  });

  it('lie as far apart as what is between them says', () => {
    fc.assert(
      fc.property(date, date, fc.constantFrom('day', 'week', 'month', 'year'), (one, other, unit) => {
        const [first, second] = dayNumber(one) <= dayNumber(other) ? [one, other] : [other, one];
        const amounts = { year: 0, month: 0, week: 0, day: 0 };
        for (const [, number, name] of between(one, other, unit).matchAll(/(\d+) (year|month|week|day)s?/g))
          amounts[name as 'day'] = Number(number);
        const months = add(first, amounts.year * 12 + amounts.month, 'month');
        expect(add(months, amounts.week * 7 + amounts.day, 'day')).toEqual(second);
      }),
      { numRuns: 2000 },
    );
  });
});

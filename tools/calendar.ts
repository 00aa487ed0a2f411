/** The calendar: today's date and time, weekdays, dates some time ahead or back, the time between dates. */
import { z } from 'zod';
import type { CivilDate } from './calendar/civil.js';
import { fromKorean } from './calendar/korean.js';
import { answer } from './calendar/query.js';
import { defineTool, refuseUnknown, type Tool, ToolError } from './tool.js';

export interface CalendarOptions {
  /** The clock; default the computer's. */
  now?: () => Date;
  /** IANA name, as in `Asia/Seoul`; default the computer's. */
  timeZone?: string;
}

const input = z.object({ query: z.string().describe('What to look up, as in today + 3 weeks') });
const MAXIMUM_CHARACTERS = 200;
const ASKS_FOR_TIME =
  /^(?:what(?:['’]s)? ?)?(?:is )?(?:the )?(?:current )?(?:now|time)(?: is it)?(?: right)?(?: now)?[\s?.!]*$/i;
const ASKS_FOR_TODAY =
  /^(?:what(?:['’]s)? ?)?(?:is )?(?:the )?(?:current |today(?:['’]s)? )?(?:date|day(?: of the week)?)(?: is (?:it|today))?(?: today| now)?[\s?.!]*$/i;

/**
 * | query | result |
 * |---|---|
 * | `today`, `tomorrow`, `December 25, 2026`, `2026-03-01`, `1 March 2026` | `Tuesday, November 24, 2026` |
 * | `today + 3 weeks`, `in 3 weeks`, `3 weeks after March 1, 2026`, `10 days ago`, `next Friday` | a date, as above |
 * | `days from March 1, 2026 to May 9, 2026`, `weeks until December 25`, `months since May 5, 2020` | `69 days`, `9 weeks 6 days` |
 * | `now` | `14:05` |
 *
 * The same in Korean: `오늘 + 3주`, `2026년 3월 1일`, `12월 25일까지 며칠`. A date without a year is this year's; after
 * `until` the next such day, after `since` the last. A weekday alone is today or the next; after `since` the last. A
 * month added to January 31 ends on February's last day.
 */
export function calendar(options: CalendarOptions = {}): Tool<typeof input> {
  refuseUnknown(options, ['now', 'timeZone']);
  const { now = () => new Date(), timeZone } = options;
  const clock = zonedClock(timeZone);
  return defineTool({
    name: 'calendar',
    description: "Knows today's date, weekdays and date arithmetic",
    input,
    examples: [
      {
        text: 'Three weeks from today is Tuesday, December 15, 2026.',
        before: ' Tuesday',
        input: { query: 'today + 3 weeks' },
      },
      { text: 'There are 31 days until December 25.', before: ' 31', input: { query: 'days until December 25' } },
      { text: 'March 1, 2026 is a Sunday.', before: ' Sunday', input: { query: 'March 1, 2026' } },
    ],
    run: ({ query }) => {
      if (query.length > MAXIMUM_CHARACTERS)
        throw new ToolError(`the query is longer than ${MAXIMUM_CHARACTERS} characters`);
      const { today, time } = clock(now());
      const text = fromKorean(query).trim();
      if (ASKS_FOR_TIME.test(text)) return time;
      return answer(ASKS_FOR_TODAY.test(text) ? 'today' : text, today);
    },
  });
}

/** What a clock on the wall of `timeZone` shows at an instant. */
function zonedClock(timeZone: string | undefined): (instant: Date) => { today: CivilDate; time: string } {
  const [year, month, day, hour, minute] = ['numeric', 'numeric', 'numeric', '2-digit', '2-digit'] as const;
  let format: Intl.DateTimeFormat;
  try {
    const zone = timeZone === undefined ? {} : { timeZone };
    const fields = { year, month, day, hour, minute, hourCycle: 'h23', calendar: 'gregory' } as const;
    format = new Intl.DateTimeFormat('en-US', { ...zone, ...fields });
  } catch {
    throw new TypeError(`Expected \`timeZone\` to be an IANA time zone, got ${JSON.stringify(timeZone)}`);
  }
  return (instant) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const today = { year: Number(parts.year), month: Number(parts.month), day: Number(parts.day) };
    return { today, time: `${parts.hour}:${parts.minute}` };
  };
}

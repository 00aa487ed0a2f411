/** Korean queries → the same in English words. Knows no dates. */
import { MONTHS, WEEKDAYS } from './civil.js';

const WORDS: [pattern: RegExp, english: string][] = [
  [
    /(?:지금|현재)?\s*(?:시각|시간)?(?:은|는|이|가)?\s*몇\s*시(?!간)\S*|(?:지금|현재)\s*(?:시각|시간)(?:은|는)?|지금/g,
    ' now ',
  ],
  [/오늘/g, ' today '],
  [/내일\s*모레|모레/g, ' today + 2 days '],
  [/내일/g, ' tomorrow '],
  [/그저께|그제/g, ' today - 2 days '],
  [/어제/g, ' yesterday '],
  [/다음\s*주\s*(?=[A-Z])/g, ' nextweek '],
  [/다음|오는/g, ' next '],
  [/지난/g, ' last '],
  [/이번\s*주|이번/g, ' this '],
  [/크리스마스/g, ' December 25 '],
];
const UNITS: [RegExp, string][] = [
  [/(\d+)\s*일\s*간?(?!요일)/g, ' $1 days '],
  [/(\d+)\s*주일?\s*간?/g, ' $1 weeks '],
  [/(\d+)\s*(?:개월|달)\s*간?/g, ' $1 months '],
  [/(\d+)\s*년\s*간?/g, ' $1 years '],
];
const MEASURES: [RegExp, string][] = [
  [/몇\s*주/, 'weeks'],
  [/몇\s*(?:개월|달)/, 'months'],
  [/몇\s*년/, 'years'],
];

/** `오늘 + 3주` → `today + 3 weeks`; a query without Hangul comes back as it is. */
export function fromKorean(query: string): string {
  if (!/\p{Script=Hangul}/u.test(query)) return query;
  let text = query.normalize('NFKC').replace(/[?.!\s]+$/, '');
  const measure = MEASURES.find(([pattern]) => pattern.test(text))?.[1] ?? 'days';
  text = text
    .replace(
      /(?:은|는|이|가)?\s*(?:며칠|몇\s*(?:일|주|개월|달|년))(?:\s*(?:남았|지났|걸리|이)\S*|\s*(?:후|전))?\s*$/,
      '',
    )
    .replace(/\s*(?:은|는|이|의)?\s*무슨\s*요일\s*\S*$/, '')
    .replace(/\s*(?:의\s*)?(?:날짜|요일)(?:은|는)?\s*$/, (ending) =>
      /[월화수목금토일]요일/.test(text.slice(-3)) ? ending : '',
    )
    .replace(/(\d{4})\s*년\s*(\d{1,2})\s*월\s*(\d{1,2})\s*일/g, ' $1-$2-$3 ')
    .replace(/(\d{1,2})\s*월\s*(\d{1,2})\s*일/g, (all, month, day) =>
      MONTHS[Number(month) - 1] === undefined ? all : ` ${MONTHS[Number(month) - 1]} ${day} `,
    )
    .replace(/([일월화수목금토])요일/g, (_, name) => ` ${WEEKDAYS['일월화수목금토'.indexOf(name)]} `);
  for (const [pattern, english] of [...WORDS, ...UNITS]) text = text.replace(pattern, english);
  return clean(arrange(text, measure));
}

/** Korean says what is asked last; English says it first. */
function arrange(text: string, measure: string): string {
  const range = /^(.+?)(?:(?:으?로)?부터|에서)(.+?)까지\s*$/.exec(text);
  if (range) return `${measure} from ${range[1]} to ${range[2]}`;
  const shift =
    /^(?:(.+?)(?:(?:으?로)?부터|에서|의|\s)\s+)?((?:\d+ (?:days|weeks|months|years)\s*)+)\s*(후|뒤|전)(?:에)?\s*$/.exec(
      clean(text),
    );
  if (shift) return `${shift[1] ?? 'today'} ${shift[3] === '전' ? '-' : '+'} ${shift[2]}`;
  const until = /^(.+?)까지\s*$/.exec(text);
  if (until) return `${measure} until ${until[1]}`;
  const since = /^(.+?)(?:(?:으?로)?부터|에서|이후)\s*$/.exec(text);
  return since ? `${measure} since ${since[1]}` : text;
}

function clean(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

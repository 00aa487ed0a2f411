/** Language names → codes: `French`, `français`, `프랑스어`, `fr`, `FR-ca`, `traditional Chinese`. Knows no translation service. */
import { ToolError } from '../tool.js';
import { ISO_639_3 } from './iso-639.js';

/** What the names of Intl leave out. */
const OTHER_NAMES: Record<string, string> = {
  mandarin: 'zh',
  'mandarin chinese': 'zh',
  'chinese simplified': 'zh-Hans',
  'chinese traditional': 'zh-Hant',
  'taiwanese mandarin': 'zh-Hant',
  간체: 'zh-Hans',
  번체: 'zh-Hant',
  简体中文: 'zh-Hans',
  繁體中文: 'zh-Hant',
  cantonese: 'yue',
  'portuguese brazil': 'pt-BR',
  'american english': 'en-US',
  'british english': 'en-GB',
  castilian: 'es',
  farsi: 'fa',
  flemish: 'nl',
  tagalog: 'fil',
  pilipino: 'fil',
  gaelic: 'gd',
  'scots gaelic': 'gd',
  haitian: 'ht',
  'bahasa indonesia': 'id',
  'bahasa melayu': 'ms',
  norwegian: 'no',
  burmese: 'my',
  uyghur: 'ug',
  bangla: 'bn',
  bengali: 'bn',
  odia: 'or',
  oriya: 'or',
  kirghiz: 'ky',
  ladino: 'lad',
  한국말: 'ko',
  조선말: 'ko',
};
const REGIONAL = [
  'zh-Hans',
  'zh-Hant',
  'pt-BR',
  'pt-PT',
  'en-US',
  'en-GB',
  'fr-CA',
  'es-MX',
  'sr-Latn',
  'fil',
  'yue',
  'ceb',
  'haw',
  'hmn',
  'ast',
];

/** The BCP 47 code, in its canonical spelling, of a language named in English, in Korean, in itself, or by a code. */
export function languageCode(language: string): string {
  const name = key(language);
  if (Object.hasOwn(OTHER_NAMES, name)) return OTHER_NAMES[name]!;
  const code = readCode(language.trim().replaceAll('_', '-')) ?? namesIn('en').get(name) ?? namesIn('ko').get(name);
  const found = code ?? ownNames().get(name);
  if (found !== undefined) return found;
  throw new ToolError(`\`${language.trim().replace(/\s+/g, ' ').slice(0, 40)}\` is not a known language`);
}

/** The language without script or region: `zh` of `zh-Hant`. */
export function baseLanguage(code: string): string {
  return code.split('-')[0]!;
}

function readCode(text: string): string | undefined {
  if (!/^[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i.test(text)) return undefined;
  const code = Intl.getCanonicalLocales(text)[0]!;
  const name = display('en').of(baseLanguage(code));
  if (name === undefined || name === baseLanguage(code)) return undefined; // no language has this code
  if (baseLanguage(code) !== 'zh' || code === 'zh') return code;
  return `zh-${new Intl.Locale(code).maximize().script}`; // `zh-TW`, `zh-MO` and `zh-Hant-TW` are one
}

const indices = new Map<string, Map<string, string>>();

/** Names in one language → codes. */
function namesIn(locale: string): Map<string, string> {
  let index = indices.get(locale);
  if (index) return index;
  index = new Map();
  const names = display(locale);
  for (const code of codes()) addName(index, names.of(code), code);
  indices.set(locale, index);
  return index;
}

let endonyms: Map<string, string> | undefined;

function ownNames(): Map<string, string> {
  if (endonyms) return endonyms;
  endonyms = new Map();
  for (const code of codes()) addName(endonyms, display(code).of(code), code);
  return endonyms;
}

function addName(index: Map<string, string>, name: string | undefined, code: string): void {
  if (name === undefined || name === code) return;
  const plain = key(name);
  if (!index.has(plain)) index.set(plain, code);
}

function codes(): string[] {
  return [...Object.keys(ISO_639_3), ...REGIONAL];
}

function display(locale: string): Intl.DisplayNames {
  return new Intl.DisplayNames([locale, 'en'], { type: 'language', languageDisplay: 'dialect' });
}

/** Without case, accents, brackets and the word `language`: `Português (Brasil)` → `portugues brasil`. */
function key(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[()（）,]/g, ' ')
    .replace(/^the | language$/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The many characters of one sign, brought down to the few the lexer reads. Not NFKC, which makes `22` of `2²`. */

const SIGNS: Record<string, string> = {
  '×': '*',
  '✕': '*',
  '✖': '*',
  '·': '*',
  '⋅': '*',
  '∙': '*',
  '∗': '*',
  '÷': '/',
  '∕': '/',
  '⁄': '/',
  '➗': '/',
  '−': '-',
  '–': '-',
  '‐': '-',
  '‑': '-',
  '➖': '-',
  '➕': '+',
  '٪': '%',
  '﹪': '%',
  '℃': '°C',
  '℉': '°F',
  '→': ' to ',
  '′': "'",
  '’': "'",
  '″': '"',
  '”': '"',
  '㎞': ' km ',
  '㎝': ' cm ',
  '㎜': ' mm ',
  '㎏': ' kg ',
  '￦': '₩',
  '￡': '£',
  '￥': '¥',
};

export function plainCharacters(text: string): string {
  let plain = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 0xff01 && code <= 0xff5e) plain += String.fromCodePoint(code - 0xfee0);
    else if (Object.hasOwn(SIGNS, character)) plain += SIGNS[character];
    else if (/\s/u.test(character)) plain += ' ';
    else plain += character;
  }
  return plain;
}

/** The two numbers of `¾`; undefined for what is no such character. */
export function fractionOf(character: string): [numerator: string, denominator: string] | undefined {
  if (!/^[¼½¾⅐-⅞]$/.test(character)) return undefined;
  return character.normalize('NFKC').split('⁄') as [string, string];
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `⁻¹²` → `-12`; undefined where `text` does not begin with a superscript. */
export function superscriptAt(text: string, position: number): { digits: string; length: number } | undefined {
  const match = /^⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/.exec(text.slice(position, position + 12));
  if (!match) return undefined;
  const digits = [...match[0]].map((sign) => (sign === '⁻' ? '-' : SUPERSCRIPTS.indexOf(sign))).join('');
  return { digits, length: match[0].length };
}

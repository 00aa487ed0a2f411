/** Texts for fast-check: its own units of strings take seconds to set up. */
import fc from 'fast-check';

/** Any UTF-16 code units, lone surrogates among them. */
export const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });

const GROUPS = [
  ['a', 'Z', '0', '9', ' ', '  ', '\n', '\t', '\u0000', '"', '\\', ',', '(', ')', '<', '>', '{', '}'],
  ['é', 'ß', '½', '×', '한', '글', '쀍', 'م', 'ر', '中', 'の', '\u0301', '\u200D', '\uE000'],
  ['😀', '👩‍👩‍👧', '🇰🇷', '👍🏽', '\u{10FFFF}'],
];

/** Whole characters of many scripts. */
export const anyWords = fc.string({ unit: fc.constantFrom(...GROUPS.flat()) });

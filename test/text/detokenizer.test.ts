import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteTokenizer } from '#dist/src/testing.js';
import { StreamingDetokenizer } from '#dist/src/text/detokenizer.js';
import type { Tokenizer } from '#dist/src/text/tokenizer.js';
import { anyWords } from '../helpers/any-text.js';
import { fixture } from './fixtures.js';

const tokenizers: [string, Tokenizer][] = [
  ['bytes', new ByteTokenizer()],
  ['byte-level', fixture('byte-level').tokenizer],
  ['sentence-piece', fixture('sentence-piece').tokenizer],
];

describe.each(tokenizers)('streaming %s', (_, tokenizer) => {
  const ids = fc.array(fc.nat(tokenizer.vocabularySize - 1));

  test('shows in the end what decoding the whole shows', () => {
    fc.assert(
      fc.property(ids, (ids) => {
        expect(stream(tokenizer, ids).join('')).toBe(whole(tokenizer, ids));
      }),
      {
        numRuns: 500,
      },
    );
  });

  test('never takes back or splits a character', () => {
    fc.assert(
      fc.property(anyWords, (text) => {
        const pieces = stream(tokenizer, tokenizer.encode(text));
        for (const piece of pieces) {
          expect(piece.isWellFormed()).toBe(true);
          if (!text.includes('\uFFFD')) expect(piece).not.toContain('\uFFFD');
        }
      }),
    );
  });
});

test('decoding the whole agrees with the original', () => {
  for (const name of ['byte-level', 'sentence-piece'] as const) {
    const { tokenizer, expected } = fixture(name);
    for (const { ids, decoded } of expected) {
      const text = whole(tokenizer, ids);
      expect(name === 'sentence-piece' ? text.replace(/^ /, '') : text).toBe(decoded);
    }
  }
});

test('half a character that is never finished becomes U+FFFD', () => {
  const tokenizer = new ByteTokenizer();
  const detokenizer = new StreamingDetokenizer(tokenizer);
  const [first, second] = tokenizer.encode('한') as [number, number];
  expect([detokenizer.push(first), detokenizer.push(second), detokenizer.flush()]).toEqual(['', '', '\uFFFD']);
  expect(detokenizer.push(tokenizer.encode('a')[0]!)).toBe('a');
});

test('a byte order mark is a character like any other', () => {
  const tokenizer = new ByteTokenizer();
  expect(stream(tokenizer, tokenizer.encode('\uFEFFa\uFEFFb')).join('')).toBe('\uFEFFa\uFEFFb');
});

function stream(tokenizer: Tokenizer, ids: number[]): string[] {
  const detokenizer = new StreamingDetokenizer(tokenizer);
  return [...ids.map((id) => detokenizer.push(id)), detokenizer.flush()];
}

function whole(tokenizer: Tokenizer, ids: number[]): string {
  const bytes = ids.flatMap((id) => [...(tokenizer.bytesOf(id) ?? [])]);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ModelTokenizer } from '#dist/src/text/tokenizer.js';
import { anyText, anyWords } from '../helpers/any-text.js';
import { fixture } from './fixtures.js';

const names = ['byte-level', 'sentence-piece', 'unigram'] as const;

describe.each(names)('the %s tokenizer', (name) => {
  const { tokenizer, expected, controls, file } = fixture(name);

  test.each(expected)('gives $text the ids that the original gives', ({ text, ids }) => {
    expect(tokenizer.encode(text)).toEqual(ids.filter((id) => !tokenizer.controlIds.has(id)));
  });

  test('never makes a control id of text', () => {
    const pieces = [...controls, '<', '|', '>', '/', 's', ' ', 'a', '\uE000', '\uE001', '0', '▁', '\uD800', '한'];
    const texts = fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...pieces), maxLength: 12 }));
    fc.assert(
      fc.property(texts, (text) => {
        const ids = tokenizer.encode(text);
        expect(ids.filter((id) => tokenizer.controlIds.has(id) || tokenizer.bytesOf(id) === undefined)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('knows its control tokens by their spelling in a template', () => {
    expect(controls.map((token) => tokenizer.controlId(token))).toEqual([...tokenizer.controlIds]);
    const [first, second] = controls as [string, string];
    expect(tokenizer.splitTemplate(`${first}a ${second}${second}`)).toEqual([
      tokenizer.controlId(first),
      'a ',
      tokenizer.controlId(second),
      tokenizer.controlId(second),
    ]);
    expect(tokenizer.splitTemplate('')).toEqual([]);
    expect(tokenizer.controlId('a')).toBeUndefined();
    expect(tokenizer.controlId('<|none|>')).toBeUndefined();
  });

  test('knows its size, and no bytes of what is not in it', () => {
    const { model } = file as unknown as { model: { vocab: object | unknown[] } };
    const size = Array.isArray(model.vocab) ? model.vocab.length : Object.keys(model.vocab).length;
    expect(tokenizer.vocabularySize).toBe(size);
    expect(tokenizer.bytesOf(size)).toBeUndefined();
    for (const id of tokenizer.controlIds) expect(tokenizer.bytesOf(id)).toBeUndefined();
  });
});

describe('text comes back as it was', () => {
  const said = fc.oneof(
    anyWords,
    fc.string({
      unit: fc.constantFrom(
        '한',
        '글',
        '쀍',
        '👩‍👩‍👧',
        'مر',
        ' ',
        '  ',
        '\n',
        '\t',
        'if (a) {',
        'é',
        '\u0301',
        '\u0000',
      ),
    }),
  );

  test('from the byte-level tokenizer', () => {
    const { tokenizer } = fixture('byte-level');
    fc.assert(
      fc.property(said, (text) => {
        expect(decode(tokenizer, tokenizer.encode(text))).toBe(text);
      }),
    );
  });

  test('from the sentence-piece tokenizer, behind the space it begins with', () => {
    const { tokenizer } = fixture('sentence-piece');
    fc.assert(
      fc.property(said, (text) => {
        const decoded = decode(tokenizer, tokenizer.encode(text));
        expect(decoded).toBe(text === '' ? '' : ` ${text}`);
      }),
    );
  });

  test.each(['a\uD800b', '\uDC00', '😀'.slice(0, 1)])('but for lone surrogates, which become U+FFFD: %j', (text) => {
    const { tokenizer } = fixture('byte-level');
    expect(decode(tokenizer, tokenizer.encode(text))).toBe(text.toWellFormed());
  });
});

test('a vocabulary of 150,000 tokens is no trouble', () => {
  const { file } = fixture('byte-level');
  const { model, ...rest } = file as unknown as { model: { vocab: Record<string, number> } };
  const vocab = { ...model.vocab };
  for (let id = Object.keys(vocab).length; id < 150_000; id++) vocab[`<more${id}>`] = id;
  expect(new ModelTokenizer({ ...rest, model: { ...model, vocab } }, {}).vocabularySize).toBe(150_000);
});

test('a tokenizer without added tokens has no control tokens', () => {
  const { file } = fixture('byte-level');
  const { added_tokens, ...rest } = file;
  expect(added_tokens.length).toBeGreaterThan(0);
  const tokenizer = new ModelTokenizer(rest, {});
  expect(tokenizer.controlIds.size).toBe(0);
  expect(tokenizer.splitTemplate('a<|bos|>')).toEqual(['a<|bos|>']);
});

test('a long text without a space is encoded in time', () => {
  const { tokenizer } = fixture('byte-level');
  const start = performance.now();
  expect(tokenizer.encode('ab'.repeat(20_000)).length).toBeGreaterThan(1000);
  expect(performance.now() - start).toBeLessThan(5000);
});

function decode(tokenizer: ModelTokenizer, ids: number[]): string {
  const bytes = ids.flatMap((id) => [...(tokenizer.bytesOf(id) ?? [])]);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

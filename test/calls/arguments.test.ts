import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { formatArguments, parseArguments } from '#dist/src/calls/arguments.js';
import { inputSchema } from '#dist/src/execute-call.js';
import { defineTool } from '#dist/src/index.js';
import { defaultTools } from '#dist/tools/index.js';
import { anyText } from '../helpers/any-text.js';

function schemaOf(input: z.ZodObject) {
  return inputSchema(defineTool({ name: 'it', description: 'it', input, run: () => '' }));
}

test('an id on a schema or on two of its parts leaves the argument where it is', () => {
  const sku = z.string().meta({ id: 'Sku', description: 'of an article' });
  const schema = schemaOf(z.object({ sku, other: sku.optional() }).meta({ id: 'Root' }));
  expect(parseArguments('12345, 7', schema)).toEqual({ sku: '12345', other: '7' });
  expect(schema).toMatchObject({ properties: { sku: { type: 'string', description: 'of an article' } } });
});

test('a text that must meet two schemas is a text', () => {
  const schema = schemaOf(z.object({ sku: z.string().and(z.string().max(5)), count: z.int() }));
  expect(parseArguments('12345, 7', schema)).toEqual({ sku: '12345', count: 7 });
});

const one = schemaOf(z.object({ expression: z.string() }));
const translation = schemaOf(z.object({ text: z.string(), to: z.string(), from: z.string().optional() }));
const numbers = schemaOf(z.object({ count: z.int(), isExact: z.boolean(), of: z.array(z.number()) }));

test('optional arguments come after all others', () => {
  const schema = schemaOf(z.object({ unit: z.string().optional(), limit: z.int().default(5), sku: z.string() }));
  expect(parseArguments('A-17, boxes', schema)).toEqual({ sku: 'A-17', unit: 'boxes' });
  expect(formatArguments({ unit: 'boxes', sku: 'A-17' }, schema)).toBe('A-17, boxes');
});

describe('arguments are read', () => {
  test.each([
    ['37*48', { expression: '37*48' }],
    [' max(3, 4) ', { expression: 'max(3, 4)' }],
    ['"5 miles" to km', { expression: '"5 miles" to km' }],
    ['"5, or 6"', { expression: '5, or 6' }],
    ['say "a", "b"', { expression: 'say "a", "b"' }],
    ['"a", "b"', { expression: '"a", "b"' }],
    ['42', { expression: '42' }],
    ['true', { expression: 'true' }],
    ['null', { expression: 'null' }],
    ['', { expression: '' }],
    ['3만 5천 + 2억', { expression: '3만 5천 + 2억' }],
  ])('whole by a tool with one key: %s', (text, input) => {
    expect(parseArguments(text, one)).toEqual(input);
  });

  test.each([
    ['Good morning, French', { text: 'Good morning', to: 'French' }],
    ['"Good morning, all", fr', { text: 'Good morning, all', to: 'fr' }],
    ['"She said \\"no\\", twice", Korean', { text: 'She said "no", twice', to: 'Korean' }],
    ['"안녕하세요, 여러분", English, Korean', { text: '안녕하세요, 여러분', to: 'English', from: 'Korean' }],
    ['Hello, 한국어, ', { text: 'Hello', to: '한국어' }],
    ['"line\\nbreak", fr', { text: 'line\nbreak', to: 'fr' }],
    ['(one, two), fr', { text: '(one, two)', to: 'fr' }],
    ['smile :), fr', { text: 'smile :)', to: 'fr' }],
    ['"", fr', { text: '', to: 'fr' }],
    [', fr', { text: '', to: 'fr' }],
    ['12, fr', { text: '12', to: 'fr' }],
    ['Hello', { text: 'Hello' }],
    ['', {}],
  ])('in the order of the keys: %s', (text, input) => {
    expect(parseArguments(text, translation)).toEqual(input);
  });

  test.each([
    ['3, true, [1, 2.5]', { count: 3, isExact: true, of: [1, 2.5] }],
    ['-3e2, false, []', { count: -300, isExact: false, of: [] }],
    ['three, "yes", [1', { count: 'three', isExact: 'yes', of: '[1' }], // the schema names what is wrong
  ])('by the types of the schema: %s', (text, input) => {
    expect(parseArguments(text, numbers)).toEqual(input);
  });

  test('as a text where the schema allows a text or another type that it is not', () => {
    const schema = schemaOf(z.object({ name: z.string().nullable(), size: z.union([z.string(), z.number()]) }));
    expect(parseArguments('12, 12', schema)).toEqual({ name: '12', size: 12 });
    expect(parseArguments('null, "12"', schema)).toEqual({ name: null, size: '12' });
  });

  test.each(['a, b, c, d', '"open, fr', 'a, "fr'])('as unreadable: %s', (text) => {
    expect(parseArguments(text, translation)).toBeUndefined();
  });

  test('by a tool without any only where there are none', () => {
    const none = schemaOf(z.object({}));
    expect(parseArguments('  ', none)).toEqual({});
    expect(parseArguments('x', none)).toBeUndefined();
  });

  test('in time that grows with the text', () => {
    const start = performance.now();
    for (const text of ['('.repeat(200_000), '"'.repeat(200_001), `"${'\\'.repeat(200_000)}`, ','.repeat(200_000)]) {
      parseArguments(text, translation);
    }
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('what is written is read back', () => {
  const json = fc.jsonValue({ maxDepth: 2 }).filter((value) => JSON.stringify(value) !== '-0');
  const texts = fc.oneof(
    anyText,
    fc.string({ unit: fc.constantFrom('"', '\\', ',', '(', ')', '[', ']', '{', '}', ' ', '\n', 'a', '1', '한', '😀') }),
    fc.constantFrom('null', 'true', '12', '[1]', '{"a":1}', '"quoted"', ' spaces ', 'NaN', '-', ''),
  );

  test.each([
    ['a text', z.object({ text: z.string() }), fc.record({ text: texts })],
    ['an optional text', z.object({ text: z.string().optional() }), fc.record({ text: texts }, { requiredKeys: [] })],
    ['a text or none', z.object({ text: z.string().nullable() }), fc.record({ text: fc.option(texts) })],
    ['anything', z.object({ value: z.any() }), fc.record({ value: fc.oneof(json, texts) })],
    [
      'three texts, the last two optional',
      z.object({ text: z.string(), to: z.string().optional(), from: z.string().optional() }),
      fc.record({ text: texts, to: texts, from: texts }, { requiredKeys: ['text'] }),
    ],
    [
      'many types',
      z.object({
        text: z.string().optional(),
        count: z.int(),
        share: z.number().nullable(),
        isOn: z.boolean().optional(),
        list: z.array(z.any()),
        rest: z.record(z.string(), z.any()),
        either: z.union([z.string(), z.number()]),
      }),
      fc.record(
        {
          text: texts,
          count: fc.integer(),
          share: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
          isOn: fc.boolean(),
          list: fc.array(json),
          rest: fc.dictionary(
            texts.filter((key) => key !== '__proto__'),
            json,
          ),
          either: fc.oneof(texts, fc.integer()),
        },
        { requiredKeys: ['count', 'share', 'list', 'rest', 'either'] },
      ),
    ],
  ] as [string, z.ZodObject, fc.Arbitrary<Record<string, unknown>>][])('%s', (_, input, values) => {
    const schema = schemaOf(input);
    fc.assert(
      fc.property(values, (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        expect(parseArguments(formatArguments(plain, schema), schema)).toEqual(plain);
      }),
      { numRuns: 500 },
    );
  });

  test.each(
    defaultTools().flatMap((tool) => tool.examples.map((example) => [tool.name, example.input, tool] as const)),
  )('an example of %s: %j', (_, input, tool) => {
    const schema = inputSchema(tool);
    const text = formatArguments(input as Record<string, unknown>, schema);
    expect(parseArguments(text, schema)).toEqual(input);
  });

  test('as a reader would like it: quotes only where they are needed', () => {
    expect(formatArguments({ expression: '37*48' }, one)).toBe('37*48');
    expect(formatArguments({ expression: '"quoted"' }, one)).toBe('"\\"quoted\\""');
    expect(formatArguments({ text: 'Hello', to: 'French' }, translation)).toBe('Hello, French');
    expect(formatArguments({ text: 'Hello, all', to: '한국어' }, translation)).toBe('"Hello, all", 한국어');
    expect(formatArguments({ text: 'Hi', from: 'en' }, translation)).toBe('Hi, , en');
  });
});

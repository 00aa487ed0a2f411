import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { calculator, calendar, defaultTools, defineTool, type Tool, ToolError, translator } from '#dist/tools/index.js';

const stock = {
  name: 'stock',
  description: 'Pieces of an article in stock',
  input: z.object({ sku: z.string(), place: z.string().default('Seoul') }),
  examples: [{ text: 'We still have 12 of A-17.', before: '12', input: { sku: 'A-17' } }],
  run: async ({ sku, place }: { sku: string; place: string }) => `${sku} in ${place}`,
};

describe('defineTool', () => {
  it('fills in what is left out', () => {
    const tool = defineTool({ name: 'now', description: 'The time', input: z.object({}), run: () => 'noon' });
    expect(tool).toMatchObject({ name: 'now', examples: [], timeoutMs: 10_000, approval: 'never' });
    expect('callThreshold' in tool || 'prepare' in tool).toBe(false);
  });

  it('types the input of run by the schema', async () => {
    const tool = defineTool({
      name: 'add',
      description: 'Adds',
      input: z.object({ a: z.number(), b: z.number() }),
      run: ({ a, b }, { signal }) => (signal.aborted ? 0 : a.toFixed(0).length + b),
    });
    expect(await tool.run({ a: 10, b: 3 }, { signal: new AbortController().signal })).toBe(5);
  });

  it('makes tools that stand in one list', () => {
    const tools: Tool[] = [defineTool(stock), calculator(), translator(), calendar()];
    expect(tools.map(({ name }) => name)).toEqual(['stock', 'calculator', 'translator', 'calendar']);
  });

  it.each([
    [{ name: '9lives' }, 'Expected `name` to be a letter or `_`, then at most 63 letters, digits or `_`, got "9lives"'],
    [{ name: 'a'.repeat(65) }, 'Expected `name`'],
    [{ name: 'two words' }, 'Expected `name`'],
    [{ name: undefined }, 'Expected `name`'],
    [{ description: '' }, 'Expected `description` to be one line of text, got ""'],
    [{ description: 'two\nlines' }, 'Expected `description` to be one line of text'],
    [{ input: z.string() }, 'Expected `input` to be an object schema of zod 4'],
    [{ input: { sku: 'string' } }, 'Expected `input` to be an object schema of zod 4, got {"sku":"string"}'],
    [{ run: 'later' }, 'Expected `run` to be a function, got "later"'],
    [{ timeoutMs: 0 }, 'Expected `timeoutMs` to be a number from 1 to 2147483647, got 0'],
    [{ timeoutMs: 3e9 }, 'Expected `timeoutMs` to be a number from 1 to 2147483647, got 3000000000'],
    [{ timeoutMs: Number.NaN }, 'Expected `timeoutMs` to be a number from 1 to 2147483647, got NaN'],
    [{ approval: 'maybe' }, "Expected `approval` to be 'never' or 'ask', got \"maybe\""],
    [{ callThreshold: 2 }, 'Expected `callThreshold` to be a number from 0 to 1, got 2'],
    [{ callThreshold: null }, 'Expected `callThreshold` to be a number from 0 to 1, got null'],
    [{ callThreshold: '0.5' }, 'Expected `callThreshold` to be a number from 0 to 1, got "0.5"'],
    [
      { timeout: 5 },
      'Expected options among name, description, input, examples, timeoutMs, approval, callThreshold, prepare, run, got `timeout`',
    ],
    [{ aproval: 'ask' }, 'got `aproval`'],
    [
      { examples: [{ ...stock.examples[0], before: '13' }] },
      'Expected `examples[0].before` to be a part of "We still have 12 of A-17.", got "13"',
    ],
    [
      { examples: [{ ...stock.examples[0], input: { sku: 17 } }] },
      'Expected `examples[0].input` to be input that fits the schema (sku: ',
    ],
  ])('refuses %o at once', (change, message) => {
    expect(() => defineTool({ ...stock, ...change } as never)).toThrow(message);
  });
});

it('takes a schema that can only be checked asynchronously', () => {
  const input = z.object({ sku: z.string().refine(async (sku) => sku.startsWith('A')) });
  const { text, before } = stock.examples[0]!;
  const examples = [{ text, before, input: { sku: 'A-17' } }];
  expect(defineTool({ ...stock, input, examples, run: () => '' }).examples).toEqual(examples);
});

describe('the default tools', () => {
  it('refuse options that do not exist', () => {
    expect(() => calculator({ precision: 5 } as never)).toThrow('Expected no options, got `precision`');
    expect(() => defaultTools({ calender: {} } as object)).toThrow(
      'Expected options among translator, calendar, got `calender`',
    );
  });

  it('have the lines the embedded model knows', () => {
    const lines = defaultTools().map(({ name, input, description }) => {
      const required = Object.entries(input.shape).flatMap(([key, schema]) =>
        (schema as z.ZodType).safeParse(undefined).success ? [] : [key],
      );
      return `${name}(${required.join(', ')}): ${description}`;
    });
    expect(lines).toEqual([
      'calculator(expression): Works out an arithmetic expression',
      'translator(text, to): Translates a text into another language',
      "calendar(query): Knows today's date, weekdays and date arithmetic",
    ]);
  });

  it('fail with a ToolError of one short line', async () => {
    const error = await Promise.resolve(
      calculator().run({ expression: '1/0' }, { signal: new AbortController().signal }),
    ).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ToolError);
    expect((error as ToolError).message).toBe('division by zero');
  });
});

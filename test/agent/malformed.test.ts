import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { inlineFormat } from '#dist/src/calls/inline.js';
import { defineTool } from '#dist/src/index.js';
import { CallScanner } from '#dist/src/scanner.js';
import { ByteTokenizer } from '#dist/src/testing/byte-tokenizer.js';
import { add, collectParts, only, scripted, stock, textOf } from './helpers.js';

const malformed: [string, string, RegExp][] = [
  ['whose arguments cannot be read', 'add(1, 2, 3)', /arguments \(1, 2, 3\) cannot be read/],
  ['with a quote that stays open', 'add("1, 2)', /cannot be read/],
  ['that does not fit the schema', 'add(one, 2)', /left: /],
  ['that lacks an argument', 'add(1)', /right: /],
  ['without closing parenthesis', 'add(1, 2', /not closed/],
  ['with text after it', 'add(1, 2) or so', /not closed/],
];

describe('a malformed call', () => {
  test.each(malformed)('%s is taken back', async (_, call, error) => {
    const { agent, done, evaluated, model } = await scripted([`It is<|call|>${call}<|result|>`, ' three.']);
    const parts = await collectParts(agent.stream('?'));
    expect(textOf(parts)).toBe('It is three.');
    expect(only(parts, 'tool-call')).toEqual([]);
    const [told] = only(parts, 'tool-error');
    expect(told!.error).toMatch(error);
    expect(told).toMatchObject({ toolName: 'add', input: call });

    const rollback = done.findIndex((one) => 'truncate' in one);
    const stepped = done.slice(rollback).find((one) => 'step' in one);
    expect(stepped).toMatchObject({ step: model.tokenizer.encode('s'), sampling: { opening: { topK: 0 } } });
    expect(evaluated().endsWith(`It is⟨call⟩${call}s three.`)).toBe(true); // one position is stepped again, no more
  });

  test('may be followed by a good one, one token later', async () => {
    const { agent, done } = await scripted(['a<|call|>add(x)<|result|>', 'b<|call|>add(1, 2)<|result|>', 'c']);
    const { text, calls } = await agent.generate('?');
    expect(text).toBe('abc');
    expect(calls.map(({ output, error }) => output ?? error)).toEqual([expect.stringMatching(/left/), '3']);
    const bans = done.flatMap((one) => ('step' in one ? [one.sampling.opening?.topK === 0] : []));
    expect(bans.filter(Boolean)).toHaveLength(1);
  });

  test('at the very beginning of an answer steps the last token of the prompt again', async () => {
    const { agent, evaluated } = await scripted(['<|call|>add(x)<|result|>', 'b']);
    expect((await agent.generate('?')).text).toBe('b');
    expect(evaluated()).toMatch(/⟨assistant⟩⟨call⟩add\(x\)⟨assistant⟩b$/);
  });

  test('right after a result steps the last token of the result again', async () => {
    const { agent, evaluated } = await scripted(['<|call|>add(1, 2)<|result|>', '<|call|>add(x)<|result|>', 'b']);
    expect((await agent.generate('?')).text).toBe('b');
    expect(evaluated()).toMatch(/⟨result⟩3⟨end⟩⟨call⟩add\(x\)⟨end⟩b$/);
  });

  test('that stands in the middle of a character leaves the character whole', () => {
    const tokenizer = new ByteTokenizer();
    const scanner = new CallScanner(inlineFormat(tokenizer, [1])!, tokenizer);
    const [first, second, third] = tokenizer.encode('€');
    const call = tokenizer.encode('stock(');
    const events = [first!, second!, 7, ...call].map((id) => scanner.push(id));
    expect(events.map(({ type }) => type)).toEqual(['text', 'text', 'call-start', ...call.map(() => 'call-delta')]);
    scanner.abandonCall();
    expect(scanner.push(third!)).toEqual({ type: 'text', text: '€' });
  });

  test('is one whose check never settles, once its tool should have answered', async () => {
    const sku = z.string().refine(() => new Promise<boolean>(() => {}));
    const slow = defineTool({ ...stock, input: z.object({ sku }), timeoutMs: 50 });
    const { agent } = await scripted(['a<|call|>stock(x)<|result|>', 'b'], { tools: [slow] });
    expect(await agent.generate('?')).toMatchObject({
      text: 'ab',
      calls: [{ error: 'stock did not answer within 0.05 s' }],
    });
  });

  test('whose check never settles does not hold up an abort', async () => {
    const sku = z.string().refine(() => new Promise<boolean>(() => {}));
    const slow = defineTool({ ...stock, input: z.object({ sku }) });
    const { agent } = await scripted(['a<|call|>stock(x)<|result|>', 'b'], { tools: [slow] });
    const { text, finishReason } = await agent.generate('?', { signal: AbortSignal.timeout(50) });
    expect({ text, finishReason }).toEqual({ text: 'a', finishReason: 'aborted' });
  });

  test('that is never closed is taken back after 256 tokens', async () => {
    const { agent } = await scripted([`a<|call|>stock(${'9'.repeat(400)}`, 'b']);
    const parts = await collectParts(agent.stream('?'));
    expect(textOf(parts)).toBe('ab');
    expect(only(parts, 'tool-error')).toMatchObject([{ toolName: 'stock', error: 'the call was not closed' }]);
    expect(only(parts, 'finish')[0]!.usage).toMatchObject({ outputTokens: 3, rolledBackTokens: 257 });
  });

  test('that the limit of tokens cuts is taken back, and the answer goes on in text', async () => {
    const { agent } = await scripted(['ab<|call|>stock(12345678)', 'cdefghijklmnop']);
    const parts = await collectParts(agent.stream('?', { maxTokens: 10 }));
    expect(textOf(parts)).toBe('abcdefghij');
    expect(only(parts, 'tool-error')).toMatchObject([{ error: 'the call was not closed' }]);
    expect(only(parts, 'finish')[0]!.usage).toMatchObject({ outputTokens: 10, rolledBackTokens: 8 });
  });

  test('that begins with the last token is taken back', async () => {
    const { agent } = await scripted(['ab<|call|>stock(1)', 'c']);
    const parts = await collectParts(agent.stream('?', { maxTokens: 3 }));
    expect(textOf(parts)).toBe('abc');
    expect(only(parts, 'tool-error')).toMatchObject([{ toolName: '', input: '' }]);
  });

  test('that the end of the context cuts is taken back', async () => {
    const { agent } = await scripted(['ab<|call|>stock(123456789012345678901234567890)', 'cdef'], {
      contextLength: 30,
      tools: [{ ...stock, description: 'S' }],
    });
    const { text, finishReason, usage } = await agent.generate('?');
    expect({ text, finishReason }).toEqual({ text: 'abcdef', finishReason: 'stop' });
    expect(usage.rolledBackTokens).toBeGreaterThan(0);
  });

  test('at every turn ends after as many calls as are allowed', async () => {
    const script = Array.from({ length: 20 }, () => 'a<|call|>add(x)<|result|>');
    const { agent } = await scripted(script);
    const parts = await collectParts(agent.stream('?', { maxCalls: 3 }));
    expect(only(parts, 'tool-error')).toHaveLength(3);
    expect(only(parts, 'finish')).toHaveLength(1);
  });

  test('whose schema throws is taken back', async () => {
    const fussy = defineTool({
      name: 'fussy',
      description: 'Fussy',
      input: z.object({
        text: z.string().transform((): string => {
          throw new Error('not today');
        }),
      }),
      run: () => 'never',
    });
    const { agent } = await scripted(['<|call|>fussy(a)<|result|>', 'b'], { tools: [fussy] });
    expect(await agent.generate('?')).toMatchObject({ text: 'b', calls: [{ error: 'not today' }] });
  });

  test('is not kept in the conversation', async () => {
    const { agent } = await scripted(['a<|call|>add(x)<|result|>', 'b']);
    const chat = agent.chat();
    await chat.send('?');
    expect(chat.export().turns).toMatchObject([{ user: '?', answer: [{ type: 'text', text: 'ab' }] }]);
  });
});

test('the name of a tool is constrained to the tools that exist', async () => {
  const { agent, done } = await scripted(['<|call|>xyzadqd(1, 2)<|result|>', 'ok'], { tools: [add] });
  const { calls } = await agent.generate('?');
  expect(calls).toMatchObject([{ toolName: 'add', output: '3' }]);
  const masked = done.filter((one) => 'step' in one && one.sampling.mask !== undefined);
  expect(masked).toHaveLength('add('.length);
});

test('a schema may convert: the tool gets what it makes, parts keep what was written', async () => {
  let got: unknown;
  const due = defineTool({
    name: 'due',
    description: 'Due',
    input: z.object({ date: z.coerce.date(), days: z.coerce.bigint().default(3n) }),
    run: (input) => {
      got = input;
      return 'ok';
    },
  });
  const { agent } = await scripted(['<|call|>due("2024-02-03")<|result|>', '.'], { tools: [due] });
  const { calls } = await agent.generate('?');
  expect(got).toEqual({ date: new Date('2024-02-03'), days: 3n });
  expect(calls).toMatchObject([{ input: { date: '2024-02-03' }, output: 'ok' }]);
});

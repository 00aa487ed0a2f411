import { describe, expect, test } from 'vitest';
import { collectParts, only, scripted, stock, textOf } from './helpers.js';

describe('an answer', () => {
  test('tells its parts in order', async () => {
    const { agent } = await scripted(['We have<|call|>stock(A-17)<|result|>', ' pieces.']);
    const parts = await collectParts(agent.stream('How many?'));
    const kinds = parts.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
    expect(kinds).toEqual([
      'text-delta',
      'tool-input-start',
      'tool-input-delta',
      'tool-call',
      'tool-result',
      'text-delta',
      'finish',
    ]);
    expect(textOf(parts)).toBe('We have pieces.');
    expect(only(parts, 'tool-input-delta').map(({ delta }) => delta)).toEqual(['A', '-', '1', '7']); // the closing parenthesis is the call's own
    const [result] = only(parts, 'tool-result');
    expect(result).toMatchObject({ toolName: 'stock', input: { sku: 'A-17' }, output: '12' });
    const ids = parts.flatMap((part) => ('toolCallId' in part ? [part.toolCallId] : []));
    expect(new Set(ids).size).toBe(1);
    expect(only(parts, 'finish')[0]!.finishReason).toBe('stop');
  });

  test("splices a result's tokens, and only they are evaluated", async () => {
    const { agent, evaluated, done } = await scripted(['We have<|call|>stock(A-17)<|result|>', ' pieces.']);
    await agent.generate('How many?');
    expect(evaluated()).toMatch(/⟨user⟩How many\?⟨assistant⟩We have⟨call⟩stock\(A-17\)⟨result⟩12⟨end⟩ pieces\.$/);
    const entered = done.filter((one) => 'step' in one && one.step.length > 1);
    expect(entered).toHaveLength(2); // the prompt, and the closing mark with the result
    expect(done.some((one) => 'truncate' in one)).toBe(false);
  });

  test('gives a whole answer with its calls', async () => {
    const { agent } = await scripted(['<|call|>add(1, 2)<|result|>', ' and <|call|>stock(B)<|result|>', '.']);
    const { text, calls, finishReason } = await agent.generate('?');
    expect({ text, finishReason }).toEqual({ text: ' and .', finishReason: 'stop' });
    expect(calls.map(({ toolName, input, output }) => ({ toolName, input, output }))).toEqual([
      { toolName: 'add', input: { left: 1, right: 2 }, output: '3' },
      { toolName: 'stock', input: { sku: 'B' }, output: '0' },
    ]);
  });

  test('never shows half a character', async () => {
    const said = '가나다 👩‍👩‍👧 مرحبا ½';
    const { agent } = await scripted([said]);
    const parts = await collectParts(agent.stream('?'));
    const deltas = only(parts, 'text-delta').map(({ text }) => text);
    expect(deltas.join('')).toBe(said);
    for (const delta of deltas) expect(delta).not.toMatch(/\uFFFD/);
    for (const delta of deltas) expect(delta.isWellFormed()).toBe(true);
  });

  test('ends at the limit of tokens without half a character', async () => {
    const { agent } = await scripted(['ab가']);
    const answer = await agent.generate('?', { maxTokens: 4 });
    expect(answer).toMatchObject({ text: 'ab', finishReason: 'length' });
    expect(answer.usage.outputTokens).toBe(4);
  });

  test('ends where the context is full', async () => {
    const { agent } = await scripted(['x'.repeat(500)], { contextLength: 200 });
    const { finishReason, usage } = await agent.generate('?');
    expect(finishReason).toBe('length');
    expect(usage.promptTokens + usage.outputTokens).toBe(201); // the last one is sampled, not evaluated
    expect(usage.evaluatedTokens).toBe(200);
  });

  test('ends where a result fills the context, and says so', async () => {
    const { agent } = await scripted([`${'x'.repeat(60)}<|call|>it(a)<|result|>`, 'never said'], {
      contextLength: 200,
      tools: [{ ...stock, name: 'it', run: () => 'y'.repeat(1000) }],
    });
    const prompt = 'z'.repeat(60);
    const { finishReason, usage, calls } = await agent.generate(prompt);
    expect(finishReason).toBe('length');
    expect(calls[0]!.output).toMatch(/ …$/);
    expect(usage.splicedTokens).toBe(0); // it never went through the model
    expect(usage.evaluatedTokens).toBe(usage.promptTokens + usage.outputTokens - 1);
  });

  test('goes on with a text instead of answering it', async () => {
    const { agent, evaluated } = await scripted([' 29 %)']);
    const { text } = await agent.generate('Out of 1400 participants, 400 (or', { mode: 'complete' });
    expect(text).toBe(' 29 %)');
    expect(evaluated()).toMatch(/⟨text⟩Out of 1400 participants, 400 \(or 29 %\)$/);
  });

  test('reads the system text and the tools before the question', async () => {
    const { agent, evaluated } = await scripted(['Hi.'], { tools: [stock] });
    await agent.generate('Hello', { system: 'Be brief.' });
    expect(evaluated()).toBe(
      '⟨bos⟩⟨system⟩Be brief.⟨tools⟩stock(sku): Pieces of an article in stock\n⟨user⟩Hello⟨assistant⟩Hi.',
    );
  });

  test('leaves the tool list out of the prompt and bans openings where there are no tools', async () => {
    const { agent, evaluated, done } = await scripted(['Hi.'], { tools: [] });
    await agent.generate('Hello');
    expect(evaluated()).toBe('⟨bos⟩⟨user⟩Hello⟨assistant⟩Hi.');
    for (const one of done) if ('step' in one) expect(one.sampling.opening!.topK).toBe(0);
  });

  test('tells how long things took', async () => {
    const slow = { ...stock, run: () => new Promise<string>((resolve) => setTimeout(resolve, 30, '12')) };
    const { agent } = await scripted(['a<|call|>stock(A)<|result|>', 'bcd'], { tools: [slow] });
    const { timing, calls } = await agent.generate('?');
    expect(timing.toolMs).toBeGreaterThan(25);
    expect(calls[0]!.durationMs).toBeCloseTo(timing.toolMs, 0);
    expect(timing.tokensPerSecond).toBeGreaterThan(0);
    expect(timing.firstTokenMs).toBeGreaterThanOrEqual(0);
  });

  test('reports the loading only once', async () => {
    const { agent, model } = await scripted(['a', 'b']);
    model.loadMs = 120;
    expect((await agent.generate('?')).timing.loadMs).toBe(120);
    expect((await agent.generate('?')).timing.loadMs).toBe(0);
  });
});

describe('options', () => {
  test.each([
    [{ temperature: -1 }, 'Expected `temperature` to be a number >= 0, got -1'],
    [{ topP: 0 }, 'Expected `topP` to be a number above 0, at most 1, got 0'],
    [{ maxTokens: 0 }, 'Expected `maxTokens` to be a whole number >= 1, got 0'],
    [{ callThreshold: 2 }, 'Expected `callThreshold` to be a number from 0 to 1, got 2'],
    [{ mode: 'sing' as 'chat' }, "Expected `mode` to be 'chat' or 'complete', got \"sing\""],
  ])('%j is refused, naming what was expected and what was got', async (options, message) => {
    const { agent } = await scripted(['Hi.']);
    await expect(agent.generate('Hello', options)).rejects.toThrow(new TypeError(message));
  });

  test('reach the sampler', async () => {
    const { agent, done } = await scripted(['Hi.']);
    await agent.generate('Hello', { temperature: 0.7, topK: 5, topP: 0.9, seed: 3, callTopK: 10, callThreshold: 0.2 });
    const [first] = done;
    expect(first).toMatchObject({
      sampling: { temperature: 0.7, topK: 5, topP: 0.9, seed: 3, opening: { topK: 10, threshold: 0.2 } },
    });
  });

  test.each(['', '  \n'])('an empty prompt (%j) is refused', async (prompt) => {
    const { agent } = await scripted(['Hi.']);
    await expect(agent.generate(prompt)).rejects.toThrow('Expected a prompt with some text, got none');
  });

  test('a prompt longer than the context is refused with the numbers', async () => {
    const { agent } = await scripted(['Hi.'], { contextLength: 100, tools: [] });
    await expect(agent.generate('x'.repeat(97))).rejects.toThrow(
      "The prompt is too long: 100 tokens, but the model's context holds 100",
    );
    expect((await agent.generate('x'.repeat(96))).text).toBe('Hi');
  });

  test('a prompt as long as a book is refused before it is encoded', async () => {
    const { agent } = await scripted(['Hi.'], { contextLength: 100 });
    await expect(agent.generate('x'.repeat(100_000_000))).rejects.toThrow(
      "The prompt is too long: 100000000 characters, but the model's context holds 100 tokens",
    );
  });
});

import { getEventListeners } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { collectParts, only, scripted, stock, textOf, toolThat } from './helpers.js';

describe('an abort', () => {
  test('before the answer says nothing, and says so', async () => {
    const { agent, model } = await scripted(['abc']);
    const answer = await agent.generate('?', { signal: AbortSignal.abort() });
    expect(answer).toMatchObject({ text: '', calls: [], finishReason: 'aborted' });
    expect(model.engine.evaluated).toEqual([]);
  });

  test('during a step keeps what was said', async () => {
    const controller = new AbortController();
    const { agent } = await scripted(['abcdef']);
    const parts = [];
    for await (const part of agent.stream('?', { signal: controller.signal })) {
      parts.push(part);
      if (textOf(parts) === 'abc') controller.abort();
    }
    expect(textOf(parts)).toBe('abc');
    expect(only(parts, 'finish')).toMatchObject([{ finishReason: 'aborted', usage: { outputTokens: 3 } }]);
  });

  test('in the middle of a call takes the call back', async () => {
    const controller = new AbortController();
    const { agent } = await scripted(['ab<|call|>stock(A-17)<|result|>', 'c', 'more']);
    const chat = agent.chat();
    const parts = [];
    for await (const part of chat.stream('?', { signal: controller.signal })) {
      parts.push(part);
      if (only(parts, 'tool-input-delta').length === 2) controller.abort();
    }
    expect(textOf(parts)).toBe('ab');
    expect(chat.export().turns[0]!.answer).toEqual([{ type: 'text', text: 'ab' }]);
    expect(only(parts, 'finish')[0]).toMatchObject({ finishReason: 'aborted', usage: { outputTokens: 2 } });
  });

  test('at the moment of the call does not run the tool', async () => {
    const controller = new AbortController();
    const run = vi.fn(() => new Promise<string>(() => {}));
    const { agent } = await scripted(['a<|call|>it(x)<|result|>', 'b'], { tools: [toolThat(run)] });
    const parts = [];
    for await (const part of agent.stream('?', { signal: controller.signal })) {
      parts.push(part);
      if (part.type === 'tool-call') controller.abort();
    }
    expect(run).not.toHaveBeenCalled();
    expect(parts.at(-1)).toMatchObject({ finishReason: 'aborted' });
  });

  test('during a tool that pays no heed ends the answer at once', async () => {
    const controller = new AbortController();
    let heard: AbortSignal | undefined;
    const deaf = toolThat((_, { signal }) => {
      heard = signal;
      setTimeout(() => controller.abort(new Error('enough')), 5);
      return new Promise(() => {});
    });
    const { agent } = await scripted(['a<|call|>it(x)<|result|>', 'b'], { tools: [deaf] });
    const answer = await agent.generate('?', { signal: controller.signal });
    expect(answer).toMatchObject({ text: 'a', calls: [], finishReason: 'aborted' });
    expect(heard!.reason).toEqual(new Error('enough'));
  });

  test('during a rollback leaves a context that can go on', async () => {
    const controller = new AbortController();
    const { agent, evaluated } = await scripted(['ab<|call|>stock(1<|result|>', 'never', 'next']);
    const chat = agent.chat();
    const parts = [];
    for await (const part of chat.stream('one', { signal: controller.signal })) {
      parts.push(part);
      if (part.type === 'tool-error') controller.abort();
    }
    expect(textOf(parts)).toBe('ab');
    const before = evaluated().length;
    await chat.send('two');
    expect(evaluated().slice(before)).toMatch(/^b⟨eos⟩⟨user⟩two⟨assistant⟩/); // `b` was due to be stepped again
  });

  test('leaves no listener on a signal that lives longer', async () => {
    const { signal } = new AbortController();
    const { agent } = await scripted(Array.from({ length: 60 }, () => 'a<|call|>stock(1)<|result|>'));
    for (let round = 0; round < 20; round++) await agent.generate('?', { signal, maxCalls: 1 });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('break', () => {
  const script = ['ab<|call|>stock(A-17)<|result|>', 'cd', 'next'];
  const kinds = ['text-delta', 'tool-input-start', 'tool-input-delta', 'tool-call', 'tool-result'] as const;

  test.each(kinds)('at %s keeps what was told, and the next turn goes on from it', async (kind) => {
    const { agent, held } = await scripted(script);
    const chat = agent.chat();
    let said = '';
    for await (const part of chat.stream('one')) {
      if (part.type === 'text-delta') said += part.text;
      if (part.type === kind) break;
    }
    await chat.send('two');
    const result = kind === 'tool-result' ? '⟨call⟩stock(A-17)⟨result⟩12⟨end⟩' : '';
    expect(said).toBe(kind === 'text-delta' ? 'a' : 'ab');
    expect(held()).toContain(`⟨user⟩one⟨assistant⟩${said}${result}⟨eos⟩⟨user⟩two⟨assistant⟩`);

    // A conversation that is resumed from the export reads the same.
    const resumed = await scripted(['again']);
    await resumed.agent.chat({ from: chat.export() }).send('three');
    expect(resumed.held().startsWith(held())).toBe(true);
  });

  test('closes the sequence of a single answer', async () => {
    const { agent, model } = await scripted(script);
    const close = vi.fn(async () => {});
    const open = model.engine.open;
    model.engine.open = async () => Object.assign(await open(), { close });
    for await (const part of agent.stream('?')) if (part.type === 'text-delta') break;
    expect(close).toHaveBeenCalledOnce();
  });

  test('aborts what is still running', async () => {
    const { agent } = await scripted(script);
    const stream = agent.stream('?');
    await stream.next();
    await stream.return();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});

test('a slow reader slows the writer', async () => {
  const { agent, model } = await scripted(['abcdefghij']);
  const stream = agent.stream('?');
  await stream.next();
  const evaluated = model.engine.evaluated.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(model.engine.evaluated.length).toBe(evaluated);
  expect(textOf(await collectParts(stream))).toBe('bcdefghij');
});

test('a tool that is stopped by its own error while the answer is not stays an error of the tool', async () => {
  const { agent } = await scripted(['a<|call|>it(x)<|result|>', 'b'], {
    tools: [toolThat(() => Promise.reject(new DOMException('aborted by the server', 'AbortError'))), stock],
  });
  const { finishReason, calls } = await agent.generate('?');
  expect({ finishReason, error: calls[0]!.error }).toEqual({ finishReason: 'stop', error: 'aborted by the server' });
});

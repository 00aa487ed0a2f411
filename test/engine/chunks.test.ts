import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { KeyValueCache } from '#dist/src/engine/onnx/cache.js';
import { ChunkTimer } from '#dist/src/engine/onnx/chunk-timer.js';
import { OnnxEngine } from '#dist/src/engine/onnx/client.js';
import { HostSequence } from '#dist/src/engine/onnx/host-sequence.js';
import type { ModelSession } from '#dist/src/engine/onnx/session.js';
import { GREEDY, greedy, nonsense } from '../helpers/greedy.js';
import { CONTEXT, convertStories, golden } from '../helpers/stories.js';

describe('chunks are sized by time', () => {
  test('so that one takes about 100 ms', () => {
    const timer = new ChunkTimer();
    expect(timer.size).toBeLessThanOrEqual(64);
    timer.record(32, 32); // 1 ms a token
    expect(timer.size).toBe(100);
    timer.record(100, 50);
    expect(timer.size).toBe(200);
  });

  test('within limits: 16 for slow models, 256 for fast ones', () => {
    const timer = new ChunkTimer();
    timer.record(32, 10_000);
    expect(timer.size).toBe(16);
    timer.record(32, 0.01);
    expect(timer.size).toBe(256);
  });

  test('whatever single tokens take', () => {
    const timer = new ChunkTimer();
    timer.record(100, 100);
    timer.record(1, 50);
    expect(timer.size).toBe(100);
  });
});

describe('on a model that takes 2 ms a token', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('a prompt goes in chunks of about 100 ms, its tokens in order and once', async () => {
    const { sequence, chunks } = slowSequence();
    const prompt = nonsense(300);
    await sequence.step(prompt, GREEDY, () => {});
    expect(chunks.flat()).toEqual(prompt);
    expect(chunks.slice(1).map((chunk) => chunk.length)).toEqual([50, 50, 50, 50, 50, 18]);
    expect(sequence.evaluatedTokens).toBe(300);
  });

  test('a step that is cancelled stops at the next chunk and leaves the finished ones', async () => {
    const { sequence, chunks } = slowSequence();
    const prompt = nonsense(300);
    const reason = new Error('not wanted any more');
    const step = sequence.step(prompt, GREEDY, () => {
      if (chunks.length === 3) throw reason;
    });
    await expect(step).rejects.toBe(reason);
    expect(sequence.length).toBe(chunks.flat().length);
    expect(sequence.length).toBeGreaterThan(100);
    await sequence.step(prompt.slice(sequence.length), GREEDY, () => {});
    expect(chunks.flat()).toEqual(prompt);
  });

  test('scores stop likewise and leave the sequence as it was', async () => {
    const { sequence, chunks } = slowSequence();
    await sequence.step([7], GREEDY, () => {});
    const score = sequence.score(nonsense(200), [], () => {
      if (chunks.length === 3) throw new Error('enough');
    });
    await expect(score).rejects.toThrow('enough');
    expect(sequence.length).toBe(1);
  });
});

describe('an abort', async () => {
  const stories = await convertStories();
  const engine = await OnnxEngine.load(stories.options());
  afterAll(() => engine.close());
  const prompt = nonsense(CONTEXT - 20);
  const expected = await greedy(await engine.open(), prompt, 5);

  /** Other prompts take turns at each chunk: else so small a model is done before an abort can reach it. */
  async function keepBusy(): Promise<() => Promise<void>> {
    const others = await Promise.all(Array.from({ length: 16 }, () => engine.open()));
    const steps = Promise.all(others.map((other) => other.step(prompt, GREEDY)));
    return async () => {
      await steps;
      await Promise.all(others.map((other) => other.close()));
    };
  }

  test('of a long prompt takes effect before its end, and the sequence goes on from the finished chunks', async () => {
    let cut = 0;
    for (let attempt = 0; attempt < 30; attempt++) {
      const sequence = await engine.open();
      const rest = await keepBusy();
      const controller = new AbortController();
      const step = sequence.step(prompt, GREEDY, controller.signal);
      setTimeout(() => controller.abort(new Error('changed my mind')), 10 * (attempt % 10));
      const outcome = await step.catch((error: Error) => error);
      if (outcome instanceof Error) {
        expect(outcome.message).toBe('changed my mind');
        expect(sequence.length).toBe(sequence.evaluatedTokens);
        if (sequence.length > 0) cut++;
      }
      await rest();
      const missing = prompt.slice(sequence.length);
      if (missing.length > 0) expect(await greedy(sequence, missing, 5)).toEqual(expected);
      expect(sequence.evaluatedTokens).toBe(prompt.length + (missing.length > 0 ? 4 : 0));
      await sequence.close();
      if (cut >= 3) return;
    }
    expect(cut).toBeGreaterThan(0);
  });

  test('before the step, or while it waits for another, evaluates nothing', async () => {
    const sequence = await engine.open();
    await expect(sequence.step(prompt, GREEDY, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    const rest = await keepBusy();
    const controller = new AbortController();
    const first = sequence.step(golden.tokens.slice(0, 50), GREEDY);
    const second = sequence.step(prompt.slice(0, 400), GREEDY, controller.signal);
    controller.abort();
    await expect(second).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect((await first).token).toBe(golden.tokens[50]);
    expect([sequence.length, sequence.evaluatedTokens]).toEqual([50, 50]);
    await rest();
  });

  test('after the step changes nothing', async () => {
    const sequence = await engine.open();
    const controller = new AbortController();
    await sequence.step(golden.tokens.slice(0, 50), GREEDY, controller.signal);
    controller.abort();
    expect(await greedy(sequence, [golden.tokens[50]!], 3)).toEqual(golden.tokens.slice(51, 54));
  });
});

/** A sequence of a session that says token 0 after 2 ms a token, and the chunks that it was given. */
function slowSequence() {
  const chunks: number[][] = [];
  const newCache = () => {
    const cache = { length: 0, keep() {}, truncate() {}, release() {}, fork: newCache };
    return cache as unknown as KeyValueCache;
  };
  const session = {
    options: { contextLength: 1000, vocabularySize: 512 },
    needsCheckpoints: false,
    newCache,
    async run(cache: { length: number }, tokens: readonly number[], rows: number) {
      vi.advanceTimersByTime(2 * tokens.length);
      chunks.push([...tokens]);
      cache.length += tokens.length;
      return { logits: new Float32Array(512 * rows), evaluatedTokens: tokens.length };
    },
  };
  return { sequence: new HostSequence(session as unknown as ModelSession, new ChunkTimer()), chunks };
}

import { afterAll, describe, expect, test } from 'vitest';
import type { Sequence } from '#dist/src/engine/engine.js';
import { OnnxEngine } from '#dist/src/engine/onnx/client.js';
import { GREEDY, greedy, nonsense } from '../helpers/greedy.js';
import { BOS, CONTEXT, convertStories, type Graph, golden, VOCABULARY } from '../helpers/stories.js';

const stories = await convertStories();

describe.each<Graph>(['rows', 'standard'])('on the %s graph', async (graph) => {
  const engine = await OnnxEngine.load(stories.options(graph));
  afterAll(() => engine.close());
  const opened = async (tokens: readonly number[]): Promise<Sequence> => {
    const sequence = await engine.open();
    await sequence.step(tokens, GREEDY);
    return sequence;
  };

  test('sequences that take turns write what they write alone', async () => {
    const prompts = [[BOS], nonsense(20, 1), nonsense(70, 2), golden.tokens.slice(0, 40)];
    const alone: number[][] = [];
    for (const prompt of prompts) alone.push(await greedy(await engine.open(), prompt, 40));
    const together = await Promise.all(prompts.map(async (prompt) => greedy(await engine.open(), prompt, 40)));
    expect(together).toEqual(alone);
    expect(new Set(alone.map(String)).size).toBe(prompts.length); // four different texts, so that a mix-up would show
  });

  test('truncation goes back to any earlier position', async () => {
    const sequence = await opened(golden.tokens.slice(0, 100));
    await greedy(sequence, nonsense(30), 5);
    for (const length of [100, 99, 60, 1]) {
      await sequence.truncate(length);
      expect(sequence.length).toBe(length);
      expect(await greedy(sequence, [golden.tokens[length]!], 10)).toEqual(
        golden.tokens.slice(length + 1, length + 11),
      );
    }
    await sequence.truncate(0);
    expect(await greedy(sequence, [BOS], 10)).toEqual(golden.tokens.slice(1, 11));
  });

  test('a step of the last position again gives the same token, or with it banned the second best', async () => {
    const sequence = await opened(golden.tokens.slice(0, 50));
    const before = sequence.evaluatedTokens;
    await sequence.truncate(49);
    expect((await sequence.step([golden.tokens[49]!], GREEDY)).token).toBe(golden.tokens[50]);
    await sequence.truncate(49);
    const second = await sequence.step([golden.tokens[49]!], { ...GREEDY, banned: [golden.tokens[50]!] });
    expect(second.token).not.toBe(golden.tokens[50]);
    expect(sequence.evaluatedTokens - before).toBe(2);
  });

  test('a fork goes its own way and leaves the first one alone', async () => {
    const first = await opened(golden.tokens.slice(0, 80));
    const whole = await first.fork();
    const half = await first.fork(40);
    expect([whole.length, half.length]).toEqual([80, 40]);
    const aside = await greedy(whole, nonsense(12), 12);
    expect(await greedy(half, [golden.tokens[40]!], 20)).toEqual(golden.tokens.slice(41, 61));
    expect(await greedy(first, [golden.tokens[80]!], 20)).toEqual(golden.tokens.slice(81, 101));
    const fresh = await engine.open();
    expect(await greedy(fresh, [...golden.tokens.slice(0, 80), ...nonsense(12)], 12)).toEqual(aside);
    await first.close();
    expect(await greedy(half, nonsense(3), 3)).toHaveLength(3); // a fork outlives what it came from
  });

  test('scores are the log-probabilities of a step-by-step evaluation, and the cache is left as it was', async () => {
    const sequence = await opened(golden.tokens.slice(0, 30));
    const tokens = [...golden.tokens.slice(30, 60), ...nonsense(90)];
    const ids = [BOS, 403, 7, 500];
    const scores = await sequence.score(tokens, ids);
    expect(sequence.length).toBe(30);
    expect(scores.tokens).toHaveLength(tokens.length);
    const stepped = await engine.open();
    let next = golden.tokens.slice(0, 30);
    for (const [index, token] of tokens.entries()) {
      const others = await only(stepped, next, [token, ...ids]);
      expect(scores.tokens[index]).toBeCloseTo(others[0]!, 3);
      for (const [column, logprob] of others.slice(1).entries())
        expect(scores.ids[index]![column]).toBeCloseTo(logprob, 3);
      next = [token];
    }
    expect(await greedy(sequence, [golden.tokens[30]!], 20)).toEqual(golden.tokens.slice(31, 51));
  });

  test('the first token of an empty sequence has no score', async () => {
    const scores = await (await engine.open()).score([BOS, golden.tokens[1]!], [BOS]);
    expect(scores.tokens[0]).toBeNaN();
    expect(scores.ids[0]![0]).toBeNaN();
    expect(scores.tokens[1]).toBeGreaterThan(-0.5);
    expect(scores.ids).toHaveLength(2);
  });

  test('a full context is a RangeError with the numbers, and the cache stays as it was', async () => {
    const sequence = await opened(golden.tokens.slice(0, 200));
    await expect(sequence.step(nonsense(CONTEXT - 199), GREEDY)).rejects.toThrow(RangeError);
    await expect(sequence.step(nonsense(CONTEXT - 199), GREEDY)).rejects.toThrow(
      'Expected at most 512 positions, got 200 in the cache and 313 more',
    );
    expect([sequence.length, sequence.evaluatedTokens]).toEqual([200, 200]);
    expect(await greedy(sequence, [golden.tokens[200]!], 10)).toEqual(golden.tokens.slice(201, 211));
    await sequence.step(nonsense(CONTEXT - sequence.length), GREEDY); // filled to the last position
    await expect(sequence.step([7], GREEDY)).rejects.toThrow(RangeError);
    await expect(sequence.score([7, 8])).rejects.toThrow(RangeError);
  });

  test.each([[[VOCABULARY]], [[-1]], [[1.5]], [[Number.NaN]], [[]]])('the ids %j are refused', async (tokens) => {
    const sequence = await opened([BOS]);
    await expect(sequence.step(tokens, GREEDY)).rejects.toThrow(RangeError);
    await expect(sequence.score(tokens)).rejects.toThrow(RangeError);
    expect(sequence.length).toBe(1);
    expect(await greedy(sequence, [golden.tokens[1]!], 5)).toEqual(golden.tokens.slice(2, 7));
  });

  test.each([-1, 2, 0.5, Number.NaN])('the length %d of a sequence of one is refused', async (length) => {
    const sequence = await opened([BOS]);
    await expect(sequence.truncate(length)).rejects.toThrow(RangeError);
    await expect(sequence.fork(length)).rejects.toThrow(RangeError);
    expect(sequence.length).toBe(1);
  });

  test('a closed sequence says so', async () => {
    const sequence = await opened([BOS]);
    await sequence.close();
    await sequence.close();
    await expect(sequence.step([5], GREEDY)).rejects.toThrow('The sequence is closed');
  });
});

/** Log-probabilities of `ids` after `tokens`: each is what a step says that may sample nothing else. */
async function only(sequence: Sequence, tokens: readonly number[], ids: readonly number[]): Promise<number[]> {
  const logprobs: number[] = [];
  let next = tokens;
  for (const id of ids) {
    const mask = new Uint32Array(VOCABULARY / 32);
    mask[id >>> 5] = 1 << (id & 31);
    const step = await sequence.step(next, { ...GREEDY, mask });
    expect(step.token).toBe(id);
    logprobs.push(step.logprob);
    await sequence.truncate(sequence.length - 1);
    next = next.slice(-1);
  }
  await sequence.step(next, GREEDY);
  return logprobs;
}

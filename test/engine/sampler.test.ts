import { describe, expect, test } from 'vitest';
import type { Opening, Sampling } from '#dist/src/engine/engine.js';
import { logSumExp, sample } from '#dist/src/engine/onnx/sampler.js';

const GREEDY: Sampling = { temperature: 0, topK: 0, topP: 1, seed: 0 };
const DRAWN: Sampling = { ...GREEDY, temperature: 1 };
const DRAWS = 20_000;

/** Logits of a distribution, shifted: a sampler must not depend on the sum. */
const logitsOf = (probabilities: readonly number[]) => Float32Array.from(probabilities, (p) => Math.log(p) + 3);
const five = [0.4, 0.3, 0.15, 0.1, 0.05];

describe('greedy', () => {
  test('takes the most likely token, the first of equals, with its log-probability', () => {
    const step = sample(logitsOf([0.1, 0.45, 0.45]), GREEDY, 0);
    expect(step.token).toBe(1);
    expect(step.logprob).toBeCloseTo(Math.log(0.45), 5);
    expect(step.opened).toBe(undefined);
  });

  test('leaves the logits alone', () => {
    const logits = logitsOf(five);
    sample(logits, { ...DRAWN, banned: [0], topK: 2, topP: 0.9 }, 0);
    expect(logits).toEqual(logitsOf(five));
  });
});

describe('draws', () => {
  test('follow the distribution', () => {
    expectFrequencies(frequencies(five, DRAWN), five);
  });

  test.each([0.5, 0.8, 2])('sharpen or flatten it at temperature %d', (temperature) => {
    const powers = five.map((p) => p ** (1 / temperature));
    expectFrequencies(frequencies(five, { ...DRAWN, temperature }), normalise(powers));
  });

  test.each([1, 2, 4, 9])('are from the %d most likely under top-k, in any order of ids', (topK) => {
    const shuffled = [0.1, 0.4, 0.05, 0.3, 0.15];
    const kept = [...shuffled].sort((a, b) => b - a).slice(0, topK);
    const expected = normalise(shuffled.map((p) => (kept.includes(p) ? p : 0)));
    expectFrequencies(frequencies(shuffled, { ...DRAWN, topK }), expected);
  });

  test.each([
    [0.39, 1],
    [0.41, 2],
    [0.72, 3],
    [0.86, 4],
    [0.96, 5],
  ])('are from the smallest set with probability %d under top-p: %d tokens', (topP, count) => {
    expectFrequencies(frequencies(five, { ...DRAWN, topP }), normalise(five.map((p, id) => (id < count ? p : 0))));
  });

  test('apply top-k and top-p together', () => {
    const expected = normalise(five.map((p, id) => (id < 2 ? p : 0)));
    expectFrequencies(frequencies(five, { ...DRAWN, topK: 2, topP: 0.9 }), expected);
    expectFrequencies(frequencies(five, { ...DRAWN, topK: 4, topP: 0.6 }), expected);
  });

  test('take temperature into account before top-p', () => {
    const powers = normalise(five.map((p) => p ** 2));
    const expected = normalise(powers.map((p, id) => (id < 2 ? p : 0))); // 0.57 + 0.32 > 0.8
    expectFrequencies(frequencies(five, { ...DRAWN, temperature: 0.5, topP: 0.8 }), expected);
  });

  test('report the probability before temperature and cuts', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { token, logprob } = sample(logitsOf(five), { ...DRAWN, temperature: 3, topK: 4, seed }, 9);
      expect(logprob).toBeCloseTo(Math.log(five[token]!), 5);
    }
  });

  test('are a function of seed and position', () => {
    const walk = (seed: number) =>
      Array.from({ length: 50 }, (_, at) => sample(logitsOf(five), { ...DRAWN, seed }, at).token);
    expect(walk(1)).toEqual(walk(1));
    expect(walk(1)).not.toEqual(walk(2));
    expect(walk(0).slice(1)).not.toEqual(walk(1).slice(0, -1)); // neighbouring seeds are not shifted copies
    expect(walk(-7)).toEqual(walk(-7));
    expect(walk(2 ** 40)).toHaveLength(50);
  });

  test('along the positions of one seed follow the distribution as well', () => {
    const counts = [0, 0, 0, 0, 0];
    for (let position = 0; position < DRAWS; position++)
      counts[sample(logitsOf(five), { ...DRAWN, seed: 5 }, position).token]!++;
    expectFrequencies(
      counts.map((count) => count / DRAWS),
      five,
    );
  });

  test('of a large vocabulary stay in the nucleus', () => {
    const probabilities = normalise(Array.from({ length: 30_000 }, (_, id) => 1 / (1 + ((id * 7919) % 30_000)) ** 1.5));
    const sorted = [...probabilities].sort((a, b) => b - a);
    let count = 0;
    for (let mass = 0; mass < 0.9; count++) mass += sorted[count]!;
    const smallest = sorted[count - 1]!;
    const logits = logitsOf(probabilities);
    for (let seed = 0; seed < 500; seed++) {
      expect(probabilities[sample(logits, { ...DRAWN, topP: 0.9, seed }, 0).token]).toBeGreaterThanOrEqual(
        smallest * 0.9999,
      );
    }
  });
});

describe('what may not be sampled', () => {
  test('banned ids never come, and the rest keeps its proportions', () => {
    expect(sample(logitsOf(five), { ...GREEDY, banned: [0, 1] }, 0).token).toBe(2);
    expectFrequencies(frequencies(five, { ...DRAWN, banned: [1, 3] }), normalise([0.4, 0, 0.15, 0, 0.05]));
  });

  test('a mask lets only its ids through, and bans still hold', () => {
    const probabilities = normalise(Array.from({ length: 70 }, (_, id) => 1 + id));
    const mask = maskOf(70, [3, 31, 32, 64, 69]);
    expect(sample(logitsOf(probabilities), { ...GREEDY, mask }, 0).token).toBe(69);
    expect(sample(logitsOf(probabilities), { ...GREEDY, mask, banned: [69] }, 0).token).toBe(64);
    const allowed = probabilities.map((p, id) => ([3, 31, 32, 64].includes(id) ? p : 0));
    expectFrequencies(frequencies(probabilities, { ...DRAWN, mask, banned: [69] }), normalise(allowed));
  });

  test('an error says so when nothing is left', () => {
    expect(() => sample(logitsOf(five), { ...GREEDY, banned: [0, 1, 2, 3, 4] }, 0)).toThrow('Every token is banned');
    expect(() => sample(logitsOf(five), { ...DRAWN, mask: maskOf(5, []) }, 0)).toThrow('Every token is banned');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('logits of %d are an error, not a token', (bad) => {
    const logits = logitsOf(five);
    logits[2] = bad;
    expect(() => sample(logits, GREEDY, 0)).toThrow('no usable probabilities');
  });
});

describe('a call opens', () => {
  const opening = (rule: Partial<Opening>): Sampling => ({
    ...GREEDY,
    opening: { ids: [3], topK: 1, threshold: 1, ...rule },
  });

  test.each([
    [1, 0],
    [3, 0],
    [4, 3],
    [10, 3],
  ])('when its id is among the %d most likely: %d is sampled', (topK, token) => {
    const step = sample(logitsOf(five), opening({ topK }), 0);
    expect(step).toMatchObject({ token, opened: token === 3 ? 'rank' : undefined });
    expect(step.logprob).toBeCloseTo(Math.log(five[token]!), 5);
  });

  test('when its probability exceeds the threshold', () => {
    expect(sample(logitsOf(five), opening({ threshold: 0.09 }), 0)).toMatchObject({ token: 3, opened: 'threshold' });
    expect(sample(logitsOf(five), opening({ threshold: 0.11 }), 0)).toMatchObject({ token: 0, opened: undefined });
  });

  test('by the sum over all ids that begin it, with the likeliest of them', () => {
    const ids = [2, 3, 4]; // 0.15 + 0.1 + 0.05
    expect(sample(logitsOf(five), opening({ ids, threshold: 0.29 }), 0)).toMatchObject({
      token: 2,
      opened: 'threshold',
    });
    expect(sample(logitsOf(five), opening({ ids, threshold: 0.31 }), 0)).toMatchObject({ token: 0, opened: undefined });
  });

  test('by the distribution before temperature', () => {
    for (const temperature of [0.01, 1, 50]) {
      for (let seed = 0; seed < 50; seed++) {
        const drawn = { ...opening({ threshold: 0.09 }), temperature, seed };
        expect(sample(logitsOf(five), drawn, 1).token).toBe(3);
        const not = { ...opening({ threshold: 0.11 }), temperature, seed };
        expect(sample(logitsOf(five), not, 1).token).not.toBe(3);
      }
    }
  });

  test('never with topK 0, whatever its probability', () => {
    const certain = [0.01, 0.98, 0.01];
    const step = sample(logitsOf(certain), opening({ ids: [1], topK: 0, threshold: 0.5 }), 0);
    expect(step).toMatchObject({ token: 0, opened: undefined });
  });

  test('never with a banned id', () => {
    expect(sample(logitsOf(five), { ...opening({ ids: [0] }), banned: [0] }, 0)).toMatchObject({
      token: 1,
      opened: undefined,
    });
    const two = { ...opening({ ids: [0, 1], topK: 2 }), banned: [0] };
    expect(sample(logitsOf(five), two, 0)).toMatchObject({ token: 1, opened: 'rank' });
  });
});

test('the logarithm of summed exponentials does not overflow', () => {
  expect(logSumExp(Float32Array.of(1000, 1000))).toBeCloseTo(1000 + Math.LN2, 3);
  expect(logSumExp(Float32Array.of(-1000, -1000))).toBeCloseTo(-1000 + Math.LN2, 3);
});

function frequencies(probabilities: readonly number[], sampling: Sampling): number[] {
  const logits = logitsOf(probabilities);
  const counts = probabilities.map(() => 0);
  for (let seed = 0; seed < DRAWS; seed++) counts[sample(logits, { ...sampling, seed }, 11).token]!++;
  return counts.map((count) => count / DRAWS);
}

/** Within five standard deviations of the expected share; what has none never comes. */
function expectFrequencies(actual: readonly number[], expected: readonly number[]): void {
  for (const [id, probability] of expected.entries()) {
    const deviation = Math.sqrt((probability * (1 - probability)) / DRAWS);
    expect(Math.abs(actual[id]! - probability), `id ${id}: ${actual[id]} for ${probability}`).toBeLessThanOrEqual(
      5 * deviation + 1e-6,
    );
  }
}

function normalise(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function maskOf(vocabulary: number, ids: readonly number[]): Uint32Array {
  const mask = new Uint32Array(Math.ceil(vocabulary / 32));
  for (const id of ids) mask[id >>> 5]! |= 1 << (id & 31);
  return mask;
}

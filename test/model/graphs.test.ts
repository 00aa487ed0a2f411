import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLlamaConfig } from '#dist/model/config.js';
import { convert } from '#dist/model/convert.js';
import { BLOCKS } from '#dist/model/weights/dtype.js';
import { storedTensors } from '../reference/dequantise.js';
import { ReferenceLlama } from '../reference/llama.js';
import { generator, memorySource, randomModel, randomTensors } from '../reference/random-model.js';
import { type GraphSession, openGraphs } from '../reference/sessions.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toolformer-graphs-'));
});
afterAll(() => rm(directory, { recursive: true }));

const SLOW = 180_000; // ms, on a busy machine; a few seconds on an idle one
const TOKENS = 14;
/** The same tokens at once, in pieces, and one by one. */
const PIECES = [[TOKENS], [1, 5, 8], Array<number>(TOKENS).fill(1)];

describe('both graphs agree with the oracle', () => {
  test(
    'in floats, within 1e-3, whatever the shape',
    async () => {
      await fc.assert(
        fc.asyncProperty(randomModel, async (model) => {
          const tensors = randomTensors(parseLlamaConfig(model.json), model.seed);
          const source = memorySource(model.json, model.rope, tensors);
          await convert({ source, directory, dtype: 'f32', overwrite: true });
          const { config } = source;
          const tokens = draw(config.vocabularySize, model.seed);
          const oracle = new ReferenceLlama(config, model.rope, tensors);
          const { largest } = await differences(tokens, oracle);
          expect(largest).toBeLessThan(1e-3);
        }),
        { numRuns: 25 },
      );
    },
    SLOW,
  );

  test(
    'in every stored type, on the weights as they are stored',
    async () => {
      const dtype = fc.constantFrom('q4', 'q8', 'f16');
      await fc.assert(
        fc.asyncProperty(randomModel, dtype, fc.constantFrom(...BLOCKS), async (model, dtype, block) => {
          const source = memorySource(model.json, model.rope, randomTensors(parseLlamaConfig(model.json), model.seed));
          await convert({ source, directory, dtype, block, overwrite: true });
          const tokens = draw(source.config.vocabularySize, model.seed);
          const oracle = new ReferenceLlama(source.config, model.rope, await storedTensors(directory));
          const { largest, relative } = await differences(tokens, oracle);
          // The runtime rounds the other factor of a quantised product to eight bits.
          if (dtype === 'f16') expect(largest).toBeLessThan(1e-3);
          else expect(relative).toBeLessThan(0.1);
        }),
        { numRuns: 25 },
      );
    },
    SLOW,
  );
});

test('only the last logits are computed where no others are asked for', async () => {
  const json = { ...SMALL, vocab_size: 101 };
  const source = memorySource(json, 'halves', randomTensors(parseLlamaConfig(json), 1));
  await convert({ source, directory, dtype: 'f32', overwrite: true });
  const tokens = draw(101, 5);
  for (const session of Object.values(await openGraphs(directory))) {
    const all = await session.step(tokens);
    expect(all).toHaveLength(TOKENS);
    await session.release();
    const { standard, rows } = await openGraphs(directory);
    for (const fresh of [standard, rows]) {
      const last = await fresh.step(tokens, 3);
      expect(last).toHaveLength(3);
      expect(Math.max(...last.flat().map((logit, i) => Math.abs(logit - all.slice(-3).flat()[i]!)))).toBeLessThan(1e-4);
      await fresh.release();
    }
  }
});

const SMALL = {
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
};

/**
 * Over both graphs and all ways to cut the tokens: the largest difference of a logit, and the worst root mean square of
 * the differences relative to that of the logits.
 */
async function differences(tokens: number[], oracle: ReferenceLlama): Promise<{ largest: number; relative: number }> {
  const expected = tokens.flatMap((token) => oracle.step(token));
  const worst = { largest: 0, relative: 0 };
  for (const pieces of PIECES) {
    for (const session of Object.values(await openGraphs(directory))) {
      const logits = (await stepPieces(session, tokens, pieces)).flat();
      await session.release();
      const errors = logits.map((logit, i) => logit - expected[i]!);
      worst.largest = Math.max(worst.largest, ...errors.map(Math.abs));
      worst.relative = Math.max(worst.relative, rootMeanSquare(errors) / rootMeanSquare(expected));
    }
  }
  return worst;
}

function rootMeanSquare(values: number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

async function stepPieces(session: GraphSession, tokens: number[], pieces: number[]): Promise<number[][]> {
  const logits: number[][] = [];
  let start = 0;
  for (const length of pieces) {
    logits.push(...(await session.step(tokens.slice(start, start + length))));
    start += length;
  }
  return logits;
}

function draw(vocabulary: number, seed: number): number[] {
  const uniform = generator(seed ^ 0x5eed);
  return Array.from({ length: TOKENS }, () => Math.floor(uniform() * vocabulary));
}

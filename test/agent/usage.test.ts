import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Sequence, StreamPart, Usage } from '#dist/src/index.js';
import { defineTool, Toolformer } from '#dist/src/index.js';
import { type LoadedModel, loadModel } from '#dist/src/load-model.js';
import { scriptedModel } from '#dist/src/testing.js';
import { calculator, calendar } from '#dist/tools/index.js';
import { type RandomModel, randomModel } from '../helpers/random-model.js';
import { add, collectParts, only } from './helpers.js';

const text = defineTool({
  name: 'it',
  description: 'Takes a text',
  input: z.object({ text: z.string() }),
  run({ text }) {
    if (text.includes('f')) throw new Error('it failed');
    return text.includes('l') ? 'long '.repeat(50) : text.toUpperCase();
  },
});
const tools = [text, add];

/** The design's formula. The last sampled token is never evaluated. */
function formula(usage: Usage): number {
  const { promptTokens, cachedTokens, outputTokens, splicedTokens, rolledBackTokens } = usage;
  return promptTokens - cachedTokens + outputTokens + splicedTokens + rolledBackTokens - 1;
}

const written = fc.oneof(
  fc.constantFrom('it(x)', 'it(x)', 'it(a fine day)', 'add(1, 2)', 'it(f)', 'it(long)', 'it()'), // good, repeated, failing
  fc.constantFrom('add(1)', 'add(x, y)', 'it(x', 'it(x) or', 'add(1, "2)', 'it'), // malformed
);
const call = fc
  .tuple(written, fc.boolean())
  .map(([text, isClosed]) => `<|call|>${text}${isClosed ? '<|result|>' : ''}`);
const leg = fc
  .tuple(fc.string({ unit: fc.constantFrom('a', ' ', '가', '😀'), maxLength: 6 }), fc.option(call))
  .map(([before, call]) => before + (call ?? ''));
const answer = fc.record({
  prompt: fc.string({ unit: fc.constantFrom('p', 'é'), minLength: 1, maxLength: 20 }),
  maxTokens: fc.integer({ min: 1, max: 40 }),
  maxCalls: fc.integer({ min: 0, max: 6 }),
});

describe('evaluated tokens are prompt - cached + output + spliced + rolled back - 1', () => {
  test('on 200 scripted answers', async () => {
    const seen = { rolledBack: 0, spliced: 0, cached: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(leg, { maxLength: 12 }),
        fc.array(answer, { minLength: 4, maxLength: 4 }),
        fc.constantFrom(120, 300, 2000),
        async (script, answers, contextLength) => {
          const model = scriptedModel(script, { contextLength });
          const chat = (await Toolformer.load({ model, tools })).chat();
          for (const { prompt, ...options } of answers) {
            const before = model.engine.evaluated.length;
            const parts = await partsUnlessFull(chat.stream(prompt, options));
            if (parts === undefined) break;
            const { usage } = only(parts, 'finish')[0]!;
            expect(usage.evaluatedTokens).toBe(formula(usage));
            expect(usage.evaluatedTokens).toBe(model.engine.evaluated.length - before);
            seen.rolledBack += usage.rolledBackTokens;
            seen.spliced += usage.splicedTokens;
            seen.cached += usage.cachedTokens;
            seen.failed += only(parts, 'tool-error').length;
          }
        },
      ),
      { numRuns: 50 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  });
});

const load = { device: 'cpu', isolation: undefined, threads: 1, onNotice: () => {} };

describe('with random weights, evaluated tokens', () => {
  let files: RandomModel;
  let model: LoadedModel;
  beforeAll(async () => {
    files = await randomModel();
    model = await loadModel(files.directory, load);
  });
  afterAll(async () => {
    await model?.engine.close();
    await files?.remove();
  });

  async function* answers(count: number, engine = model.engine): AsyncGenerator<StreamPart[]> {
    const agent = await Toolformer.load({ model: { ...model, engine }, tools: [text] });
    let chat = agent.chat();
    for (let seed = 0; seed < count; seed++) {
      if (seed % 4 === 0) {
        await chat.close();
        chat = agent.chat();
      }
      const options = { seed, temperature: 1, maxTokens: 1 + ((seed * 7) % 40), callTopK: 3, maxCalls: 3 };
      const parts = await partsUnlessFull(chat.stream(`p${seed}`, options));
      if (parts !== undefined) yield parts;
    }
    await chat.close();
  }

  test('are as the formula says on 200 answers, rolled-back calls among them', async () => {
    const seen = { answers: 0, rolledBack: 0, spliced: 0, results: 0, errors: 0 };
    for await (const parts of answers(200)) {
      const { usage } = only(parts, 'finish')[0]!;
      expect(usage.evaluatedTokens).toBe(formula(usage));
      seen.answers++;
      seen.rolledBack += usage.rolledBackTokens;
      seen.spliced += usage.splicedTokens;
      seen.results += only(parts, 'tool-result').length;
      seen.errors += only(parts, 'tool-error').length;
    }
    expect(seen.answers).toBe(200);
    expect(seen.rolledBack).toBeGreaterThan(500);
    expect(seen.spliced).toBeGreaterThan(100);
    expect(seen.results).toBeGreaterThan(20);
    expect(seen.errors).toBeGreaterThan(20);
  });

  test('are more where a splice evaluates everything again: the check notices it', async () => {
    const engine = {
      info: model.engine.info,
      open: async () => prefillingAgain(await model.engine.open()),
      close: async () => {},
    };
    let noticed = 0;
    for await (const parts of answers(20, engine)) {
      const { usage } = only(parts, 'finish')[0]!;
      if (usage.splicedTokens === 0) continue;
      expect(usage.evaluatedTokens).toBeGreaterThan(formula(usage));
      noticed++;
    }
    expect(noticed).toBeGreaterThan(2);
  });
});

const hasEmbedded = existsSync(new URL('../../model/embedded/config.json', import.meta.url));

describe.skipIf(!hasEmbedded)('with the embedded model, evaluated tokens', () => {
  test('are as the formula says, calls among them', async () => {
    const agent = await Toolformer.load({ model: 'embedded', device: 'cpu', tools: [calculator(), calendar(), add] });
    let spliced = 0;
    for (let seed = 0; seed < 12; seed++) {
      const chat = agent.chat();
      for (const prompt of [`What is ${seed + 13} times ${seed * 3 + 4}?`, 'And plus 7?', `${seed}% of 240?`]) {
        const { usage } = await chat.send(prompt, { seed, temperature: 1.2, callTopK: 10, maxTokens: 24 });
        expect(usage.evaluatedTokens).toBe(formula(usage));
        spliced += usage.splicedTokens;
      }
      await chat.close();
    }
    expect(spliced).toBeGreaterThan(10);
    await agent.close();
  });
});

/** Evaluates the whole text once more whenever several tokens enter behind it, as the naive loop does. */
function prefillingAgain(sequence: Sequence): Sequence {
  const ids: number[] = [];
  return new Proxy(sequence, {
    get(target, name) {
      if (name === 'step') {
        return async (...[tokens, ...rest]: Parameters<Sequence['step']>) => {
          const isSplice = tokens.length > 1 && ids.length > 0;
          if (isSplice) await target.truncate(0);
          const entering = isSplice ? [...ids, ...tokens] : tokens;
          const step = await target.step(entering, ...rest);
          ids.push(...tokens);
          return step;
        };
      }
      if (name === 'truncate') {
        return async (length: number) => {
          ids.length = length;
          await target.truncate(length);
        };
      }
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Undefined where the conversation has filled the context. */
async function partsUnlessFull(stream: AsyncIterable<StreamPart>): Promise<StreamPart[] | undefined> {
  try {
    return await collectParts(stream);
  } catch (error) {
    if (error instanceof RangeError && error.message.startsWith('The prompt is too long')) return undefined;
    throw error;
  }
}

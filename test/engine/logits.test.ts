import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ElementType, Graph } from '#dist/model/onnx/graph.js';
import { fromFloat16 } from '#dist/model/weights/half.js';
import type { KeyValueCache } from '#dist/src/engine/onnx/cache.js';
import type { SessionOptions } from '#dist/src/engine/onnx/protocol.js';
import { ModelSession } from '#dist/src/engine/onnx/session.js';
import { temporaryDirectory } from '../model/temporary-directory.js';

// Before the runtime is loaded: a class in place of that of Node 24, where there is none.
vi.hoisted(() => {
  if (!('Float16Array' in globalThis)) Object.assign(globalThis, { Float16Array: class extends Float32Array {} });
});

test('half floats are the same numbers in logits and in the cache, also where JavaScript has a class for them', async () => {
  const session = await ModelSession.load(await multiples(4));
  const cache = session.newCache();
  expect([...(await session.run(cache, [1, 2, 3], 2)).logits]).toEqual([0, 2, 4, 6, 0, 3, 6, 9]);
  expect(rowsOf(cache)).toEqual([1, 2, 3]);
  cache.truncate(2);
  await session.run(cache, [7], 1);
  expect(rowsOf(cache)).toEqual([1, 2, 7]);
  await session.release();
  expect(globalThis).toHaveProperty('Float16Array');
});

describe('a graph with another vocabulary than config.json says is refused in one line', () => {
  const problem = 'cannot be used: it has a vocabulary of 4 tokens; config.json says 3';

  test('at load', async () => {
    const options = await multiples(4);
    const load = ModelSession.load({ ...options, vocabularySize: 3 });
    await expect(load).rejects.toThrow(`${options.graph} ${problem}`);
  });

  test('at the first step, where the graph leaves the dimension open', async () => {
    const options = await multiples();
    const session = await ModelSession.load({ ...options, vocabularySize: 3 });
    const cache = session.newCache();
    await expect(session.run(cache, [1], 1)).rejects.toThrow(`${options.graph} ${problem}`);
    expect(cache.length).toBe(0);
    await session.release();
  });
});

/** The first number of each position's key. */
function rowsOf(cache: KeyValueCache): number[] {
  const { data } = cache.feeds(1)['past_key_values.0.key']!;
  return [...fromFloat16(data as Uint16Array)].filter((_, i) => i % 8 === 0);
}

/** A graph in half floats: its logits are the token times 0 to 3, its keys and values the token. Without a `vocabulary` nobody can tell it from the graph. */
async function multiples(vocabulary?: number): Promise<SessionOptions> {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const path = join(directory.path, 'model.onnx');
  const { float16, int64 } = ElementType;
  const graph = new Graph();
  const ids = graph.input('input_ids', int64, [1, 'new']);
  const past = ['key', 'value'].map((kind) => graph.input(`past_key_values.0.${kind}`, float16, [1, 1, 'past', 8]));
  graph.output('logits', float16, [1, 'new', vocabulary ?? 'open']);
  const column = graph.node('Unsqueeze', [ids, graph.integers([2])]);
  const sum = graph.node('ReduceSum', [ids], { keepdims: 0 });
  const four = graph.node('Add', [graph.node('Mul', [sum, graph.integers(0)]), graph.integers(4)]);
  const factors = vocabulary
    ? graph.integers([0, 1, 2, 3])
    : graph.node('Range', [graph.integers(0), four, graph.integers(1)]);
  const product = graph.node('Mul', [column, factors]);
  graph.node('Cast', [product], { to: float16 }, 'logits');
  const wide = graph.node('Expand', [
    graph.node('Unsqueeze', [column, graph.integers([1])]),
    graph.integers([1, 1, 1, 8]),
  ]);
  const rows = graph.node('Cast', [wide], { to: float16 });
  for (const [i, kind] of ['key', 'value'].entries()) {
    graph.output(`present.0.${kind}`, float16, [1, 1, 'past + new', 8]);
    graph.node('Concat', [past[i]!, rows], { axis: 2 }, `present.0.${kind}`);
  }
  await writeFile(path, graph.encode('multiples'));
  const sizes = { contextLength: 64, vocabularySize: 4, layers: 1, kvHeads: 1, headSize: 8 };
  return { model: 'multiples', graph: path, device: 'cpu', dtype: 'f16', threads: 1, ...sizes };
}

import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import type { KeyValueCache } from '#dist/src/engine/onnx/cache.js';
import { FeedbackCache } from '#dist/src/engine/onnx/feedback-cache.js';
import { RowsCache } from '#dist/src/engine/onnx/rows-cache.js';

const layout = {
  layers: 2,
  kvHeads: 2,
  headSize: 3,
  inputNames: ['input_ids', 'attention_mask', 'position_ids'],
};

describe('fed-back tensors on a GPU', () => {
  test('are fed to the next run as they are', () => {
    const gpu = new FakeGpu();
    const first = gpu.run(4);
    const second = gpu.run(1);
    expect(second.feeds['past_key_values.0.key']).toBe(first.outputs['present.0.key']);
    expect(second.feeds['past_key_values.1.value']).toBe(first.outputs['present.1.value']);
    expect(dataOf(second.feeds.attention_mask!)).toEqual([1n, 1n, 1n, 1n, 1n]);
    expect(dataOf(second.feeds.position_ids!)).toEqual([4n]);
  });

  test('are freed once two runs old', () => {
    const gpu = new FakeGpu();
    for (const count of [4, 1, 1, 1]) gpu.run(count);
    expect(gpu.lengthsHeld).toEqual([6, 7]);
    gpu.cache.release();
    expect(gpu.lengthsHeld).toEqual([]);
  });

  test('allow one position back without a kept state', () => {
    const gpu = new FakeGpu();
    gpu.run(4);
    gpu.run(1);
    gpu.cache.truncate(4);
    expect(gpu.cache.length).toBe(4);
    expect(gpu.lengthsHeld).toEqual([4]);
  });

  test('of a kept state come back: a call that is taken back costs no new prompt', () => {
    const gpu = new FakeGpu();
    gpu.run(9);
    gpu.run(1); // samples the opening of a call
    gpu.cache.keep('previous');
    for (let token = 0; token < 6; token++) gpu.run(1);
    gpu.cache.truncate(10);
    expect(gpu.cache.length).toBe(9); // one short: the caller evaluates that position again
    gpu.cache.truncate(9);
    expect(gpu.cache.length).toBe(9);
    gpu.run(1);
    expect(gpu.cache.length).toBe(10);
  });

  test('before the place to go back to are lost: the longest state kept is taken, or nothing', () => {
    const gpu = new FakeGpu();
    gpu.run(5);
    gpu.cache.keep('current');
    gpu.run(5);
    gpu.cache.keep('current');
    gpu.run(1);
    gpu.run(1);
    gpu.cache.truncate(8);
    expect(gpu.cache.length).toBe(5);
    gpu.cache.truncate(3);
    expect(gpu.cache.length).toBe(0);
    expect(gpu.lengthsHeld).toEqual([]);
  });

  test('are kept four times at most, the oldest goes', () => {
    const gpu = new FakeGpu();
    for (let turn = 0; turn < 6; turn++) {
      gpu.run(10);
      gpu.cache.keep('current');
      gpu.cache.keep('current'); // twice is once
    }
    expect(gpu.lengthsHeld).toEqual([30, 40, 50, 60]);
    gpu.cache.release();
    expect(gpu.lengthsHeld).toEqual([]);
  });

  test('are shared by forks and freed by the last of them', () => {
    const gpu = new FakeGpu();
    gpu.run(4);
    gpu.run(1);
    const whole = gpu.cache.fork(5);
    const shorter = gpu.cache.fork(4);
    expect([whole.length, shorter.length]).toEqual([5, 4]);
    gpu.cache.release();
    expect(gpu.lengthsHeld).toEqual([4, 5]);
    whole.release();
    shorter.release();
    expect(gpu.lengthsHeld).toEqual([]);
  });
});

test('fed-back tensors at hand are sliced head by head', () => {
  const cache = new FeedbackCache(layout, 'float32');
  const data = Float32Array.from({ length: 2 * 4 * 3 }, (_, index) => index); // [head, position, size]
  cache.append(
    outputsOf(() => tensor('cpu', [1, 2, 4, 3], data)),
    4,
  );
  cache.truncate(2);
  const key = cache.feeds(1)['past_key_values.0.key']!;
  expect(key.dims).toEqual([1, 2, 2, 3]);
  expect(dataOf(key)).toEqual([0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17]);
});

describe('rows', () => {
  const row = (value: number) => Array<number>(6).fill(value);
  const rows = (...values: number[]) => outputsOf(() => tensor('cpu', [values.length, 2, 1, 3], values.flatMap(row)));

  test('are appended behind a dummy row that is never seen', () => {
    const cache = new RowsCache(layout);
    expect(biasOf(cache, 1)).toEqual([[-1e9, 0]]);
    cache.append(rows(1, 2, 3), 3);
    cache.append(rows(4), 1);
    const feeds = cache.feeds(1);
    const key = feeds['past_key_values.1.key']!;
    expect(key.dims).toEqual([5, 2, 1, 3]);
    expect(dataOf(key)).toEqual([0, 1, 2, 3, 4].flatMap(row));
    expect(dataOf(feeds.position_ids!)).toEqual([4n]);
    expect(biasOf(cache, 1)).toEqual([[-1e9, 0, 0, 0, 0, 0]]);
  });

  test('of a prompt see what stands before them', () => {
    const cache = new RowsCache(layout);
    cache.append(rows(1, 2), 2);
    expect(biasOf(cache, 3)).toEqual([
      [-1e9, 0, 0, 0, -1e9, -1e9],
      [-1e9, 0, 0, 0, 0, -1e9],
      [-1e9, 0, 0, 0, 0, 0],
    ]);
  });

  test('are overwritten after a truncation and kept when the arrays grow', () => {
    const cache = new RowsCache(layout);
    cache.append(rows(1, 2, 3), 3);
    cache.truncate(1);
    cache.append(rows(7), 1);
    const fork = cache.fork(2);
    for (let position = 2; position < 600; position++) cache.append(rows(position), 1);
    const expected = [0, 1, 7, ...Array.from({ length: 598 }, (_, index) => index + 2)].flatMap(row);
    expect(dataOf(cache.feeds(1)['past_key_values.0.value']!)).toEqual(expected);
    expect(dataOf(fork.feeds(1)['past_key_values.0.value']!)).toEqual([0, 1, 7].flatMap(row));
    expect(biasOf(cache, 1)[0]!.slice(0, 3)).toEqual([-1e9, 0, 0]);
    expect(biasOf(cache, 1)[0]).toHaveLength(602);
  });
});

/** Runs on a device whose tensors cannot be read, and counts which are alive. */
class FakeGpu {
  readonly cache: KeyValueCache = new FeedbackCache(layout, 'float32');
  readonly #alive: Tensor[] = [];

  run(count: number) {
    const feeds = this.cache.feeds(count);
    for (const past of Object.values(feeds)) {
      if (past.location === 'gpu-buffer') expect(this.#alive, 'a freed tensor was fed').toContain(past);
    }
    const length = this.cache.length + count;
    const outputs = outputsOf(() => {
      const present = tensor('gpu-buffer', [1, 2, length, 3], undefined, () => {
        this.#alive.splice(this.#alive.indexOf(present), 1);
      });
      this.#alive.push(present);
      return present;
    });
    this.cache.append(outputs, count);
    expect(this.cache.length).toBe(length);
    return { feeds, outputs };
  }

  /** Lengths of the states in memory: each is whole, keys and values of all layers. */
  get lengthsHeld(): number[] {
    const counts = new Map<number, number>();
    for (const { dims } of this.#alive) counts.set(dims[2]!, (counts.get(dims[2]!) ?? 0) + 1);
    expect([...counts.values()].every((count) => count === 2 * layout.layers)).toBe(true);
    return [...counts.keys()].sort((left, right) => left - right);
  }
}

function outputsOf(create: () => Tensor): InferenceSession.OnnxValueMapType {
  const names = [0, 1].flatMap((layer) => [`present.${layer}.key`, `present.${layer}.value`]);
  return Object.fromEntries(names.map((name) => [name, create()]));
}

function tensor(
  location: 'cpu' | 'gpu-buffer',
  dims: readonly number[],
  values?: ArrayLike<number>,
  dispose: () => void = () => {},
): Tensor {
  const data = values === undefined ? undefined : Float32Array.from(values);
  return { location, dims, data, dispose } as unknown as Tensor;
}

function dataOf({ data }: Tensor): unknown[] {
  return [...(data as unknown as Iterable<unknown>)];
}

/** The mask's rows; -1e9 as the next float32 has it. */
function biasOf(cache: RowsCache, count: number): number[][] {
  const { dims, data } = cache.feeds(count).attention_bias!;
  const width = dims[1]!;
  const values = [...(data as Float32Array)].map((value) => (value < -9e8 ? -1e9 : value));
  return Array.from({ length: dims[0]! }, (_, index) => values.slice(index * width, (index + 1) * width));
}

import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import type { Sequence, Step } from '#dist/src/engine/engine.js';
import { OnnxEngine } from '#dist/src/engine/onnx/client.js';
import { GREEDY, greedy, nonsense } from '../helpers/greedy.js';
import { BOS, convertStories, goldenIds } from '../helpers/stories.js';

const stories = await convertStories();
let engine: OnnxEngine;
afterEach(() => engine.close());

describe('in a process', () => {
  test.each(['SIGSEGV', 'SIGABRT'] as const)(
    '%s in mid-answer rejects what waits, and the next open starts another process',
    async (signal) => {
      engine = await OnnxEngine.load(stories.options(), 'process');
      const sequence = await engine.open();
      const steps = readOnAndOn(sequence);
      const first = await engine.processId();
      await (await engine.open()).step([BOS], GREEDY); // sequences take turns: the long prompts are under way
      process.kill(first!, signal);
      for (const outcome of await steps) {
        if (outcome instanceof Error) expect(outcome.message).toContain(`its process stopped with ${signal}`);
      }
      expect((await steps).at(-1)).toBeInstanceOf(Error);
      await expect(sequence.step([5], GREEDY)).rejects.toThrow('The engine ended');
      await sequence.close(); // nothing to close, and no error either
      await expectAlive(first);
    },
  );
});

describe('in a thread', () => {
  test('an error that ends the thread rejects what waits, and the next open starts another thread', async () => {
    let thread: Worker | undefined;
    process.once('worker', (worker) => {
      thread = worker;
    });
    engine = await OnnxEngine.load(stories.options(), 'thread');
    const sequence = await engine.open();
    const steps = readOnAndOn(sequence);
    await (await engine.open()).step([BOS], GREEDY);
    thread!.postMessage(null); // no request: whatever handles it throws
    const last = (await steps).at(-1);
    expect(last).toBeInstanceOf(Error);
    expect((last as Error).message).toMatch(/^The engine ended: .*null/);
    await expect(sequence.step([5], GREEDY)).rejects.toThrow('The engine ended');
    await expectAlive(undefined);
  });
});

describe.each(['thread', 'process'] as const)('closing an engine in a %s', (isolation) => {
  test('in mid-answer rejects what waits and ends it', async () => {
    engine = await OnnxEngine.load(stories.options(), isolation);
    const steps = readOnAndOn(await engine.open());
    await (await engine.open()).step([BOS], GREEDY);
    await engine.close();
    const last = (await steps).at(-1);
    expect(last).toBeInstanceOf(Error);
    expect((last as Error).message).toMatch(/closed|ended/);
    await expect(engine.open()).rejects.toThrow('The engine is closed');
    await engine.close();
  });

  test('ends its sequences too: closing one meanwhile or later is no error, and a step says that it is closed', async () => {
    engine = await OnnxEngine.load(stories.options(), isolation);
    const sequences = await Promise.all([engine.open(), engine.open(), engine.open()]);
    const busy = sequences[0]!.step(nonsense(500), GREEDY).catch(() => {});
    const closing = [sequences[0]!.close(), engine.close(), sequences[1]!.close()];
    await new Promise(setImmediate);
    await Promise.all([...closing, sequences[2]!.close(), busy]);
    await expect(sequences[2]!.step([BOS], GREEDY)).rejects.toThrow(/^The engine is closed$/);
  });

  test('a request that cannot be sent is an error and does not keep the program waiting', async () => {
    engine = await OnnxEngine.load(stories.options(), isolation);
    const sequence = await engine.open();
    const banned = [() => {}] as unknown as number[];
    await expect(sequence.step([BOS], { ...GREEDY, banned })).rejects.toThrow('could not be cloned');
    expect(await greedy(sequence, [BOS], 3)).toEqual(goldenIds.slice(0, 3));
  });
});

describe('a model that cannot be opened', () => {
  test.each(['thread', 'process'] as const)('is named in one line (in a %s)', async (isolation) => {
    const graph = `${stories.directory}/missing.onnx`;
    const load = OnnxEngine.load({ ...stories.options(), graph }, isolation);
    await expect(load).rejects.toThrow(`${graph} cannot be used: `);
    await expect(load).rejects.toThrow(/^[^\n]*$/);
  });
});

/** Many long prompts one after the other: whatever happens, it happens while the session works. */
async function readOnAndOn(sequence: Sequence): Promise<(Step | Error)[]> {
  const steps: Promise<Step | Error>[] = [];
  for (let index = 0; index < 50; index++) {
    const step = sequence.step(nonsense(500), GREEDY);
    steps.push(step.catch((error: Error) => error));
    void sequence.truncate(0).catch(() => {});
  }
  return Promise.all(steps);
}

async function expectAlive(before: number | undefined): Promise<void> {
  const [first, second] = await Promise.all([engine.open(), engine.open()]);
  expect(await greedy(first, [BOS], 10)).toEqual(goldenIds.slice(0, 10));
  expect(await greedy(second, [BOS], 10)).toEqual(goldenIds.slice(0, 10));
  if (before !== undefined) expect(await engine.processId()).not.toBe(before);
}

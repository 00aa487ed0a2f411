import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { Engine, Sampling } from '#dist/src/engine/engine.js';
import { OnnxEngine } from '#dist/src/engine/onnx/client.js';
import { GREEDY, greedy, nonsense } from '../../helpers/greedy.js';
import { softwareGpu } from '../../helpers/software-gpu.js';
import { BOS, convertStories, golden, goldenIds } from '../../helpers/stories.js';

const gpu = softwareGpu();
if (gpu === undefined)
  console.log('WebGPU tests are skipped: no SwiftShader here (test/setup-optional.sh installs it)');

describe.skipIf(gpu === undefined)('WebGPU, in software', { timeout: 120_000 }, async () => {
  if (gpu === undefined) return;
  Object.assign(process.env, gpu);
  const stories = await convertStories();
  const engines = await Promise.all([
    OnnxEngine.load(stories.options('standard', 'webgpu'), 'process'),
    OnnxEngine.load(stories.options('rows', 'cpu')),
  ]);
  const [webgpu] = engines;
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));

  /** What a task gives on both devices. */
  const onBoth = <Result>(task: (engine: Engine) => Promise<Result>) => Promise.all(engines.map(task));

  test('writes the golden text', async () => {
    expect(await greedy(await webgpu.open(), [BOS], 30)).toEqual(goldenIds.slice(0, 30));
  });

  test('reads a prompt, takes a call back and goes on like the CPU, at the cost of one position', async () => {
    const outcomes = await onBoth(async (engine) => {
      const sequence = await engine.open();
      await sequence.step(golden.tokens.slice(0, 20), GREEDY);
      const opening = goldenIds[20]!; // what comes next is taken for the opening of a call
      const opened = await sequence.step([goldenIds[19]!], openingAt(opening));
      expect(opened).toMatchObject({ token: opening, opened: 'rank' });
      const start = sequence.length;
      const call = await greedy(sequence, [opening, ...nonsense(4)], 4);
      const before = sequence.evaluatedTokens;
      await sequence.truncate(start);
      await sequence.truncate(start - 1);
      const again = await sequence.step([goldenIds[19]!], { ...GREEDY, banned: [opening] });
      const evaluated = sequence.evaluatedTokens - before;
      return { call, again: again.token, evaluated, text: await greedy(sequence, [again.token], 8) };
    });
    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(outcomes[0]!.again).not.toBe(goldenIds[20]);
    expect(outcomes[0]!.evaluated).toBe(1);
  });

  test('goes on after several turns and from earlier positions like the CPU', async () => {
    const [onGpu, onCpu] = await onBoth(async (engine) => {
      const sequence = await engine.open();
      const written: number[][] = [];
      for (const turn of [nonsense(8, 1), nonsense(6, 2), nonsense(8, 3)])
        written.push(await greedy(sequence, turn, 4));
      await sequence.truncate(12);
      written.push(await greedy(sequence, nonsense(5, 4), 4));
      return written;
    });
    expect(onGpu).toEqual(onCpu);
  });

  test('forks and takes turns like the CPU', async () => {
    const [onGpu, onCpu] = await onBoth(async (engine) => {
      const sequence = await engine.open();
      await sequence.step(golden.tokens.slice(0, 12), GREEDY);
      const [whole, half] = [await sequence.fork(), await sequence.fork(8)];
      return Promise.all([
        greedy(sequence, [golden.tokens[12]!], 4),
        greedy(whole, nonsense(3), 4),
        greedy(half, [golden.tokens[8]!], 4),
      ]);
    });
    expect(onGpu).toEqual(onCpu);
    expect(onGpu![0]).toEqual(golden.tokens.slice(13, 17));
  });

  test('scores like the CPU, and the cache is left as it was', async () => {
    const [onGpu, onCpu] = await onBoth(async (engine) => {
      const sequence = await engine.open();
      await sequence.step(golden.tokens.slice(0, 12), GREEDY);
      const scores = await sequence.score(golden.tokens.slice(12, 20), [7, 403]);
      return { scores, next: await greedy(sequence, [golden.tokens[12]!], 3) };
    });
    const flat = ({ scores }: typeof onGpu & {}) => [...scores.tokens, ...scores.ids.flatMap((ids) => [...ids])];
    for (const [index, logprob] of flat(onGpu!).entries()) expect(logprob).toBeCloseTo(flat(onCpu!)[index]!, 2);
    expect(onGpu!.next).toEqual(onCpu!.next);
  });

  test.skipIf(process.platform !== 'linux')('gives the memory of closed sequences back', async () => {
    const round = async () => {
      const sequence = await webgpu.open();
      await greedy(sequence, nonsense(8), 3);
      const fork = await sequence.fork();
      await fork.step([7], GREEDY);
      await Promise.all([sequence.close(), fork.close()]);
    };
    for (let count = 0; count < 3; count++) await round();
    const before = await residentMebibytes((await webgpu.processId())!);
    for (let count = 0; count < 12; count++) await round();
    const growth = (await residentMebibytes((await webgpu.processId())!)) - before;
    console.log(`growth over 12 rounds on WebGPU: ${growth.toFixed(1)} MiB`);
    expect(growth).toBeLessThan(50);
  });

  test('works in a thread, too', async () => {
    const engine = await OnnxEngine.load(stories.options('standard', 'webgpu'), 'thread');
    expect(engine.info.device).toBe('webgpu');
    expect(await greedy(await engine.open(), [BOS], 3)).toEqual(goldenIds.slice(0, 3));
    await engine.close();
  });
});

function openingAt(id: number): Sampling {
  return { ...GREEDY, opening: { ids: [id], topK: 1, threshold: 1 } };
}

async function residentMebibytes(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
}

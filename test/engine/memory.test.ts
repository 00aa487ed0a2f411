import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { OnnxEngine } from '#dist/src/engine/onnx/client.js';
import { GREEDY, greedy, nonsense } from '../helpers/greedy.js';
import { convertStories, type Graph } from '../helpers/stories.js';

const stories = await convertStories();
const MEBIBYTE = 2 ** 20;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test.each<Graph>(['rows', 'standard'])(
  '100 rounds of opening, running and closing on the %s graph take no memory along',
  async (graph) => {
    const engine = await OnnxEngine.load(stories.options(graph));
    const round = async (index: number) => {
      const sequence = await engine.open();
      await greedy(sequence, nonsense(100, index), 5);
      const fork = await sequence.fork(50);
      await fork.step([7], GREEDY);
      await sequence.score(nonsense(20));
      await Promise.all([sequence.close(), fork.close()]);
    };
    const growth = await growthOver(100, round);
    await engine.close();
    expect(growth).toBeLessThan(50 * MEBIBYTE);
  },
);

test('neither do engines that are loaded and closed', async () => {
  const round = async () => {
    const engine = await OnnxEngine.load(stories.options());
    await (await engine.open()).step(nonsense(50), GREEDY);
    await engine.close();
  };
  expect(await growthOver(8, round)).toBeLessThan(50 * MEBIBYTE);
});

/** Growth of this process in bytes over so many rounds, after some that warm it up. */
async function growthOver(rounds: number, round: (index: number) => Promise<void>): Promise<number> {
  const resident = () => {
    collectGarbage();
    return process.memoryUsage.rss();
  };
  for (let index = 0; index < Math.ceil(rounds / 5); index++) await round(index);
  const before = resident();
  for (let index = 0; index < rounds; index++) await round(index);
  const growth = resident() - before;
  console.log(`growth over ${rounds} rounds: ${(growth / MEBIBYTE).toFixed(1)} MiB`);
  return growth;
}

import { expect, test } from 'vitest';
import { OnnxEngine } from '#dist/src/engine/onnx/client.js';
import { GREEDY, nonsense } from '../helpers/greedy.js';
import { convertStories } from '../helpers/stories.js';

const TIMER_MS = 10;
const stories = await convertStories();

test.each(['thread', 'process'] as const)(
  'the event loop stays free while the model runs in a %s',
  async (isolation) => {
    const engine = await OnnxEngine.load(stories.options(), isolation);
    const sequence = await engine.open();
    let ticks = 0;
    const timer = setInterval(() => ticks++, TIMER_MS);
    const start = performance.now();
    const before = performance.eventLoopUtilization();
    while (performance.now() - start < 800) {
      await sequence.step(nonsense(500), GREEDY);
      await sequence.truncate(0);
    }
    const { utilization } = performance.eventLoopUtilization(before);
    const elapsedMs = performance.now() - start;
    clearInterval(timer);
    await engine.close();
    // Generous, as the machine may be busy with other things: a model on this thread would leave next to nothing of either.
    expect(ticks).toBeGreaterThan(elapsedMs / TIMER_MS / 4);
    expect(utilization).toBeLessThan(0.5);
  },
);

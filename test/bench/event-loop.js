/** How long the main thread is kept waiting while an answer is written: a server goes on serving. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Toolformer } from '#dist/src/index.js';
import { model, printTable } from '../helpers/bench.js';

const SECONDS = 5;

const agent = await Toolformer.load({ model, device: 'cpu', threads: 2, tools: [] });
await agent.generate('Hello', { maxTokens: 16 });
const delay = monitorEventLoopDelay({ resolution: 1 });
const start = performance.now();
let tokens = 0;
delay.enable();
for (let seed = 0; performance.now() - start < SECONDS * 1000; seed++) {
  const { usage } = await agent.generate('Tell me something about a day in spring.', { temperature: 1, seed });
  tokens += usage.outputTokens;
}
delay.disable();
await agent.close();
const milliseconds = [50, 99, 100].map((percentile) => delay.percentile(percentile) / 1e6);
printTable(
  `Main-thread delay over ${SECONDS} s and ${tokens} tokens, ms (the timer's own 1 ms included)`,
  ['p50', 'p99', 'largest'],
  [milliseconds],
);

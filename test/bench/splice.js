/** What a result of 10 tokens costs at several lengths of context: spliced into the cache, and with everything read anew. */
import { GREEDY, loadEngine, median, nonsense, printTable, sessionOptions, timed } from '../helpers/bench.js';

const RESULT_TOKENS = 10;
const ROUNDS = 15;

const options = await sessionOptions();
const engine = await loadEngine(options);
const rows = [];
for (const length of [200, 1000, 1500]) {
  if (length + RESULT_TOKENS > options.contextLength) continue;
  const context = nonsense(length, options.vocabularySize);
  const result = nonsense(RESULT_TOKENS, options.vocabularySize);
  const sequence = await engine.open();
  await sequence.step(context, GREEDY);
  const splices = [];
  const prefills = [];
  for (let round = 0; round < ROUNDS; round++) {
    splices.push(await timed(() => sequence.step(result, GREEDY)));
    await sequence.truncate(length);
    const fresh = await engine.open();
    prefills.push(await timed(() => fresh.step([...context, ...result], GREEDY)));
    await fresh.close();
  }
  await sequence.close();
  rows.push([length, median(splices), median(prefills), `${(median(prefills) / median(splices)).toFixed(0)} times`]);
}
await engine.close();
printTable(
  'A result of 10 tokens, 2 threads (median)',
  ['context', 'splice, ms', 'new prefill, ms', 'prefill / splice'],
  rows,
);

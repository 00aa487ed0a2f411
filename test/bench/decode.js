/** How fast tokens are written one by one, with the way from the main thread to the session and back. */
import { GREEDY, loadEngine, median, nonsense, printTable, sessionOptions } from '../helpers/bench.js';

const TOKENS = 200;
const ROUNDS = 3;

const rows = [];
for (const [isolation, threads] of /** @type {const} */ ([
  ['thread', 2],
  ['thread', 1],
  ['process', 2],
])) {
  const options = await sessionOptions('cpu', threads);
  const engine = await loadEngine(options, isolation);
  const speeds = [];
  for (const length of [100, 1000]) {
    if (length + TOKENS > options.contextLength) continue;
    const rates = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const sequence = await engine.open();
      let { token } = await sequence.step(nonsense(length, options.vocabularySize), GREEDY);
      const start = performance.now();
      for (let count = 0; count < TOKENS; count++) ({ token } = await sequence.step([token], GREEDY));
      if (round > 0) rates.push((1000 * TOKENS) / (performance.now() - start)); // the first one warms up
      await sequence.close();
    }
    speeds.push(median(rates));
  }
  await engine.close();
  rows.push([isolation, threads, ...speeds]);
}
printTable('Decoding, tokens/s', ['isolation', 'threads', 'after 100', 'after 1000'].slice(0, rows[0]?.length), rows);

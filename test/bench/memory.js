/** Whether 100 rounds of opening, running and closing leave memory behind: sequences of one engine, and whole engines. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GREEDY, loadEngine, nonsense, printTable, sessionOptions } from '../helpers/bench.js';

const ROUNDS = 100;
const WARM_UP = 20;
const MEBIBYTE = 2 ** 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
const options = await sessionOptions();
const prompt = nonsense(100, options.vocabularySize);

const shared = await loadEngine(options);
const rows = [await grow('sequences of one engine', () => useSequence(shared))];
await shared.close();
rows.push(
  await grow('engines', async () => {
    const engine = await loadEngine(options);
    await useSequence(engine);
    await engine.close();
  }),
);
printTable(
  `Resident memory over ${ROUNDS} rounds, MiB (after ${WARM_UP} that warm up)`,
  ['', 'before', 'growth'],
  rows,
);

/** @param {import('#dist/src/engine/engine.js').Engine} engine */
async function useSequence(engine) {
  const sequence = await engine.open();
  await sequence.step(prompt, GREEDY);
  for (let count = 0; count < 20; count++) await sequence.step([290], GREEDY);
  await sequence.close();
}

/** @param {string} what @param {() => Promise<void>} round @returns {Promise<(string | number)[]>} */
async function grow(what, round) {
  for (let count = 0; count < WARM_UP; count++) await round();
  const before = resident();
  for (let count = 0; count < ROUNDS; count++) await round();
  return [what, before, resident() - before];
}

function resident() {
  collectGarbage();
  return process.memoryUsage.rss() / MEBIBYTE;
}

/** From the start of the process to the first text on standard output, the device remembered from an earlier start. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memoryFile, remember } from '#dist/src/engine/onnx/device/memory.js';
import { median, model, printTable, sessionOptions } from '../helpers/bench.js';

const ROUNDS = 10;
const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

const cache = await mkdtemp(join(tmpdir(), 'toolformer-bench-'));
const options = await sessionOptions('cpu', 0); // the command's own number of threads
await remember(await memoryFile(cache, options), { device: 'cpu', reason: 'bench', wasAnnounced: true });
const firsts = [];
const wholes = [];
for (let round = 0; round < ROUNDS; round++) {
  const { firstMs, wholeMs } = await answer();
  firsts.push(firstMs);
  wholes.push(wholeMs);
}
await rm(cache, { recursive: true });
printTable(
  `Cold one-shot, ms (${ROUNDS} starts)`,
  ['', 'median', 'slowest'],
  [
    ['to the first text', median(firsts), Math.max(...firsts)],
    ['to the end', median(wholes), Math.max(...wholes)],
  ],
);

/** @returns {Promise<{ firstMs: number, wholeMs: number }>} */
function answer() {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let firstMs = Number.NaN;
    const child = spawn(process.execPath, [main, '--model', model, '--max-tokens', '40', 'What is 37 times 48?'], {
      env: { ...process.env, TOOLFORMER_CACHE: cache },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.once('data', () => {
      firstMs = performance.now() - start;
    });
    child.once('close', (code) => {
      if (code === 0) resolve({ firstMs, wholeMs: performance.now() - start });
      else reject(new Error(`The program ended with ${code}`));
    });
  });
}

/** What the benches share: which model, how it is opened, how figures are printed. */
import { parseArgs } from 'node:util';
import { OnnxEngine } from '#dist/src/engine/onnx/client.js';
import { graphFor, readModelDirectory } from '#dist/src/model-directory.js';

/** @import { SessionOptions } from '#dist/src/engine/onnx/protocol.js' */

export const GREEDY = { temperature: 0, topK: 0, topP: 1, seed: 0 };

const { values: flags } = parseArgs({ options: { model: { type: 'string', default: 'embedded' } } });

/** `embedded`, or the folder after `--model`. */
export const { model } = flags;

/** @returns {Promise<SessionOptions>} */
export async function sessionOptions(device = 'cpu', threads = 2) {
  const directory = await readModelDirectory(model);
  const { contextLength, vocabularySize, layers, kvHeads, headSize } = directory.config;
  const sizes = { contextLength, vocabularySize, layers, kvHeads, headSize };
  return { model, graph: await graphFor(directory, device), device, dtype: directory.dtype, threads, ...sizes };
}

/** @param {SessionOptions} options @param {'thread' | 'process'} [isolation] */
export function loadEngine(options, isolation = 'thread') {
  return OnnxEngine.load(options, isolation);
}

/** Ids that mean nothing, the same every time, clear of the first ones, which control. */
export function nonsense(/** @type {number} */ length, /** @type {number} */ vocabularySize) {
  const usable = Math.min(vocabularySize, 4096) - 300;
  return Array.from({ length }, (_, index) => 290 + ((index * 37 + (index >> 3)) % usable));
}

/** @param {readonly number[]} values */
export function median(values) {
  return [...values].sort((left, right) => left - right)[values.length >> 1] ?? Number.NaN;
}

/** Milliseconds that a task takes. @param {() => Promise<unknown>} task */
export async function timed(task) {
  const start = performance.now();
  await task();
  return performance.now() - start;
}

/** Prints a table for a README. @param {string} title @param {readonly string[]} columns @param {readonly (readonly (string | number)[])[]} rows */
export function printTable(title, columns, rows) {
  const lines = [columns, columns.map(() => '---'), ...rows.map((row) => row.map(shown))];
  console.log(`\n${title}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`);
}

/** @param {string | number} value */
function shown(value) {
  return typeof value === 'number' ? String(Number(value.toPrecision(3))) : value;
}

/**
 * Measures devices one after the other, each in a child process, and writes down which is fastest. Runs detached, with the
 * request as its argument: whoever starts it may be gone before it has begun.
 */
import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import type { SessionOptions } from '../protocol.js';
import { unlock } from './lock.js';
import { type DeviceMemory, recall, remember } from './memory.js';
import type { Timing } from './timing.js';

export interface MeasureRequest {
  file: string;
  /** The CPU first: what the others are compared with. */
  candidates: SessionOptions[];
  /** For each candidate. */
  deadlineMs: number;
}

const DAY_MS = 86_400_000;
/** A device that is hardly faster is not worth its start-up time and memory. */
const WORTHWHILE = 1.2;

setPriority(10); // the answer that is being written comes first
const { file, candidates, deadlineMs } = JSON.parse(process.argv[2]!) as MeasureRequest;
process.once('exit', () => unlock(file));
const results: { device: string; timing: Timing }[] = [];
for (const options of candidates) results.push({ device: options.device, timing: await timeInChild(options) });
const choice = choose(results);
const before = await recall(file);
await remember(file, { ...choice, wasAnnounced: before?.device === choice.device && before.wasAnnounced });

function choose(results: { device: string; timing: Timing }[]): Omit<DeviceMemory, 'wasAnnounced'> {
  const [cpu, ...others] = results;
  const cpuMs = cpu && 'answerMs' in cpu.timing ? cpu.timing.answerMs : Number.POSITIVE_INFINITY;
  let best = { device: 'cpu', answerMs: cpuMs / WORTHWHILE };
  const reasons: string[] = [];
  for (const { device, timing } of others) {
    if ('error' in timing) reasons.push(timing.error.replace(/^The device /, ''));
    else {
      reasons.push(`${device} takes ${format(timing.answerMs)} for a short answer, cpu ${format(cpuMs)}`);
      if (timing.answerMs < best.answerMs) best = { device, answerMs: timing.answerMs };
    }
  }
  const hasFailed = others.some(({ timing }) => 'error' in timing);
  return {
    device: best.device,
    reason: reasons.join('; '),
    ...(hasFailed && { expiresAtMs: Date.now() + DAY_MS }),
  };
}

function format(milliseconds: number): string {
  return `${Number(milliseconds.toPrecision(3))} ms`;
}

function timeInChild(options: SessionOptions): Promise<Timing> {
  return new Promise((resolve) => {
    const child = fork(new URL('./timing.js', import.meta.url), {
      stdio: 'ignore',
      execArgv: [],
      serialization: 'advanced',
    });
    const deadline = setTimeout(() => {
      resolve({ error: `${options.device} gave no result within ${deadlineMs / 1000} s` });
      child.kill('SIGKILL');
    }, deadlineMs);
    child.once('message', (timing: Timing) => resolve(timing));
    child.once('exit', (code, signal) => {
      clearTimeout(deadline);
      resolve({ error: `the driver of ${options.device} ended the process (${signal ?? `code ${code}`})` });
    });
    child.send(options);
  });
}

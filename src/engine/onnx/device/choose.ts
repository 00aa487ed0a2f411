/** `--device auto`: what was measured fastest for this model on this machine; until then the CPU, and a measurement. */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../../../cache-directory.js';
import type { SessionOptions } from '../protocol.js';
import { lock, unlock } from './lock.js';
import type { MeasureRequest } from './measure.js';
import { canRemember, forget, memoryFile, recall, remember } from './memory.js';

/** How long one device may take. */
const DEADLINE_MS = 120_000;

/** Execution providers that are worth a try, the likely fastest first. */
export function candidates(platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return ['webgpu', 'dml'];
  if (platform === 'darwin') return ['webgpu', 'coreml'];
  return ['cuda', 'webgpu'];
}

/**
 * @param optionsFor what a session on a device would be opened with
 * @param onNotice hears one line about the choice, when it is news
 */
export async function chooseDevice(
  optionsFor: (device: string) => Promise<SessionOptions>,
  onNotice: (line: string) => void,
): Promise<string> {
  const cpu = await optionsFor('cpu');
  const directory = await cacheDirectory().catch((error: Error) => error);
  if (directory instanceof Error) {
    onNotice(`device: cpu (others are not measured: ${directory.message})`);
    return 'cpu';
  }
  const file = await memoryFile(directory, cpu);
  const memory = await recall(file);
  if (memory !== undefined) {
    if (!memory.wasAnnounced) {
      onNotice(`device: ${memory.device} (${memory.reason})`);
      await remember(file, { ...memory, wasAnnounced: true });
    }
    // The device goes on being used while it is measured again.
    if (Date.now() > (memory.expiresAtMs ?? Number.POSITIVE_INFINITY)) await startMeasuring(file, cpu, optionsFor);
    return memory.device;
  }
  if (!(await canRemember(file))) {
    onNotice(`device: cpu (others are not measured: ${dirname(file)} cannot be written)`);
    return 'cpu';
  }
  const others = candidates(process.platform).join(' and ');
  onNotice(`device: cpu (${others} will be measured in the background for the next start)`);
  await startMeasuring(file, cpu, optionsFor);
  return 'cpu';
}

/** Loads on the chosen device. One that was fastest and cannot be used any more (its driver is gone) gives way to the CPU. */
export async function loadOnChosenDevice<Loaded>(
  optionsFor: (device: string) => Promise<SessionOptions>,
  onNotice: (line: string) => void,
  load: (device: string) => Promise<Loaded>,
): Promise<Loaded> {
  const device = await chooseDevice(optionsFor, onNotice);
  try {
    return await load(device);
  } catch (error) {
    if (device === 'cpu') throw error;
    await forget(await memoryFile(await cacheDirectory(), await optionsFor('cpu')));
    onNotice(`device: cpu (${(error as Error).message.replace(/^The device /, '')})`);
    return load('cpu');
  }
}

/** The measurement outlives this program where it must: nothing waits for it. One that another start began is left to it. */
async function startMeasuring(
  file: string,
  cpu: SessionOptions,
  optionsFor: (device: string) => Promise<SessionOptions>,
): Promise<void> {
  const others = await Promise.all(candidates(process.platform).map(optionsFor));
  const request: MeasureRequest = { file, candidates: [cpu, ...others], deadlineMs: DEADLINE_MS };
  if (!(await lock(file, request.candidates.length * DEADLINE_MS))) return;
  const script = fileURLToPath(new URL('./measure.js', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(request)], {
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
  });
  child.on('error', () => unlock(file)); // no measurement then; the CPU works
  child.unref();
}

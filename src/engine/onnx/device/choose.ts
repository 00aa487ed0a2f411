/** `--device auto`: what was measured fastest for this model on this machine; until then the CPU, and a measurement. */
import { fork } from 'node:child_process';
import { cacheDirectory } from '../../../cache-directory.js';
import type { SessionOptions } from '../protocol.js';
import type { MeasureRequest } from './measure.js';
import { memoryFile, recall, remember } from './memory.js';

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
  const file = await memoryFile(cacheDirectory(), cpu.graph);
  const memory = await recall(file);
  if (memory !== undefined) {
    if (!memory.wasAnnounced) {
      onNotice(`device: ${memory.device} (${memory.reason})`);
      await remember(file, { ...memory, wasAnnounced: true });
    }
    return memory.device;
  }
  const others = candidates(process.platform);
  onNotice(`device: cpu (${others.join(' and ')} will be measured in the background for the next start)`);
  const sessions = await Promise.all(others.map(optionsFor));
  startMeasuring({ file, candidates: [cpu, ...sessions] });
  return 'cpu';
}

/** The measurement outlives this program where it must: nothing waits for it. */
function startMeasuring(request: MeasureRequest): void {
  const child = fork(new URL('./measure.js', import.meta.url), {
    detached: true,
    stdio: 'ignore',
    execArgv: [],
    serialization: 'advanced',
  });
  child.on('error', () => {}); // no measurement then; the CPU works
  child.send(request, () => {
    if (child.connected) child.disconnect();
  });
  child.unref();
}

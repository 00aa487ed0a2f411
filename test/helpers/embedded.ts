/** The checkout for tests, and a cache in which the embedded model's device is settled. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memoryFile, remember } from '#dist/src/engine/onnx/device/memory.js';
import { graphFor, readModelDirectory } from '#dist/src/model-directory.js';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A cache folder that remembers the CPU for the embedded model, so that no test measures devices in the background. */
export async function settledCache(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'toolformer-cache-'));
  const graph = await graphFor(await readModelDirectory('embedded'), 'cpu');
  await remember(await memoryFile(folder, { graph, threads: 0 }), {
    device: 'cpu',
    reason: 'a test',
    wasAnnounced: true,
  });
  return folder;
}

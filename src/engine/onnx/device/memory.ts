/** Remembers which device was fastest, by model, machine and runtime version. */
import { createHash } from 'node:crypto';
import { access, constants, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { SessionOptions } from '../protocol.js';
import { runtimeVersion } from '../runtime.js';

const schema = z.object({
  device: z.string(),
  reason: z.string(),
  wasAnnounced: z.boolean(),
  /** When it should be measured again: there where a device failed, whose driver may be installed meanwhile. */
  expiresAtMs: z.number().optional(),
});
export type DeviceMemory = z.infer<typeof schema>;

/** The file for this model and these CPU threads on this machine with this runtime: another of any of them is measured anew. */
export async function memoryFile(
  cacheDirectory: string,
  { graph, threads }: Pick<SessionOptions, 'graph' | 'threads'>,
): Promise<string> {
  const { size, mtimeMs } = await stat(graph);
  const machine = [process.platform, process.arch, cpus().length, cpus()[0]?.model];
  const key = createHash('sha256')
    .update(JSON.stringify([runtimeVersion(), graph, size, mtimeMs, threads, ...machine]))
    .digest('hex');
  return join(cacheDirectory, 'devices', `${key.slice(0, 32)}.json`);
}

export async function recall(file: string): Promise<DeviceMemory | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined; // missing or damaged: it is measured again
  }
}

/** Whether a measurement could be written down at all. */
export async function canRemember(file: string): Promise<boolean> {
  try {
    await makeFolder(dirname(file));
    await access(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export async function remember(file: string, memory: DeviceMemory): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  try {
    await makeFolder(dirname(file));
    await writeFile(temporary, JSON.stringify(memory));
    await rename(temporary, file);
  } catch {
    // What cannot be written down is measured or announced again, nothing else.
  }
}

/** What is no longer so is measured again. */
export async function forget(file: string): Promise<void> {
  await rm(file, { force: true }).catch(() => {});
}

/** Makes a folder and those above it. (`recursive: true` never ends where a file system, as /proc, refuses with ENOENT.) */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch((again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST') throw again; // another process was faster
    });
  }
}

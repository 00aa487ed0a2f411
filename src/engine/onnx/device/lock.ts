/** One measurement at a time: a file beside the memory file, from before it is started until it ends. */
import { rmSync } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';

/** @returns whether nobody else has it. One that is older than `patienceMs` was left behind: it is taken over. */
export async function lock(file: string, patienceMs: number): Promise<boolean> {
  if (await create(file)) return true;
  const ageMs = await stat(lockFile(file)).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (ageMs <= patienceMs) return false;
  await rm(lockFile(file), { force: true }).catch(() => {});
  return create(file);
}

export function unlock(file: string): void {
  rmSync(lockFile(file), { force: true });
}

/** Whether it was not there before. */
function create(file: string): Promise<boolean> {
  return writeFile(lockFile(file), '', { flag: 'wx' }).then(
    () => true,
    () => false,
  );
}

function lockFile(file: string): string {
  return `${file}.lock`;
}

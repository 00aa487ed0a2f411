/** Where the program keeps what it can make again: measured devices, downloaded models. */

import { homedir } from 'node:os';

/** @throws {Error} where there is no home folder to put it in, and `TOOLFORMER_CACHE` names no other */
export async function cacheDirectory(): Promise<string> {
  if (process.env.TOOLFORMER_CACHE) return process.env.TOOLFORMER_CACHE;
  try {
    if (homedir() === '') throw new Error('the home folder has no name');
    const { default: envPaths } = await import('env-paths'); // asks for the home folder as soon as it is loaded
    return envPaths('toolformer', { suffix: '' }).cache;
  } catch {
    throw new Error('there is no home folder for a cache; TOOLFORMER_CACHE can name another place');
  }
}

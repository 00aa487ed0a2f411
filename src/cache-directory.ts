/** Where the program keeps what it can make again: measured devices, downloaded models. */

/** @throws {Error} where there is no home folder to put it in, and `TOOLFORMER_CACHE` names no other */
export async function cacheDirectory(): Promise<string> {
  if (process.env.TOOLFORMER_CACHE) return process.env.TOOLFORMER_CACHE;
  try {
    const { default: envPaths } = await import('env-paths'); // asks for the home folder as soon as it is loaded
    return envPaths('toolformer', { suffix: '' }).cache;
  } catch {
    throw new Error('there is no home folder for a cache; TOOLFORMER_CACHE can name another place');
  }
}

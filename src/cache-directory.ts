/** Where the program keeps what it can make again: measured devices, downloaded models. */
import envPaths from 'env-paths';

export function cacheDirectory(): string {
  return process.env.TOOLFORMER_CACHE || envPaths('toolformer', { suffix: '' }).cache;
}

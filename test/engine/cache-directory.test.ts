import { afterEach, expect, test, vi } from 'vitest';
import { cacheDirectory } from '#dist/src/cache-directory.js';

afterEach(() => vi.unstubAllEnvs());

test('is where TOOLFORMER_CACHE says', async () => {
  vi.stubEnv('TOOLFORMER_CACHE', '/somewhere/else');
  expect(await cacheDirectory()).toBe('/somewhere/else');
});

test.skipIf(process.platform === 'win32')('is never the folder one happens to be in', async () => {
  vi.stubEnv('TOOLFORMER_CACHE', undefined);
  vi.stubEnv('HOME', '');
  await expect(cacheDirectory()).rejects.toThrow(/^there is no home folder for a cache; TOOLFORMER_CACHE can name/);
});

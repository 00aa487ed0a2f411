/** The examples run as they are, and stay short. */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, settledCache } from './helpers/embedded.js';

const folder = join(root, 'examples');
const files = (await readdir(folder)).filter((name) => name.endsWith('.js')).sort();

/** What an example must print, by the number it begins with. */
const printed: Record<string, RegExp[]> = {
  '01': [/\b127\b/, /^calculator \{"expression":".+"\} → 127$/m],
  '02': [/^[^→]*\b340\b/, /^stock \{"sku":"B-204"\} → 340$/m],
  '03': [/^text {3}"/m, /^call {3}calculator \{/m, /^result 42 \(/m, /^finish stop \{"promptTokens":/m],
  '04': [/^signal: aborted after \d+ tokens$/m, /^break: the loop is over$/m, /\b144\b/],
  '05': [/Bonjour/, /좋은 아침입니다/],
};

describe('the examples', () => {
  it('are numbered from 01 without a gap', () => {
    expect(files.map((name) => name.slice(0, 2))).toEqual(Object.keys(printed).sort());
  });

  it.each(files)('%s is type-checked and under 40 lines', async (name) => {
    const source = await readFile(join(folder, name), 'utf8');
    expect(source).toMatch(/^\/\/ @ts-check\n/);
    expect(source.trimEnd().split('\n').length).toBeLessThan(40);
  });
});

describe('each example', () => {
  let cache: string;
  beforeAll(async () => {
    cache = await settledCache();
  });
  afterAll(() => rm(cache, { recursive: true, force: true }));

  it.each(files)('%s runs, prints what it promises and ends by itself', async (name) => {
    const env = { ...process.env, TOOLFORMER_CACHE: cache };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join('examples', name)], {
      cwd: root,
      env,
      timeout: 30_000,
    });
    for (const pattern of printed[name.slice(0, 2)] ?? []) expect(stdout).toMatch(pattern);
    expect(stderr).toBe('');
  });
});

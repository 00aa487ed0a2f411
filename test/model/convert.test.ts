import { execFile } from 'node:child_process';
import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { convert } from '#dist/model/convert.js';
import { rowsGraph } from '#dist/model/onnx/rows.js';
import { standardGraph } from '#dist/model/onnx/standard.js';
import { SafetensorsFile } from '#dist/model/read/safetensors-file.js';
import { openSource } from '#dist/model/read/source.js';
import { type Entry, layOut } from '#dist/model/weights/layout.js';
import { writeWeights } from '#dist/model/weights/write.js';
import { openGraphs } from '../reference/sessions.js';
import { temporaryDirectory } from './temporary-directory.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const STORIES = join(HERE, '../fixtures/stories260K');
const PROGRAM = join(HERE, '../../dist/src/cli/main.js');
let home: string;

beforeEach(async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  home = directory.path;
});

describe('convert', () => {
  test('writes a folder that says how it was made, and reports its progress', async () => {
    const progress: number[] = [];
    const directory = join(home, 'new/folder');
    await convert({
      source: STORIES,
      directory,
      dtype: 'q8',
      block: 64,
      onProgress: (done, total) => progress.push(done / total),
    });
    expect(await readdir(directory)).toEqual([
      'config.json',
      'generation_config.json',
      'model.onnx',
      'model.onnx_data',
      'model.rows.onnx',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const config = JSON.parse(await readFile(join(directory, 'config.json'), 'utf8'));
    expect(config.toolformer).toEqual({ dtype: 'q8', block: 64, rope: 'interleaved' });
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBeGreaterThan(0.99);
    expect(await readdir(join(home, 'new'))).toEqual(['folder']);
  });

  test('keeps one copy of a tied embedding', async () => {
    const { config, close } = await openSource(STORIES);
    await close();
    const bytes = layOut(config, 'q4', 32).length;
    expect(layOut({ ...config, tied: false }, 'q4', 32).length - bytes).toBeGreaterThan((512 * 64) / 2);
  });

  test('refuses a folder with something in it, unless told to overwrite what was converted before', async () => {
    await writeFile(join(home, 'mine.txt'), 'mine');
    await expect(convert({ source: STORIES, directory: home })).rejects.toThrow('is not empty; choose');
    await expect(convert({ source: STORIES, directory: home, overwrite: true })).rejects.toThrow(
      'is not empty; choose',
    );
    await expect(convert({ source: STORIES, directory: join(home, 'mine.txt') })).rejects.toThrow('is a file');
    const directory = join(home, 'empty');
    await mkdir(directory);
    await convert({ source: STORIES, directory });
    await expect(convert({ source: STORIES, directory })).rejects.toThrow('--force');
    await convert({ source: STORIES, directory, dtype: 'f32', overwrite: true });
    expect((await stat(join(directory, 'model.onnx_data'))).size).toBeGreaterThan(1e6);
  });

  test('leaves what was there as it was, and nothing else, when it is stopped midway', async () => {
    const directory = join(home, 'target');
    await convert({ source: STORIES, directory });
    const before = await readFile(join(directory, 'model.onnx_data'));
    const stop = new AbortController();
    const onProgress = (done: number, total: number) => done > total / 2 && stop.abort();
    const { signal } = stop;
    const run = convert({ source: STORIES, directory, dtype: 'f32', overwrite: true, onProgress, signal });
    await expect(run).rejects.toHaveProperty('name', 'AbortError');
    expect(await readdir(home)).toEqual(['target']);
    expect(await readFile(join(directory, 'model.onnx_data'))).toEqual(before);
  });

  test('says so in one line where the disk is full', async () => {
    const source = await openSource(STORIES);
    const read = () =>
      Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
    const run = convert({ source: { ...source, read }, directory: join(home, 'new/target') });
    await expect(run).rejects.toThrow(/The disk of .*target is full/);
    await source.close();
    expect(await readdir(home)).toEqual([]);
  });
});

describe('files over 2 GB', () => {
  const FAR = 3 * 2 ** 30;

  test('of weights are written and loaded at offsets past 3 GiB', async () => {
    const source = await openSource(STORIES);
    const near = layOut(source.config, 'q8', 32);
    const move = (entry: Entry): Entry => ({
      ...entry,
      parts: entry.parts.map((part) => ({ ...part, offset: part.offset + FAR })),
    });
    const far = {
      entries: new Map([...near.entries].map(([name, entry]) => [name, move(entry)])),
      length: near.length + FAR,
    };
    const logits: number[][][] = [];
    for (const [name, layout] of Object.entries({ near, far })) {
      const directory = join(home, name);
      await mkdir(directory);
      await writeWeights(source, layout, join(directory, 'weights'), {}); // the first 3 GiB are a hole that takes no space
      await writeFile(join(directory, 'config.json'), source.files.get('config.json')!);
      for (const [file, build] of Object.entries({ 'model.onnx': standardGraph, 'model.rows.onnx': rowsGraph })) {
        await writeFile(join(directory, file), build(source.config, layout, source.rope, 'weights').encode(file));
      }
      for (const session of Object.values(await openGraphs(directory))) {
        logits.push(await session.step([1, 403, 407]));
        await session.release();
      }
    }
    await source.close();
    const [standard, rows, farStandard, farRows] = logits;
    expect(farStandard).toEqual(standard);
    expect(farRows).toEqual(rows);
  });

  test('of safetensors are read at offsets past 3 GiB', async () => {
    const path = join(home, 'large.safetensors');
    const header = Buffer.from(
      JSON.stringify({
        zeros: { dtype: 'F32', shape: [FAR / 4096, 1024], data_offsets: [0, FAR] },
        last: { dtype: 'F32', shape: [2, 2], data_offsets: [FAR, FAR + 16] },
      }),
    );
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(header.length));
    const file = await open(path, 'w');
    await file.write(Buffer.concat([size, header]), 0);
    await file.write(new Float32Array([1, 2, 3, 4]), 0, 16, 8 + header.length + FAR);
    await file.close();
    const weights = await SafetensorsFile.open(path);
    expect([...(await weights.read('last', 1, 2))]).toEqual([3, 4]);
    expect([...(await weights.read('zeros', FAR / 4096 - 1, FAR / 4096)).subarray(0, 2)]).toEqual([0, 0]);
    await weights.close();
  });
});

describe('toolformer convert', () => {
  const run = promisify(execFile);

  test('writes nothing to standard output and one line to standard error', async () => {
    const { stdout, stderr } = await run(process.execPath, [
      PROGRAM,
      'convert',
      STORIES,
      join(home, 'model'),
      '--dtype',
      'q8',
    ]);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Wrote .*model: q8, 0\.3 MB\.\n$/);
  });

  test.each([
    [['--dtype', 'q5'], 2, 'q4, q8, f16, f32'],
    [['--block', '33'], 2, '16, 32, 64, 128'],
    [['--what'], 2, '--what'],
    [[], 1, 'missing/source does not exist'],
  ])('with %j ends with exit code %i', async (flags, code, part) => {
    const failure = await run(process.execPath, [
      PROGRAM,
      'convert',
      'missing/source',
      join(home, 'model'),
      ...flags,
    ]).catch((error) => error);
    expect(failure.code).toBe(code);
    expect(failure.stderr).toContain(part);
    expect(failure.stderr.trim()).not.toContain('\n');
  });
});

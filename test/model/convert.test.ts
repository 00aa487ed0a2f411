import { execFile } from 'node:child_process';
import { cp, mkdir, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { convert } from '#dist/model/convert.js';
import { rowsGraph } from '#dist/model/onnx/rows.js';
import { standardGraph } from '#dist/model/onnx/standard.js';
import { SafetensorsFile } from '#dist/model/read/safetensors-file.js';
import { openSource } from '#dist/model/read/source.js';
import { moveUp } from '#dist/model/target.js';
import { type Entry, layOut } from '#dist/model/weights/layout.js';
import { writeWeights } from '#dist/model/weights/write.js';
import { openGraphs } from '../reference/sessions.js';
import { temporaryDirectory } from './temporary-directory.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const STORIES = join(HERE, '../fixtures/stories260K');
const SAFETENSORS = join(HERE, '../fixtures/hf-f32');
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
    expect(await readdir(directory)).toHaveLength(7);
    expect(await readFile(join(directory, 'model.onnx_data'))).toEqual(before);
  });

  test('overwrites an earlier conversion and nothing else: neither what lies beside it nor the source', async () => {
    const directory = join(home, 'target');
    await convert({ source: STORIES, directory });
    await writeFile(join(directory, 'NOTES.md'), 'mine');
    const again = (source: string) => convert({ source, directory, overwrite: true });
    await expect(again(STORIES)).rejects.toThrow('holds NOTES.md beside a model');
    await rm(join(directory, 'NOTES.md'));
    await cp(SAFETENSORS, join(directory, 'checkpoint'), { recursive: true });
    await symlink(join(directory, 'checkpoint'), join(home, 'link'));
    for (const source of [directory, join(directory, 'checkpoint'), join(home, 'link')]) {
      await expect(again(source)).rejects.toThrow('choose another folder');
    }
    expect(await readdir(directory)).toHaveLength(8);
    expect(await readdir(join(directory, 'checkpoint'))).toContain('model.safetensors');
  });

  test('takes a folder for an earlier conversion by its config.json, not by a name in it', async () => {
    const source = join(home, 'source');
    await cp(SAFETENSORS, source, { recursive: true });
    await writeFile(join(source, 'model.onnx_data'), 'of someone else');
    const names = await readdir(source);
    await expect(convert({ source, directory: source, overwrite: true })).rejects.toThrow('lies in');
    await expect(convert({ source: STORIES, directory: source, overwrite: true })).rejects.toThrow('is not empty');
    expect(await readdir(source)).toEqual(names);
  });

  test('fills a folder that is there and leaves it the same one: it may be a mount point, or the working directory', async () => {
    const { ino } = await stat(home);
    await convert({ source: SAFETENSORS, directory: home });
    await convert({ source: STORIES, directory: home, dtype: 'f32', overwrite: true });
    expect((await stat(home)).ino).toBe(ino);
    expect(await readdir(home)).toHaveLength(7);
    expect(JSON.parse(await readFile(join(home, 'config.json'), 'utf8')).toolformer.dtype).toBe('f32');
  });

  test('leaves an empty folder empty when it is stopped midway', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const run = convert({ source: STORIES, directory: home, onProgress, signal: stop.signal });
    await expect(run).rejects.toHaveProperty('name', 'AbortError');
    expect(await readdir(home)).toEqual([]);
  });

  test('puts the earlier conversion back where a file cannot be moved', async () => {
    const temporary = join(home, '.temporary');
    await mkdir(temporary);
    await mkdir(join(home, 'taken/by'), { recursive: true }); // a file cannot be moved onto a folder
    for (const name of ['config.json', 'model.onnx']) await writeFile(join(home, name), 'old');
    for (const name of ['config.json', 'model.onnx', 'taken']) await writeFile(join(temporary, name), 'new');
    await expect(moveUp(temporary, home)).rejects.toThrow();
    expect(await readdir(home)).toEqual(['.temporary', 'config.json', 'model.onnx', 'taken']);
    expect(await readFile(join(home, 'model.onnx'), 'utf8')).toBe('old');
    expect(await readFile(join(temporary, 'model.onnx'), 'utf8')).toBe('new');
  });

  test('refuses a weight that f16 would make infinite, and names the tensor', async () => {
    const source = await openSource(SAFETENSORS);
    const large = (value: number) => ({
      ...source,
      async read(tensor: string, from: number, to: number) {
        const values = await source.read(tensor, from, to);
        if (tensor.endsWith('1.mlp.down_proj.weight')) values[3] = value;
        return values;
      },
    });
    const directory = join(home, 'target');
    for (const value of [65520, -70000]) {
      await expect(convert({ source: large(value), directory, dtype: 'f16' })).rejects.toThrow(
        `the tensor model.layers.1.mlp.down_proj.weight holds ${value}, which does not fit f16; use q8 or f32`,
      );
    }
    expect(await readdir(home)).toEqual([]);
    await convert({ source: large(65519), directory, dtype: 'f16' });
    await convert({ source: large(70000), directory, dtype: 'q8', overwrite: true });
    await source.close();
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
    expect(stderr).toMatch(/^Wrote .*model: q8, 0\.3 MB\.\nIt cannot answer yet: .*<\|call\|>.*\n$/);
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

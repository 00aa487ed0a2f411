import childProcess from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { candidates, chooseDevice, loadOnChosenDevice } from '#dist/src/engine/onnx/device/choose.js';
import { lock, unlock } from '#dist/src/engine/onnx/device/lock.js';
import { memoryFile, recall, remember } from '#dist/src/engine/onnx/device/memory.js';
import { convertStories } from '../../helpers/stories.js';

const stories = await convertStories();
const options = stories.options();
const optionsFor = async (device: string) => stories.options(device === 'cpu' ? 'rows' : 'standard', device);
let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'toolformer-cache-'));
  vi.stubEnv('TOOLFORMER_CACHE', cache);
  vi.stubEnv('VK_ICD_FILENAMES', join(cache, 'none.json')); // on Linux: a machine without a graphics driver
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true, force: true });
});

async function choose(): Promise<{ device: string; notices: string[] }> {
  const notices: string[] = [];
  return { device: await chooseDevice(optionsFor, (line) => notices.push(line)), notices };
}

test('the first answer starts on the CPU at once, and what the measurement finds is said once', async () => {
  const first = await choose();
  expect(first.device).toBe('cpu');
  expect(first.notices).toHaveLength(1);
  expect(first.notices[0]).toMatch(/^device: cpu \(.*webgpu will be measured in the background for the next start\)$/);

  const file = await memoryFile(cache, options);
  const memory = await vi.waitUntil(() => recall(file), { timeout: 60_000, interval: 100 });
  expect(memory.wasAnnounced).toBe(false);
  if (process.platform === 'linux') {
    expect(memory.device).toBe('cpu');
    expect(memory.reason).toContain('webgpu cannot be used: no WebGPU adapter was found');
  }

  expect(await choose()).toEqual({ device: memory.device, notices: [`device: ${memory.device} (${memory.reason})`] });
  expect(await choose()).toEqual({ device: memory.device, notices: [] });
  await vi.waitFor(async () => expect(await readdir(join(cache, 'devices'))).toHaveLength(1)); // no temporary files
  if (process.platform === 'linux') {
    const hours = (memory.expiresAtMs! - Date.now()) / 3_600_000; // a driver that is installed is found on the next day
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThanOrEqual(24);
  }
}, 90_000);

describe('one measurement at a time:', () => {
  test('starts before it ends begin no other, unless it was left behind', async () => {
    const file = await memoryFile(cache, options);
    expect(await lock(file, 60_000)).toBe(false); // there is no folder for it
    await mkdir(join(cache, 'devices'));
    const together = await Promise.all([1, 2, 3].map(() => lock(file, 60_000)));
    expect(together.filter(Boolean)).toEqual([true]);
    await utimes(`${file}.lock`, new Date(), new Date(Date.now() - 61_000));
    expect([await lock(file, 60_000), await lock(file, 60_000)]).toEqual([true, false]);
    unlock(file);
    expect(await lock(file, 60_000)).toBe(true);
  });

  test('several starts at a time begin one', async () => {
    const { spawn } = childProcess;
    const begun = vi.fn(() => ({ on() {}, unref() {} }));
    Object.assign(childProcess, { spawn: begun });
    syncBuiltinESMExports();
    try {
      for (const { device } of await Promise.all([choose(), choose(), choose()])) expect(device).toBe('cpu');
      await choose();
    } finally {
      Object.assign(childProcess, { spawn });
      syncBuiltinESMExports();
    }
    expect(begun).toHaveBeenCalledOnce();
  });
});

test.skipIf(process.platform !== 'linux')(
  'what is remembered of a device that failed is measured again after a day, while it goes on being used',
  async () => {
    const file = await memoryFile(cache, options);
    const past = { device: 'cpu', reason: 'no driver', wasAnnounced: true, expiresAtMs: Date.now() - 1 };
    await remember(file, past);
    expect(await choose()).toEqual({ device: 'cpu', notices: [] });
    const isNew = async () => ((await recall(file))?.expiresAtMs ?? 0) > Date.now();
    await vi.waitUntil(isNew, { timeout: 60_000, interval: 100 });
    expect((await recall(file))!.reason).toContain('webgpu cannot be used');
    expect(await choose()).toEqual({ device: 'cpu', notices: [] }); // the same device is no news
  },
  90_000,
);

test('what is remembered is used without a measurement', async () => {
  await remember(await memoryFile(cache, options), { device: 'webgpu', reason: 'it was faster', wasAnnounced: true });
  expect(await choose()).toEqual({ device: 'webgpu', notices: [] });
});

test('a remembered device that cannot be used any more gives way to the CPU and is forgotten', async () => {
  const file = await memoryFile(cache, options);
  await remember(file, { device: 'webgpu', reason: 'it was faster', wasAnnounced: true });
  const notices: string[] = [];
  const load = async (device: string) => {
    if (device !== 'cpu') throw new Error('The device webgpu cannot be used: its driver is gone');
    return device;
  };
  expect(await loadOnChosenDevice(optionsFor, (line) => notices.push(line), load)).toBe('cpu');
  expect(notices).toEqual(['device: cpu (webgpu cannot be used: its driver is gone)']);
  expect(await recall(file)).toBeUndefined();
});

test.each([['broken {'], ['{"device":7}'], ['']])('a damaged memory (%j) is measured anew', async (text) => {
  const file = await memoryFile(cache, options);
  await mkdir(join(cache, 'devices'));
  await writeFile(file, text);
  expect(await recall(file)).toBeUndefined();
});

test('a cache that cannot be written means the CPU, without a measurement that would be lost', async () => {
  const notAFolder = join(cache, 'file');
  await writeFile(notAFolder, '');
  vi.stubEnv('TOOLFORMER_CACHE', notAFolder);
  const { device, notices } = await choose();
  expect(device).toBe('cpu');
  expect(notices).toEqual([`device: cpu (others are not measured: ${join(notAFolder, 'devices')} cannot be written)`]);
  await remember(await memoryFile(notAFolder, options), { device: 'cpu', reason: '', wasAnnounced: true }); // no error
});

test('without a home folder the CPU is used, and the notice says what to set', async () => {
  vi.stubEnv('TOOLFORMER_CACHE', '');
  const homedir = os.homedir;
  os.homedir = () => {
    throw new Error('uv_os_homedir returned ENOENT');
  };
  syncBuiltinESMExports();
  try {
    const { device, notices } = await choose();
    expect(device).toBe('cpu');
    expect(notices).toEqual([expect.stringMatching(/^device: cpu \(others are not measured: .* TOOLFORMER_CACHE /)]);
  } finally {
    os.homedir = homedir;
    syncBuiltinESMExports();
  }
});

test.skipIf(process.platform !== 'linux')(
  'a cache where no folder can be made does not hold the answer up',
  async () => {
    vi.stubEnv('TOOLFORMER_CACHE', '/proc/toolformer');
    expect((await choose()).notices).toEqual([
      'device: cpu (others are not measured: /proc/toolformer/devices cannot be written)',
    ]);
  },
);

describe('the memory belongs to', () => {
  test('one model: another graph, or the same one converted anew, has its own', async () => {
    const file = await memoryFile(cache, options);
    expect(await memoryFile(cache, options)).toBe(file);
    expect(await memoryFile(cache, stories.options('standard'))).not.toBe(file);
    await utimes(options.graph, new Date(), new Date(Date.now() - 60_000));
    expect(await memoryFile(cache, options)).not.toBe(file);
  });

  test('one number of threads, by which the CPU is fast or slow', async () => {
    expect(await memoryFile(cache, { ...options, threads: 8 })).not.toBe(await memoryFile(cache, options));
  });

  test('one machine', async () => {
    const file = await memoryFile(cache, options);
    const original = os.cpus;
    os.cpus = () => [{ ...original()[0]!, model: 'Another Processor' }];
    syncBuiltinESMExports();
    try {
      expect(await memoryFile(cache, options)).not.toBe(file);
    } finally {
      os.cpus = original;
      syncBuiltinESMExports();
    }
    expect(await memoryFile(cache, options)).toBe(file);
  });
});

test('each platform has its candidates, never the CPU among them', () => {
  expect(candidates('linux')).toEqual(['cuda', 'webgpu']);
  expect(candidates('darwin')).toEqual(['webgpu', 'coreml']);
  expect(candidates('win32')).toEqual(['webgpu', 'dml']);
});

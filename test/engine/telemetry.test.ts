import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../cli/run-cli.js';
import { type RandomModel, randomModel } from '../helpers/random-model.js';

let files: RandomModel;
let home: string;
beforeAll(async () => {
  files = await randomModel();
  home = await mkdtemp(join(tmpdir(), 'toolformer-home-'));
});
afterAll(async () => {
  await files?.remove();
  if (home) await rm(home, { recursive: true, force: true });
});

test.each(['thread', 'process'])(
  'the runtime reports nothing and leaves nothing behind, in a %s',
  async (isolation) => {
    const env = { HOME: home, USERPROFILE: home, XDG_CACHE_HOME: join(home, 'cache'), CI: '' };
    const { code } = await runCli(['-m', files.directory, '--isolation', isolation, '--max-tokens', '4', 'Hi'], {
      env,
    });
    expect(code).toBe(0);
    expect(await readdir(home, { recursive: true })).toEqual([]);
  },
);

test('a user who says otherwise is not overruled', async () => {
  process.env.ORT_DISABLE_TELEMETRY = '0';
  await import('#dist/src/engine/onnx/telemetry.js');
  expect(process.env.ORT_DISABLE_TELEMETRY).toBe('0');
});

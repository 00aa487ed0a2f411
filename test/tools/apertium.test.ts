/** A real translation by a real service, where Debian's `apertium-apy` and `apertium-eng-spa` are installed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { translator } from '#dist/tools/index.js';

const MODES = '/usr/share/apertium/modes';
const program = (process.env.PATH ?? '')
  .split(':')
  .map((folder) => `${folder}/apertium-apy`)
  .find(existsSync);
const missing =
  program === undefined ? 'apertium-apy' : existsSync(`${MODES}/eng-spa.mode`) ? undefined : 'apertium-eng-spa';
const reason = missing === undefined ? '' : ` (skipped: ${missing} is not installed)`;
if (missing !== undefined) console.warn(`apertium.test.ts: skipped, ${missing} is not installed`);

describe.skipIf(missing !== undefined)(`a real apertium-apy${reason}`, () => {
  let child: ChildProcess;
  let baseUrl = '';

  beforeAll(async () => {
    const port = await freePort();
    baseUrl = `http://127.0.0.1:${port}`;
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    child = spawn(program!, [MODES, '-p', String(port)], { env, stdio: 'ignore' });
    for (let attempt = 0; attempt < 150; attempt++) {
      if (
        await fetch(`${baseUrl}/listPairs`).then(
          (response) => response.ok,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error('apertium-apy did not start');
  });
  afterAll(() => child?.kill());

  const signal = new AbortController().signal;

  it('translates from English into Spanish, and finds out that it is English', async () => {
    const tool = translator({ provider: 'apertium', baseUrl });
    expect(await tool.run({ text: 'The house is white.', to: 'Spanish', from: 'English' }, { signal })).toBe(
      'La casa es blanca.',
    );
    expect(await tool.run({ text: 'Good morning', to: 'español' }, { signal })).toBe('Buenos días');
  });

  it('says which languages it lacks', async () => {
    const tool = translator({ provider: 'apertium', baseUrl });
    const message = 'the translation service does not translate between these languages';
    const answer = Promise.resolve(tool.run({ text: 'Good morning', to: 'Finnish', from: 'English' }, { signal }));
    await expect(answer).rejects.toMatchObject({ name: 'ToolError', message });
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

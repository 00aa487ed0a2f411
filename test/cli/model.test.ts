import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RandomModel, randomModel } from '../helpers/random-model.js';
import { runCli } from './run-cli.js';

let folder: string;
let files: RandomModel;
beforeAll(async () => {
  files = await randomModel();
  folder = await mkdtemp(join(tmpdir(), 'toolformer-cli-'));
});
afterAll(async () => {
  await files?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function failure(model: string, args: string[] = ['Hi'], input?: Uint8Array): Promise<string> {
  const { code, stdout, stderr } = await runCli(['-m', model, ...args], input ? { input } : {});
  expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' });
  expect(stderr.trimEnd()).not.toContain('\n');
  expect(stderr).not.toMatch(/\n\s+at /);
  return stderr.replaceAll(folder, '').trimEnd();
}

describe('a model that cannot be used ends with 1 and one line', () => {
  test('where there is no such folder', async () => {
    expect(await failure('./nowhere')).toMatch(
      /^toolformer: There is no model at \.\/nowhere: expected "embedded" or /,
    );
  });

  test('where a file of it is damaged', async () => {
    const path = join(folder, 'no-graph');
    await cp(files.directory, path, { recursive: true });
    await writeFile(join(path, 'model.rows.onnx'), 'not a graph');
    expect(await failure(path)).toMatch(/^toolformer: \/no-graph\/model\.rows\.onnx cannot be used: /);
  });
});

describe('a prompt that cannot be answered ends with 1 and one line', () => {
  test('where it is longer than the context', async () => {
    const stderr = await failure(files.directory, ['--no-tools', 'x'.repeat(600)]);
    expect(stderr).toBe("toolformer: The prompt is too long: 603 tokens, but the model's context holds 512");
  });

  test('where standard input is not UTF-8', async () => {
    const stderr = await failure(files.directory, [], Uint8Array.of(0x48, 0x69, 0xff, 0xfe));
    expect(stderr).toBe('toolformer: standard input is not valid UTF-8: convert it first, e.g. with iconv');
  });

  test('with a stack only where DEBUG is set', async () => {
    const { stderr } = await runCli(['-m', './nowhere', 'Hi'], { env: { DEBUG: '1' } });
    expect(stderr).toMatch(/\n\s+at /);
  });
});

describe('an answer', () => {
  const flags = ['-t', 'calendar', '--temperature', '1', '--seed', '4', '--max-tokens', '60', '--call-top-k', '3'];

  test('is all that standard output carries', async () => {
    const [json, text] = [
      await runCli(['-m', files.directory, '--json', ...flags, 'Hi']),
      await runCli(['-m', files.directory, ...flags, 'Hi']),
    ];
    const parts = parse(json.stdout);
    const said = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
    expect(said).not.toBe('');
    const stdout = said.endsWith('\n') ? said : `${said}\n`;
    expect(text).toEqual({ code: 0, stdout, stderr: 'The answer was cut off after 60 tokens (--max-tokens).\n' });
    expect(parts.at(-1)).toMatchObject({ type: 'finish', usage: { promptTokens: expect.any(Number) } });
    expect(json).toMatchObject({ code: 0, stderr: '' });
  });

  test('shows calls inline where it is asked to', async () => {
    const { stdout } = await runCli(['-m', files.directory, '--show-calls', ...flags, 'Hi']);
    expect(stdout).toMatch(/\[calendar\(/);
  });

  test('reads its prompt from standard input, and takes settings from the environment', async () => {
    const env = { TOOLFORMER_MODEL: files.directory, TOOLFORMER_THREADS: '1' };
    const [words, input] = [
      await runCli(['--json', ...flags, 'Hi', 'there'], { env }),
      await runCli(['--json', ...flags], { env, input: '\uFEFFHi there\n' }),
    ];
    expect(withoutTimes(input.stdout)).toEqual(withoutTimes(words.stdout));
    const dash = await runCli(['--json', ...flags, '-'], { env, input: 'Hi there' });
    expect(withoutTimes(dash.stdout)).toEqual(withoutTimes(words.stdout));
    const { code, stderr } = await runCli(['-m', './nowhere', 'Hi'], { env });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('./nowhere') }); // a flag wins
  });

  test('knows no tools with --no-tools', async () => {
    const [none, one] = [
      await runCli(['-m', files.directory, '--json', ...flags, '--no-tools', 'Hi']),
      await runCli(['-m', files.directory, '--json', ...flags, 'Hi']),
    ];
    const promptTokens = (stdout: string) => (parse(stdout).at(-1)!.usage as { promptTokens: number }).promptTokens;
    expect(none.stdout).not.toContain('tool-');
    expect(promptTokens(none.stdout)).toBe(5); // bos, user, two bytes, assistant
    expect(promptTokens(one.stdout)).toBeGreaterThan(20);
  });

  test('goes on with a text with --complete', async () => {
    const { stdout } = await runCli(['-m', files.directory, '--json', ...flags, '--no-tools', '--complete', 'Hi']);
    expect(parse(stdout).at(-1)).toMatchObject({ usage: { promptTokens: 4 } }); // bos, text, two bytes
  });

  test('may be given in a process of its own', async () => {
    const args = ['-m', files.directory, '--json', ...flags, 'Hi'];
    const [thread, apart] = [await runCli(args), await runCli(['--isolation', 'process', ...args])];
    expect(apart).toMatchObject({ code: 0, stderr: '' });
    expect(withoutTimes(apart.stdout)).toEqual(withoutTimes(thread.stdout));
  });
});

test('a device that is not offered is refused by its name', async () => {
  const { code, stdout, stderr } = await runCli(['-m', files.directory, '-d', 'dml', 'Hi']);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^toolformer: The device dml is not offered on .*\n$/);
});

const hasEmbedded = existsSync(new URL('../../model/embedded/config.json', import.meta.url));

test.skipIf(!hasEmbedded)('the embedded model calls the calculator in the middle of its answer', async () => {
  const prompt = 'A baker made 24 trays of 18 rolls and sold 305 of them. How many rolls are left?';
  const { code, stdout, stderr } = await runCli(['--json', prompt]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const parts = parse(stdout);
  const result = parts.findIndex(({ type }) => type === 'tool-result');
  expect(parts[result]).toMatchObject({ toolName: 'calculator', output: expect.stringMatching(/^-?\d+$/) });
  expect(parts.slice(result).some(({ type }) => type === 'text-delta')).toBe(true); // and it goes on from there
  expect(parts.at(-1)).toMatchObject({ finishReason: 'stop' });
});

interface Part extends Record<string, unknown> {
  type: string;
}

function parse(stdout: string): Part[] {
  expect(stdout.endsWith('\n')).toBe(true);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Part);
}

function withoutTimes(stdout: string): Part[] {
  return parse(stdout).map(({ timing, durationMs, ...part }) => part as Part);
}

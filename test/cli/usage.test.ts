import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { runCli } from './run-cli.js';

const wrong: [string, string[], RegExp][] = [
  ['an unknown flag', ['--loud', 'Hi'], /^toolformer: unknown option '--loud'$/],
  ['a prompt that looks like a flag', ['-5 + 3'], /^toolformer: unknown option '-5 \+ 3'; put -- before a prompt/],
  [
    'a prompt that looks like a command',
    ['convert', '5', 'km', 'to', 'miles'],
    /^toolformer: too many arguments .*; put -- before a prompt/,
  ],
  ['a misspelled flag', ['--jsonn', 'Hi'], /^toolformer: unknown option '--jsonn' \(Did you mean --json\?\)$/],
  ['an unknown flag of a command', ['convert', 'a', 'b', '--loud'], /^toolformer: unknown option '--loud'$/],
  [
    'an unknown dtype',
    ['convert', 'a', 'b', '--dtype', 'q3'],
    /^toolformer: .*'q3' is invalid\. .* q4, q8, f16, f32\.$/,
  ],
  ['an unknown block', ['convert', 'a', 'b', '--block', '7'], /^toolformer: .*'7' is invalid\. Expected one of/],
  ['a missing argument', ['convert', 'a'], /^toolformer: missing required argument 'directory'$/],
  [
    'an unknown device',
    ['-d', 'abacus', 'Hi'],
    /^toolformer: .*'abacus' is invalid\. Allowed choices are auto, cpu, webgpu/,
  ],
  [
    'an unknown tool',
    ['-t', 'calculator,oracle', 'Hi'],
    /^toolformer: there is no tool oracle; there are calculator, /,
  ],
  ['no number', ['--max-tokens', 'many', 'Hi'], /^toolformer: .*'many' is invalid\. Expected a whole number >= 1\.$/],
  [
    'a number out of range',
    ['--top-p', '1.5', 'Hi'],
    /^toolformer: .*'1\.5' is invalid\. Expected a number from 0 to 1\.$/,
  ],
  [
    'a share of nothing',
    ['--top-p', '0', 'Hi'],
    /^toolformer: .*'0' is invalid\. Expected a number above 0, at most 1\.$/,
  ],
  [
    'no end of numbers',
    ['--temperature', 'Infinity', 'Hi'],
    /^toolformer: .*'Infinity' is invalid\. Expected a number >= 0\.$/,
  ],
  [
    'too many threads',
    ['--threads', '100000', 'Hi'],
    /^toolformer: .*'100000' is invalid\. Expected .* from 0 to 256\.$/,
  ],
  [
    'no tool at all',
    ['-t', ' ,', 'Hi'],
    /^toolformer: --tools names no tool; there are calculator, .*, and --no-tools/,
  ],
  ['a flag that would act on the terminal', ['--\u001b[2J', 'Hi'], /^toolformer: unknown option '--␛\[2J'$/],
  ['a flag without its value', ['Hi', '--model'], /^toolformer: option '-m, --model <id>' argument missing$/],
  ['an empty prompt', [''], /^toolformer: the prompt is empty$/],
  ['a blank prompt', [' ', '\n'], /^toolformer: the prompt is empty$/],
];

describe('wrong usage ends with 2 and one line', () => {
  test.concurrent.each(wrong)('for %s', async (_, args, line) => {
    const { code, stdout, stderr } = await runCli(args, { input: 'from standard input' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd()).toMatch(line);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test.concurrent.each(['', ' \n\n'])('for an empty standard input (%j)', async (input) => {
    expect(await runCli([], { input })).toEqual({ code: 2, stdout: '', stderr: 'toolformer: the prompt is empty\n' });
  });

  test.concurrent('for an unknown tool, without waiting for standard input', async () => {
    const { code, stderr } = await runCli(['-t', 'oracle'], {
      onStart: (child) => child.stdin!.removeAllListeners('finish'),
    });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/there is no tool oracle/) });
  });

  test.concurrent.each([
    ['TOOLFORMER_DEVICE', 'abacus', /abacus.* from env 'TOOLFORMER_DEVICE' is invalid/],
    ['TOOLFORMER_TRANSLATOR', 'babel', /TOOLFORMER_TRANSLATOR is babel; it can be google, libretranslate, apertium/],
    ['TOOLFORMER_TRANSLATOR_URL', 'babel', /TOOLFORMER_TRANSLATOR_URL is babel; it can be an http or https address/],
    ['TOOLFORMER_THREADS', '-1', /-1.* from env 'TOOLFORMER_THREADS' is invalid/],
  ])('for a wrong setting: %s', async (name, value, line) => {
    const { code, stderr } = await runCli(['Hi'], { env: { [name]: value } });
    expect(code).toBe(2);
    expect(stderr).toMatch(line);
  });
});

test.concurrent('a setting that is empty, or a tool named twice, is no mistake', async () => {
  const env = { TOOLFORMER_MODEL: '', TOOLFORMER_DEVICE: '', TOOLFORMER_THREADS: '', TOOLFORMER_TRANSLATOR_URL: '' };
  const { code, stderr } = await runCli(['-t', 'calculator, calculator,', '-m', './no-such-model', 'Hi'], { env });
  expect(stderr).toMatch(/^toolformer: There is no model at \.\/no-such-model/);
  expect(code).toBe(1);
});

test.skipIf(process.platform !== 'linux')('a full disk is told once', async () => {
  const { code, stderr } = await runCli(['--help'], { stdout: '/dev/full' });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'toolformer: standard output cannot be written: ENOSPC: no space left on device, write\n',
  });
});

test.concurrent('--version tells the version', async () => {
  expect(await runCli(['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
});

test.concurrent('--help tells every flag of the contract', async () => {
  const { code, stdout, stderr } = await runCli(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const flags =
    '--model --device --tools --no-tools --json --show-calls --max-tokens --temperature --top-k --top-p --seed --call-top-k --call-threshold --max-calls --system --complete';
  for (const flag of flags.split(' ')) expect(stdout).toContain(flag);
});

test.concurrent('what stands after -- is a prompt, even where it begins with the name of a command', async () => {
  for (const args of [
    ['--', 'convert', '5 miles to km'],
    ['--json', '--', 'convert'],
    ['--', '--loud'],
  ]) {
    const { code, stderr } = await runCli(['-m', './no-such-model', ...args]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^toolformer: There is no model at \.\/no-such-model/);
  }
});

import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RandomModel, randomModel } from '../helpers/random-model.js';
import { runCli } from './run-cli.js';

let files: RandomModel;
beforeAll(async () => {
  files = await randomModel({ '<|eos|>': -9, '<|call|>': -9 }); // goes on and on
});
afterAll(() => files?.remove());

const flags = ['--temperature', '1', '--max-tokens', '450', '--no-tools', 'Hi'];

function atFirstWord(act: (child: ChildProcess) => void) {
  return (child: ChildProcess) => {
    child.stdout!.once('data', () => act(child));
  };
}

describe('Ctrl-C', () => {
  test('in mid-answer ends with 130 and keeps what was said', async () => {
    const onStart = atFirstWord((child) => child.kill('SIGINT'));
    const { code, stdout, stderr } = await runCli(['-m', files.directory, '--json', ...flags], { onStart });
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    const last = JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
    expect(last).toMatchObject({ type: 'finish', finishReason: 'aborted' });
    expect(last.usage.outputTokens).toBeLessThan(450);
  });

  test('under isolation in a process does the same', async () => {
    const onStart = atFirstWord((child) => child.kill('SIGINT'));
    const args = ['-m', files.directory, '--isolation', 'process', ...flags];
    const { code, stdout, stderr } = await runCli(args, { onStart });
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
    expect(stdout.endsWith('\n')).toBe(true);
  });

  test('twice ends at once', async () => {
    const onStart = atFirstWord((child) => {
      child.kill('SIGINT');
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), 2);
    });
    const { code, stderr } = await runCli(['-m', files.directory, ...flags], { onStart });
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  });

  test.each([0, 100, 200, 300])('while it starts (after %i ms) ends with 130', async (delay) => {
    const { code, stdout, stderr } = await runCli(['-m', files.directory, '--threads', '1', ...flags], {
      onStart: (child) => {
        setTimeout(() => child.kill('SIGINT'), delay);
      },
    });
    expect(stderr).toBe('');
    expect(code === 130 || (code === 0 && stdout.length > 100)).toBe(true); // a fast machine may have finished
  });
});

test('a reader that closes the pipe ends the answer quietly', async () => {
  for (const json of [[], ['--json']]) {
    const onStart = atFirstWord((child) => child.stdout!.destroy());
    const { code, stderr } = await runCli(['-m', files.directory, ...json, ...flags], { onStart });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }
});

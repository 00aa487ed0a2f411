/** Runs the program as a user does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export interface Result {
  /** As a shell tells it: 128 + its number for a signal. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: string | Uint8Array;
  env?: Record<string, string>;
  /** A file that standard output goes to; then `Result.stdout` is empty. */
  stdout?: string;
  /** Hears of the process as soon as it runs. */
  onStart?: (child: ChildProcess) => void;
}

export async function runCli(
  args: readonly string[],
  { input = '', env = {}, stdout, onStart }: RunOptions = {},
): Promise<Result> {
  const file = stdout === undefined ? undefined : openSync(stdout, 'w');
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...cleanEnvironment(), ...env },
    stdio: ['pipe', file ?? 'pipe', 'pipe'],
  });
  if (file !== undefined) closeSync(file);
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  child.stdin!.on('error', () => {}); // it may not want to read
  child.stdin!.end(input);
  onStart?.(child);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
  return { code, ...output };
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const { DEBUG, ORT_DISABLE_TELEMETRY, ...rest } = process.env;
  const kept = Object.entries(rest).filter(([name]) => !name.startsWith('TOOLFORMER_') && !name.startsWith('VITEST'));
  return {
    ...Object.fromEntries(kept),
    TOOLFORMER_CACHE: join(tmpdir(), 'toolformer-test-cache'),
    TOOLFORMER_DEVICE: 'cpu',
  };
}

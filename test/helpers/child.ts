/** Runs a program to its end and keeps what it printed. */
import { spawn } from 'node:child_process';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  elapsedMs: number;
}

export interface ChildOptions {
  env?: NodeJS.ProcessEnv;
  /** Sent when the program first prints this on standard output. */
  signal?: { at: string; name: NodeJS.Signals };
  input?: string;
  /** Default 30,000. A program that hangs is killed: `signal` is then SIGKILL. */
  timeoutMs?: number;
}

export function runNode(args: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  const { signal: interruption, timeoutMs = 30_000 } = options;
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { env: { ...process.env, ...options.env }, stdio: 'pipe' });
    const deadline = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    let stdout = '';
    let stderr = '';
    let wasSignalled = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (interruption === undefined || wasSignalled || !stdout.includes(interruption.at)) return;
      wasSignalled = true;
      child.kill(interruption.name);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.end(options.input ?? '');
    child.once('close', (code, signal) => {
      clearTimeout(deadline);
      resolve({ code, signal, stdout, stderr, elapsedMs: performance.now() - start });
    });
  });
}

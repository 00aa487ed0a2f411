/** Exit codes, and how a failure is told: one clear line on standard error, a stack only with `DEBUG`. */

import { showControlCharacters } from './control-characters.js';

export const ExitCode = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Wrong usage: what the user typed cannot be meant. */
export class UsageError extends Error {}

export function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  notice(`toolformer: ${message.replace(/\s*\n\s*/g, ' ')}`);
  if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = error instanceof UsageError ? ExitCode.usage : ExitCode.failed;
}

export function notice(line: string): void {
  process.stderr.write(`${showControlCharacters(line)}\n`);
}

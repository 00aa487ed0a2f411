#!/usr/bin/env node
/** The command line's entry: runs the program and turns failures into one line and an exit code. */
import { CommanderError } from 'commander';
import { ExitCode, fail } from './exit.js';
import { createProgram } from './program.js';

// `| head -1` closes the pipe: nobody is left to write to, which is no failure.
let isBroken = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE' && !isBroken) fail(new Error(`standard output cannot be written: ${error.message}`));
  isBroken = true; // what was under way fails, too, and is not worth a line of its own
});
process.stderr.on('error', () => {}); // nobody is left to tell

try {
  const words = process.argv.slice(2);
  await createProgram(words).parseAsync(words, { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? ExitCode.done : ExitCode.usage;
  else fail(error);
}

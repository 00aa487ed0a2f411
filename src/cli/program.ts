/** The commands and flags. Each command's work is in a file of its own, loaded when it is used. */
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { MOST_THREADS } from '../options.js';
import { showControlCharacters } from './control-characters.js';
import { convertCommand } from './convert.js';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Flags of the one-shot answer, as commander gives them. */
export interface AnswerFlags {
  model: string;
  device: string;
  tools: string[] | false | undefined;
  json?: true;
  showCalls: boolean | undefined;
  maxTokens: number;
  temperature: number;
  topK: number;
  topP: number;
  seed: number;
  callTopK: number;
  callThreshold: number;
  maxCalls: number;
  system?: string;
  complete?: true;
  threads: number;
  isolation?: 'thread' | 'process';
}

export function createProgram(words: readonly string[]): Command {
  const program = new Command('toolformer')
    .description('Runs a LLaMA-family model on this machine that calls tools in the middle of a sentence.')
    .version(version)
    .argument('[prompt...]', 'what to answer; without it, or as -, standard input is the prompt')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(`toolformer: ${told(text)}\n`) })
    .configureHelp({ sortSubcommands: true })
    .addHelpText('after', '\nA prompt that begins with a minus or the name of a command goes after --');
  addAnswerFlags(program).action(async (words: string[], flags: AnswerFlags) => {
    const { answer } = await import('./answer.js');
    await answer(words, flags);
  });
  const commands = [convertCommand()];
  // What stands after `--` is a prompt, but commander would look for a command in it.
  const isPrompt = words.includes('--') && !commands.some((command) => command.name() === words[0]);
  if (!isPrompt) for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  return program;
}

function addAnswerFlags(program: Command): Command {
  return program
    .addOption(setting('-m, --model <id>', 'embedded, or a model folder', 'TOOLFORMER_MODEL').default('embedded'))
    .addOption(
      setting('-d, --device <name>', 'where to run', 'TOOLFORMER_DEVICE')
        .choices(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'])
        .default('auto'),
    )
    .option('-t, --tools <names>', 'comma-separated; default: calculator,translator,calendar', (names) =>
      names.split(','),
    )
    .option('--no-tools', 'no tools, and none in the prompt')
    .option('--json', "the answer's parts, one JSON object a line")
    .option('--show-calls', 'calls inline, as [calculator(37*48) → 1776]; the default on a terminal')
    .option('--no-show-calls', 'only the text')
    .option('--max-tokens <n>', 'sampled tokens at most', whole(1), 512)
    .option('--temperature <t>', '0 is greedy', number(0), 0)
    .option('--top-k <k>', 'draw from the k most likely tokens; 0: all', whole(0), 0)
    .option('--top-p <p>', 'draw from the smallest set with this probability', share, 1)
    .option('--seed <s>', 'the same seed gives the same text', whole(0), 0)
    .option('--call-top-k <k>', 'a call opens when its mark is among the k most likely tokens', whole(0), 1)
    .option('--call-threshold <p>', 'a call opens when its probability exceeds p; 1: off', number(0, 1), 1)
    .option('--max-calls <n>', 'calls in one answer at most', whole(0), 8)
    .option('--system <text>', 'instructions before the conversation')
    .option('--complete', 'go on with the text instead of answering it')
    .addOption(
      setting('--threads <n>', 'CPU threads; 0: the runtime chooses', 'TOOLFORMER_THREADS')
        .argParser(whole(0, MOST_THREADS))
        .default(0),
    )
    .addOption(
      new Option('--isolation <kind>', 'where the model runs: a crash of native code takes that along').choices([
        'thread',
        'process',
      ]),
    );
}

/** A flag that also has an environment variable; one that is empty counts as not set. */
function setting(flags: string, description: string, variable: string): Option {
  if (process.env[variable] === '') delete process.env[variable];
  return new Option(flags, description).env(variable);
}

function number(minimum: number, maximum = Number.MAX_VALUE) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= minimum && value <= maximum)) {
      const range = maximum === Number.MAX_VALUE ? `>= ${minimum}` : `from ${minimum} to ${maximum}`;
      throw new InvalidArgumentError(`Expected a number ${range}.`);
    }
    return value;
  };
}

function share(text: string): number {
  const value = number(0, 1)(text);
  if (value === 0) throw new InvalidArgumentError('Expected a number above 0, at most 1.');
  return value;
}

function whole(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < minimum || value > maximum) {
      const range = maximum === Number.MAX_SAFE_INTEGER ? `>= ${minimum}` : `from ${minimum} to ${maximum}`;
      throw new InvalidArgumentError(`Expected a whole number ${range}.`);
    }
    return value;
  };
}

/** An error of commander's, with what to do where a prompt may have been taken for something else. */
function told(text: string): string {
  const line = oneLine(text).replace(/^error: /, '');
  const isPrompt = /^unknown option '(-\d|[^']*\s)|^too many arguments/.test(line);
  return isPrompt ? `${line}; put -- before a prompt that begins like this` : line;
}

function oneLine(text: string): string {
  return showControlCharacters(text.trim().replace(/\s*\n\s*/g, ' '));
}

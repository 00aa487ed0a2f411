/** `toolformer [prompt]`: one answer, streamed to standard output. */
import type { AnswerOptions } from '../options.js';
import type { Usage } from '../parts.js';
import { Toolformer } from '../toolformer.js';
import { ExitCode, notice, UsageError } from './exit.js';
import { interruption } from './interruption.js';
import { Printer } from './printer.js';
import type { AnswerFlags } from './program.js';
import { readStandardInput } from './standard-input.js';
import { chooseTools } from './tools.js';

export async function answer(words: readonly string[], flags: AnswerFlags): Promise<void> {
  const tools = chooseTools(flags.tools); // wrong usage is told before standard input is waited for
  const isInput = words.length === 0 || (words.length === 1 && words[0] === '-');
  const prompt = isInput ? await promptFromInput() : words.join(' ');
  if (prompt.trim() === '') throw new UsageError('the prompt is empty');
  const { signal, wasInterrupted, dispose } = interruption();
  const { model, device, isolation, threads } = flags;
  const agent = await Toolformer.load({
    model,
    device,
    tools,
    threads,
    ...(isolation && { isolation }),
    onNotice: notice,
  });
  try {
    const isTerminal = process.stdout.isTTY === true;
    const printer = new Printer({ json: flags.json === true, showCalls: flags.showCalls ?? isTerminal, isTerminal });
    for await (const part of agent.stream(prompt, answerOptions(flags, signal))) {
      if (!(await printer.print(part))) break; // nobody reads any more
      if (part.type === 'finish' && part.finishReason === 'length' && !flags.json) notice(cutShort(part.usage, flags));
    }
  } finally {
    await agent.close();
    dispose();
  }
  if (wasInterrupted()) process.exitCode = ExitCode.interrupted;
}

function answerOptions(flags: AnswerFlags, signal: AbortSignal): AnswerOptions {
  const { maxTokens, temperature, topK, topP, seed, callTopK, callThreshold, maxCalls, system } = flags;
  const mode = flags.complete ? 'complete' : 'chat';
  const sampling = { maxTokens, temperature, topK, topP, seed };
  return { mode, ...sampling, callTopK, callThreshold, maxCalls, ...(system !== undefined && { system }), signal };
}

function cutShort({ outputTokens }: Usage, { maxTokens }: AnswerFlags): string {
  const limit = outputTokens >= maxTokens ? `after ${maxTokens} tokens (--max-tokens)` : 'where the context is full';
  return `The answer was cut off ${limit}.`;
}

async function promptFromInput(): Promise<string> {
  if (process.stdin.isTTY) throw new UsageError('say what to answer, e.g. toolformer "What is 17.5% of 240?"');
  return readStandardInput();
}

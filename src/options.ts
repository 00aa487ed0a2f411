/** Options of the library, their defaults and their checks. */
import { z } from 'zod';
import { refuseUnknown, type Tool } from '../tools/tool.js';
import type { ApprovalHandler } from './approval.js';
import type { Conversation } from './conversation.js';
import type { LoadedModel } from './load-model.js';

export interface LoadOptions {
  /** `'embedded'` (default), a model's folder, or a loaded model (see `toolformer/testing`). */
  model?: string | LoadedModel;
  /**
   * `'auto'` (default): what was measured fastest for this model; until that is known, a process of its own measures
   * and the CPU answers. Or the name of an execution provider, which is then used or refused.
   */
  device?: string;
  /** Default: calculator, translator, calendar. */
  tools?: readonly Tool[];
  /** `'thread'`, or `'process'`: a native crash then ends only the child. Default: thread on CPU, process elsewhere. */
  isolation?: 'thread' | 'process';
  /** Threads of the CPU provider. From 0 to 256, default 0: the runtime chooses. */
  threads?: number;
  /** Hears, in one line, which device was chosen and why. */
  onNotice?: (line: string) => void;
}

export interface AnswerOptions {
  /** `'chat'` (default) answers; `'complete'` goes on with the text. */
  mode?: 'chat' | 'complete';
  system?: string;
  /** Cancels the answer: what was said stays, `finishReason` is `'aborted'`. */
  signal?: AbortSignal;
  /** Sampled tokens at most. Minimum 1, default 512. */
  maxTokens?: number;
  /** Minimum 0, default 0: greedy. */
  temperature?: number;
  /** Minimum 0, default 0: all tokens. */
  topK?: number;
  /** From above 0 to 1, default 1. */
  topP?: number;
  /** The same seed gives the same text. Default 0. */
  seed?: number;
  /** A call opens when its mark is among the K most likely tokens (paper: 10). Minimum 0 (never), default 1. */
  callTopK?: number;
  /** A call opens when its mark's probability exceeds this. From 0 to 1, default 1: never. */
  callThreshold?: number;
  /** Calls in one answer at most (paper: 1). Minimum 0, default 8. */
  maxCalls?: number;
  /** Asked before a tool with `approval: 'ask'` runs. Default: refuses. */
  approve?: ApprovalHandler;
}

/** In a chat, the system text belongs to the chat, and every turn is answered. */
export type TurnOptions = Omit<AnswerOptions, 'system' | 'mode'>;

export interface ChatOptions {
  system?: string;
  /** What `export` gave: the conversation goes on from there. */
  from?: Conversation;
}

/** More than a machine can start end the process. */
export const MOST_THREADS = 256;

interface Check {
  expected: string;
  schema: z.ZodType;
}

const atLeast = (minimum: number) => ({
  expected: `a number >= ${minimum}`,
  schema: z.number().min(minimum),
});
const wholeAtLeast = (minimum: number) => ({
  expected: `a whole number >= ${minimum}`,
  schema: z.int().min(minimum),
});
const isFunction = (value: unknown) => typeof value === 'function';
const aFunction = { expected: 'a function', schema: z.custom(isFunction) };

const aText = { expected: 'a text', schema: z.string() };

const turnChecks: { [Name in keyof TurnOptions]-?: Check } = {
  signal: { expected: 'an AbortSignal', schema: z.looseObject({ addEventListener: z.custom(isFunction) }) },
  maxTokens: wholeAtLeast(1),
  temperature: atLeast(0),
  topK: wholeAtLeast(0),
  topP: { expected: 'a number above 0, at most 1', schema: z.number().gt(0).max(1) },
  seed: { expected: 'a whole number', schema: z.int() },
  callTopK: wholeAtLeast(0),
  callThreshold: { expected: 'a number from 0 to 1', schema: z.number().min(0).max(1) },
  maxCalls: wholeAtLeast(0),
  approve: aFunction,
};
const answerChecks: { [Name in keyof AnswerOptions]-?: Check } = {
  ...turnChecks,
  mode: { expected: "'chat' or 'complete'", schema: z.enum(['chat', 'complete']) },
  system: aText,
};
const chatChecks: { [Name in keyof ChatOptions]-?: Check } = {
  system: aText,
  from: { expected: 'what `export` gave', schema: z.unknown() }, // read, and checked, as a conversation
};

const tool = z.looseObject({
  name: z.string(),
  description: z.string(),
  timeoutMs: z.number(),
  approval: z.enum(['never', 'ask']),
  input: z.custom((value) => value instanceof z.ZodObject),
  run: z.custom(isFunction),
});
const loadChecks: { [Name in keyof LoadOptions]-?: Check } = {
  model: {
    expected: 'a text or a loaded model',
    schema: z.union([z.string(), z.looseObject({ engine: z.looseObject({}) })]),
  },
  device: aText,
  tools: { expected: 'an array of what `defineTool` gave', schema: z.array(tool) },
  isolation: { expected: "'thread' or 'process'", schema: z.enum(['thread', 'process']) },
  threads: { expected: `a whole number from 0 to ${MOST_THREADS}`, schema: z.int().min(0).max(MOST_THREADS) },
  onNotice: aFunction,
};

/** @throws {TypeError} that names the option, what was expected and what was got */
export function checkAnswerOptions(options: AnswerOptions): void {
  check(options, answerChecks);
}

/** @throws {TypeError} as above */
export function checkTurnOptions(options: TurnOptions): void {
  check(options, turnChecks);
}

/** @throws {TypeError} as above */
export function checkChatOptions(options: ChatOptions): void {
  check(options, chatChecks);
}

/** @throws {TypeError} as above, also where two tools have one name */
export function checkLoadOptions(options: LoadOptions): void {
  check(options, loadChecks);
  const names = (options.tools ?? []).map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TypeError(`Expected tools with different names, got two named ${twice}`);
}

function check(options: object, checks: Record<string, Check>): void {
  refuseUnknown(options, Object.keys(checks));
  for (const [name, value] of Object.entries(options)) {
    const { expected, schema } = checks[name]!;
    if (value !== undefined && !schema.safeParse(value).success) {
      throw new TypeError(`Expected \`${name}\` to be ${expected}, got ${inspect(value)}`);
    }
  }
}

/** JSON has no NaN, no bigint, no function. */
function inspect(value: unknown): string {
  const isPlain = typeof value === 'string' || (typeof value === 'object' && value !== null);
  try {
    return isPlain ? JSON.stringify(value).slice(0, 200) : String(value);
  } catch {
    return typeof value;
  }
}

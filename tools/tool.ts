/** What a tool is. Knows nothing of models, prompts or how a call is written. */
import { z } from 'zod';

export interface ToolContext {
  /** Aborted when the deadline passes or the answer is cancelled. */
  signal: AbortSignal;
}

/**
 * A text in which a call belongs: `input` is the call that stands just before the characters `before` in `text`. For
 * models that must be shown how to call; one that was trained with call tokens, as the embedded one, is not shown any.
 */
export interface ToolExample<Input> {
  text: string;
  before: string;
  input: Input;
}

/**
 * What a tool may return: a text as it is, everything else as JSON. Of what would fill more than a quarter of the
 * model's context only the beginning is used, with ` …` at its end.
 */
export type ToolOutput = string | number | boolean | null | object;

export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  /** `[a-zA-Z_][a-zA-Z0-9_]{0,63}` */
  readonly name: string;
  /** One line, for the model's prompt. */
  readonly description: string;
  /** An object schema of zod 4; its keys, in order, are the positional arguments, optional ones after all others. */
  readonly input: Input;
  readonly examples: readonly ToolExample<z.input<Input>>[];
  /** Deadline of one call, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether the user is asked before each call. */
  readonly approval: 'never' | 'ask';
  /** Opens a call above this probability (0 to 1), whatever its rank; unset: the runtime's own rule. */
  readonly callThreshold?: number;
  /** Loads what the first call needs; the runtime starts it while the model loads, and calls wait for it. */
  prepare?(): Promise<void>;
  /**
   * Answers one call. What it throws becomes the call's result: the model and the user read the first 200 characters of
   * the message. The same call in the same answer is not run again once it was answered.
   */
  run(input: z.output<Input>, context: ToolContext): Promise<ToolOutput> | ToolOutput;
}

/** A tool as it is written; what is left out takes its default. */
export interface ToolDefinition<Input extends z.ZodObject> {
  name: string;
  description: string;
  input: Input;
  /** Default: none. */
  examples?: readonly ToolExample<z.input<Input>>[];
  /** From 1 to 2,147,483,647 (24 days), default 10,000. */
  timeoutMs?: number;
  /** Default `'never'`. */
  approval?: 'never' | 'ask';
  callThreshold?: number;
  prepare?: () => Promise<void>;
  run: (input: z.output<Input>, context: ToolContext) => Promise<ToolOutput> | ToolOutput;
}

/** Timers hold no more: they would fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

const FIELDS: { [Name in keyof ToolDefinition<z.ZodObject>]-?: true } = {
  name: true,
  description: true,
  input: true,
  examples: true,
  timeoutMs: true,
  approval: true,
  callThreshold: true,
  prepare: true,
  run: true,
};

/** A failure that a tool expects: one short line, for the model and the user, that says what went wrong. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** Checks a definition at once and fills in the defaults; throws a `TypeError` that names what was expected and got. */
export function defineTool<Input extends z.ZodObject>(definition: ToolDefinition<Input>): Tool<Input> {
  refuseUnknown(definition, Object.keys(FIELDS));
  const { name, description, input, examples = [], timeoutMs = 10_000, approval = 'never' } = definition;
  const { callThreshold, prepare, run } = definition;
  expect(
    typeof name === 'string' && /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/.test(name),
    'name',
    'a letter or `_`, then at most 63 letters, digits or `_`',
    name,
  );
  expect(
    typeof description === 'string' && description.trim() !== '' && !/[\r\n\u2028\u2029]/.test(description),
    'description',
    'one line of text',
    description,
  );
  expect(input instanceof z.ZodObject, 'input', 'an object schema of zod 4', input);
  expect(typeof run === 'function', 'run', 'a function', run);
  expect(prepare === undefined || typeof prepare === 'function', 'prepare', 'a function', prepare);
  expect(
    timeoutMs >= 1 && timeoutMs <= LONGEST_TIMEOUT_MS,
    'timeoutMs',
    `a number from 1 to ${LONGEST_TIMEOUT_MS}`,
    timeoutMs,
  );
  expect(approval === 'never' || approval === 'ask', 'approval', "'never' or 'ask'", approval);
  expect(
    callThreshold === undefined || (typeof callThreshold === 'number' && callThreshold >= 0 && callThreshold <= 1),
    'callThreshold',
    'a number from 0 to 1',
    callThreshold,
  );
  expect(Array.isArray(examples), 'examples', 'an array', examples);
  for (const [index, example] of examples.entries()) checkExample(input, example, `examples[${index}]`);
  return {
    name,
    description,
    input,
    examples,
    timeoutMs,
    approval,
    ...(callThreshold === undefined ? {} : { callThreshold }),
    ...(prepare === undefined ? {} : { prepare }),
    run,
  };
}

/** A misspelled option would be left out without a word. @throws {TypeError} that names it and those there are */
export function refuseUnknown(options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const expected = known.length === 0 ? 'no options' : `options among ${known.join(', ')}`;
  throw new TypeError(`Expected ${expected}, got \`${unknown}\``);
}

function checkExample(schema: z.ZodObject, example: ToolExample<unknown>, where: string): void {
  expect(typeof example?.text === 'string', `${where}.text`, 'a text', example?.text);
  const { text, before, input } = example;
  expect(
    typeof before === 'string' && before !== '' && text.includes(before),
    `${where}.before`,
    `a part of ${JSON.stringify(text)}`,
    before,
  );
  const issue = firstIssue(schema, input);
  const what = issue ? `input that fits the schema (${[...issue.path, issue.message].join(': ')})` : '';
  expect(issue === undefined, `${where}.input`, what, input);
}

/** A schema that can only be checked asynchronously is checked at the call. */
function firstIssue(schema: z.ZodObject, input: unknown): z.core.$ZodIssue | undefined {
  try {
    return schema.safeParse(input).error?.issues[0];
  } catch (error) {
    if (error instanceof z.core.$ZodAsyncError) return undefined;
    throw error;
  }
}

function expect(fits: boolean, field: string, expected: string, got: unknown): asserts fits {
  if (!fits) throw new TypeError(`Expected \`${field}\` to be ${expected}, got ${show(got)}`);
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number') return String(value); // JSON has no NaN
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

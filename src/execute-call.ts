/** Reads a written call, checks it against its tool's schema, runs it under its deadline. A failure is a value. */
import { z } from 'zod';
import type { Tool } from '../tools/tool.js';
import { type ObjectSchema, parseArguments } from './calls/arguments.js';
import type { CallFormat } from './calls/format.js';
import { follow, orAborted } from './interruptible.js';

export interface ReadableCall {
  tool: Tool;
  /** As the model wrote it: plain JSON. */
  input: Record<string, unknown>;
  /** What the schema makes of it: with defaults and conversions. This is what the tool gets. */
  value: Record<string, unknown>;
}

export interface UnreadableCall {
  error: string;
}

export type Outcome = { output: string } | { error: string };

/** An unreadable call is malformed: it is taken back, nothing runs. @throws the signal's reason where it is aborted */
export async function readCall(
  written: string,
  format: CallFormat,
  tools: readonly Tool[],
  signal: AbortSignal,
): Promise<ReadableCall | UnreadableCall> {
  const call = format.parse(written);
  if (call === undefined) return { error: 'the call was not closed' };
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) return { error: `there is no tool ${call.name}` };
  const input = parseArguments(call.argumentText, inputSchema(tool));
  if (input === undefined) return { error: `the arguments (${call.argumentText}) cannot be read` };
  try {
    const checked = await inTime(tool, signal, () => tool.input.safeParseAsync(input));
    if (checked.success) return { tool, input, value: checked.data };
    const issue = checked.error.issues[0]!;
    return { error: `${issue.path.join('.') || 'input'}: ${issue.message}` };
  } catch (error) {
    signal.throwIfAborted();
    return { error: oneLine(error) }; // a conversion of the schema's own threw, or a check of its own took too long
  }
}

/** JSON schema of what a tool takes: keys in the order of its positional arguments. A type JSON lacks may be anything. */
export function inputSchema(tool: Tool): ObjectSchema & Record<string, unknown> {
  const schema = z.toJSONSchema(tool.input, { io: 'input', unrepresentable: 'any', metadata: WITHOUT_IDS });
  return schema as ObjectSchema & Record<string, unknown>;
}

/** An id would make a reference of the part that has it, which neither templates nor the reader of arguments follow. */
const WITHOUT_IDS = Object.assign(z.registry<z.GlobalMeta>(), {
  get(schema: z.ZodType): z.GlobalMeta {
    const { id: _, ...rest } = z.globalRegistry.get(schema) ?? {};
    return rest;
  },
});

/** Never throws: what goes wrong, the deadline and the signal included, is an error of one line. */
export async function executeCall({ tool, value }: ReadableCall, signal: AbortSignal): Promise<Outcome> {
  try {
    return { output: toText(await inTime(tool, signal, (signal) => tool.run(value, { signal }))) };
  } catch (error) {
    return { error: oneLine(error) };
  }
}

/** What `work` gives. @throws the signal's reason, or where the tool's deadline passes, an error that says so */
async function inTime<Value>(
  tool: Tool,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value> | Value,
): Promise<Value> {
  signal.throwIfAborted();
  const { controller, release } = follow(signal);
  const deadline = new Error(`${tool.name} did not answer within ${tool.timeoutMs / 1000} s`);
  const timer = setTimeout(() => controller.abort(deadline), tool.timeoutMs);
  try {
    const working = Promise.resolve().then(() => work(controller.signal));
    return await orAborted(working, controller.signal);
  } catch (error) {
    throw controller.signal.reason === deadline ? deadline : error;
  } finally {
    clearTimeout(timer);
    release();
  }
}

/** Nothing is an empty text: a tool may just do something. @throws {Error} where a number is none */
function toText(result: unknown): string {
  if (Number.isNaN(result)) throw new Error('the result is not a number');
  return typeof result === 'string' ? result : (JSON.stringify(result) ?? '');
}

function oneLine(error: unknown): string {
  const line = messageOf(error).replace(/\s+/g, ' ').trim();
  return line.slice(0, 200).toWellFormed() || 'the tool failed';
}

function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return ''; // an object without a text
  }
}

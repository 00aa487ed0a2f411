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
  toolName: string;
  argumentText: string;
  error: string;
}

export type Outcome = { output: string } | { error: string };

/** An unreadable call is malformed: it is taken back, nothing runs. */
export async function readCall(
  written: string,
  format: CallFormat,
  tools: readonly Tool[],
): Promise<ReadableCall | UnreadableCall> {
  const call = format.parse(written);
  const toolName = call?.name ?? format.toolName(written) ?? written;
  const argumentText = call?.argumentText ?? written.slice(toolName.length);
  const unreadable = (error: string): UnreadableCall => ({ toolName, argumentText, error });
  if (call === undefined) return unreadable('the call was not closed');
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) return unreadable(`there is no tool ${call.name}`);
  const input = parseArguments(call.argumentText, inputSchema(tool));
  if (input === undefined) return unreadable(`the arguments (${call.argumentText}) cannot be read`);
  try {
    const checked = await tool.input.safeParseAsync(input);
    if (checked.success) return { tool, input, value: checked.data };
    const issue = checked.error.issues[0]!;
    return unreadable(`${issue.path.join('.') || 'input'}: ${issue.message}`);
  } catch (error) {
    return unreadable(oneLine(error)); // a conversion of the schema's own threw
  }
}

/** JSON schema of what a tool takes: keys in the order of its positional arguments. A type JSON lacks may be anything. */
export function inputSchema(tool: Tool): ObjectSchema & Record<string, unknown> {
  const schema = z.toJSONSchema(tool.input, { io: 'input', unrepresentable: 'any' });
  return schema as ObjectSchema & Record<string, unknown>;
}

/** Never throws: what goes wrong, the deadline and the signal included, is an error of one line. */
export async function executeCall({ tool, value }: ReadableCall, signal: AbortSignal): Promise<Outcome> {
  const { controller, release } = follow(signal);
  const deadline = new Error(`${tool.name} did not answer within ${tool.timeoutMs / 1000} s`);
  const timer = setTimeout(() => controller.abort(deadline), tool.timeoutMs);
  try {
    signal.throwIfAborted();
    const running = Promise.resolve().then(() => tool.run(value, { signal: controller.signal }));
    return { output: toText(await orAborted(running, controller.signal)) };
  } catch (error) {
    return { error: oneLine(controller.signal.reason === deadline ? deadline : error) };
  } finally {
    clearTimeout(timer);
    release();
  }
}

function toText(result: unknown): string {
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

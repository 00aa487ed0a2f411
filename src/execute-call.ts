/** Reads a written call, checks it against its tool's schema, runs it under its deadline. A failure is a value. */
import { z } from 'zod';
import type { Tool } from '../tools/tool.js';
import { type ObjectSchema, parseArguments } from './calls/arguments.js';
import type { CallFormat } from './calls/format.js';

export interface ReadableCall {
  tool: Tool;
  input: Record<string, unknown>;
}

export interface UnreadableCall {
  toolName: string;
  argumentText: string;
  error: string;
}

export type Outcome = { output: string } | { error: string };

/** An unreadable call is malformed: it is taken back, nothing runs. */
export function readCall(written: string, format: CallFormat, tools: readonly Tool[]): ReadableCall | UnreadableCall {
  const call = format.parse(written);
  const toolName = call?.name ?? format.toolName(written) ?? written;
  const argumentText = call?.argumentText ?? written.slice(toolName.length);
  const unreadable = (error: string): UnreadableCall => ({ toolName, argumentText, error });
  if (call === undefined) return unreadable('the call was not closed');
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) return unreadable(`there is no tool ${call.name}`);
  const input = parseArguments(call.argumentText, inputSchema(tool));
  if (input === undefined) return unreadable(`the arguments (${call.argumentText}) cannot be read`);
  const checked = tool.input.safeParse(input);
  if (checked.success) return { tool, input: checked.data };
  const issue = checked.error.issues[0]!;
  return unreadable(`${issue.path.join('.') || 'input'}: ${issue.message}`);
}

/** JSON schema of what a tool takes: keys in the order of its positional arguments. */
export function inputSchema(tool: Tool): ObjectSchema & Record<string, unknown> {
  return z.toJSONSchema(tool.input, { io: 'input' }) as ObjectSchema & Record<string, unknown>;
}

/** Never throws: what goes wrong, the deadline included, is an error of one line. */
export async function executeCall({ tool, input }: ReadableCall, signal: AbortSignal): Promise<Outcome> {
  const deadline = AbortSignal.timeout(tool.timeoutMs);
  const either = AbortSignal.any([signal, deadline]);
  const ended = new Promise<never>((_, reject) => {
    either.addEventListener('abort', () => reject(either.reason), { once: true });
  });
  try {
    const result = await Promise.race([Promise.resolve().then(() => tool.run(input, { signal: either })), ended]);
    return { output: toText(result) };
  } catch (error) {
    if (deadline.aborted) return { error: `${tool.name} did not answer within ${tool.timeoutMs / 1000} s` };
    return { error: oneLine(error) };
  }
}

function toText(result: unknown): string {
  return typeof result === 'string' ? result : (JSON.stringify(result) ?? '');
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim().slice(0, 200) || 'the tool failed';
}

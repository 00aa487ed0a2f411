/** Agents over scripted models, and what they did to their engine. */

import { z } from 'zod';
import { defineTool, type Sampling, type Sequence, type StreamPart, type Tool, Toolformer } from '#dist/src/index.js';
import type { LoadedModel } from '#dist/src/load-model.js';
import { scriptedModel } from '#dist/src/testing.js';

export const stock = defineTool({
  name: 'stock',
  description: 'Pieces of an article in stock',
  input: z.object({ sku: z.string() }),
  run: ({ sku }) => (sku === 'A-17' ? '12' : '0'),
});

export const add = defineTool({
  name: 'add',
  description: 'The sum of two numbers',
  input: z.object({ left: z.number(), right: z.number() }),
  run: ({ left, right }) => left + right,
});

/** A tool with one text argument that does what it is told. */
export function toolThat(run: Tool['run'], rest: { timeoutMs?: number; approval?: 'never' | 'ask' } = {}): Tool {
  const input = z.object({ text: z.string() });
  return defineTool({ name: 'it', description: 'Does it', input, run: run as never, ...rest }) as unknown as Tool;
}

export type Done = { step: readonly number[]; at: number; sampling: Sampling } | { truncate: number };

export interface Observed {
  agent: Toolformer;
  model: ReturnType<typeof scriptedModel>;
  /** What the engine was asked to do, in order, over all sequences. */
  done: Done[];
  /** Everything that was evaluated, with control tokens spelled out. */
  evaluated(): string;
  /** What the sequence that was opened last holds. */
  held(): string;
}

export interface AgentOptions {
  tools?: readonly unknown[];
  contextLength?: number;
  /** Natural-log probability of every token. */
  logprob?: number;
}

export async function scripted(script: readonly string[], options: AgentOptions = {}): Promise<Observed> {
  const { tools = [stock, add], contextLength, logprob } = options;
  const model = scriptedModel(script, contextLength === undefined ? {} : { contextLength });
  const done: Done[] = [];
  let held: number[] = [];
  const open = model.engine.open.bind(model.engine);
  model.engine.open = async () => {
    held = [];
    return observe(await open(), { done, held, logprob });
  };
  const agent = await Toolformer.load({ model, tools: tools as Tool[] });
  const evaluated = () => spell(model, model.engine.evaluated);
  return { agent, model, done, evaluated, held: () => spell(model, held) };
}

interface Notes {
  done: Done[];
  held: number[];
  logprob: number | undefined;
}

function observe(sequence: Sequence, { done, held, logprob }: Notes): Sequence {
  const step = sequence.step.bind(sequence);
  const truncate = sequence.truncate.bind(sequence);
  sequence.step = async (tokens, sampling, ...rest) => {
    done.push({ step: tokens, at: sequence.length, sampling });
    const result = await step(tokens, sampling, ...rest);
    held.push(...tokens);
    return logprob === undefined ? result : { ...result, logprob };
  };
  sequence.truncate = (length) => {
    done.push({ truncate: length });
    held.length = length;
    return truncate(length);
  };
  return sequence;
}

export function spell({ tokenizer }: Pick<LoadedModel, 'tokenizer'>, ids: readonly number[]): string {
  const names = ['bos', 'eos', 'system', 'tools', 'user', 'assistant', 'text', 'call', 'result', 'end'];
  const bytes: number[] = [];
  for (const id of ids) {
    bytes.push(...(tokenizer.bytesOf(id) ?? new TextEncoder().encode(`⟨${names[id]}⟩`)));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

export async function collectParts(stream: AsyncIterable<StreamPart>): Promise<StreamPart[]> {
  const parts: StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

export function textOf(parts: readonly StreamPart[]): string {
  return parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
}

/** The parts of one kind. */
export function only<Type extends StreamPart['type']>(parts: readonly StreamPart[], type: Type) {
  return parts.filter((part): part is Extract<StreamPart, { type: Type }> => part.type === type);
}

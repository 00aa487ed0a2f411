/** A conversation that keeps its cache between turns. */
import type { Tool } from '../tools/tool.js';
import { Context } from './context.js';
import {
  AnswerRecord,
  type Conversation,
  describeTools,
  readConversation,
  type Turn,
  toMessages,
} from './conversation.js';
import { follow } from './interruptible.js';
import type { LoadedModel } from './load-model.js';
import { type ChatOptions, checkChatOptions, checkTurnOptions, type TurnOptions } from './options.js';
import type { FinishPart, StreamPart } from './parts.js';
import { type RunOptions, run } from './run.js';
import { MOST_CHARACTERS_A_TOKEN } from './splice.js';
import type { Message } from './text/chat-template.js';

/** A finished answer. */
export interface Answer extends Omit<FinishPart, 'type'> {
  text: string;
  calls: AnswerCall[];
}

/** A call of an answer: with `output` where it was answered, else with `error`. */
export interface AnswerCall {
  toolName: string;
  /** What the tool got; of a call that could not be read, and was taken back, the text as it was written. */
  input: unknown;
  output?: string;
  error?: string;
  durationMs?: number;
}

export class Chat {
  readonly #model: LoadedModel;
  readonly #tools: readonly Tool[];
  readonly #conversation: Conversation;
  readonly #role: 'user' | 'text';
  #context: Context | undefined;
  #isAnswering = false;
  #closes = 0;

  /** Use `Toolformer.chat`. With `mode: 'complete'` its one turn is a text to go on with. */
  constructor(
    model: LoadedModel,
    tools: readonly Tool[],
    options: ChatOptions = {},
    mode: 'chat' | 'complete' = 'chat',
  ) {
    checkChatOptions(options);
    const { system, from } = options;
    this.#model = model;
    this.#tools = tools;
    this.#role = mode === 'chat' ? 'user' : 'text';
    const start = from === undefined ? { version: 1 as const, turns: [] } : readConversation(from);
    this.#conversation = { ...start, ...(system !== undefined && { system }) };
  }

  /** The answer as it is written. `break` cancels it; a slow reader slows the writer. */
  async *stream(text: string, options: TurnOptions = {}): AsyncGenerator<StreamPart, void> {
    checkTurnOptions(options);
    if (typeof text !== 'string') throw new TypeError(`Expected the prompt to be a text, got ${typeof text}`);
    if (text.trim() === '') throw new TypeError('Expected a prompt with some text, got none');
    if (this.#isAnswering) throw new Error('This chat is still answering: wait for the answer, or cancel it');
    const { controller, release } = follow(options.signal);
    this.#isAnswering = true;
    try {
      const context = await this.#prepare(text);
      yield* this.#answer(context, text, this.#runOptions(options, controller.signal));
    } finally {
      release();
      controller.abort();
      this.#isAnswering = false;
    }
  }

  async send(text: string, options: TurnOptions = {}): Promise<Answer> {
    return collect(this.stream(text, options));
  }

  /** The conversation as plain JSON, for `Toolformer.chat({ from })`. */
  export(): Conversation {
    return structuredClone(this.#conversation);
  }

  /** Frees the cache. The conversation stays: a further turn builds the cache anew. */
  async close(): Promise<void> {
    const context = this.#context;
    this.#context = undefined; // also where closing fails
    this.#closes++;
    await context?.sequence.close();
  }

  async *#answer(context: Context, text: string, options: RunOptions): AsyncGenerator<StreamPart, void> {
    const { tokenizer, format } = this.#model;
    const { turns } = this.#conversation;
    const turn: Turn = { user: text, answer: [] };
    const record = new AnswerRecord(turn.answer);
    const start = context.length;
    turns.push(turn);
    try {
      for await (const part of run(context, tokenizer, format, options)) {
        record.add(part);
        yield part;
      }
    } catch (error) {
      // The turn failed as a whole: the next one starts from the conversation before it.
      turns.pop();
      await this.close().catch(() => {});
      throw error;
    } finally {
      turn.ids = context.from(start);
    }
  }

  /** Appends the prompt's ids to the context. @throws {RangeError} with the numbers, where it does not fit */
  async #prepare(text: string): Promise<Context> {
    const { engine, template } = this.#model;
    const { contextLength } = engine.info;
    if (text.length > contextLength * MOST_CHARACTERS_A_TOKEN) {
      throw new RangeError(
        `The prompt is too long: ${text.length} characters, but the model's context holds ${contextLength} tokens`,
      );
    }
    const context = this.#context ?? (await this.#open());
    const history = toMessages(this.#conversation, this.#tools, this.#model);
    const prompt: Message = { role: this.#role, content: text };
    const inCache = context.length > 0 ? history.at(-1) : undefined;
    const ids = template.render([...history, prompt], describeTools(this.#tools), inCache);
    if (context.length + ids.length >= contextLength) {
      const after = context.length > 0 ? ` after ${context.length} of the conversation` : '';
      const cure = context.length > 0 ? '; start a new chat' : '';
      throw new RangeError(
        `The prompt is too long: ${ids.length} tokens${after}, but the model's context holds ${contextLength}${cure}`,
      );
    }
    context.append(ids);
    return context;
  }

  async #open(): Promise<Context> {
    const closes = this.#closes;
    const sequence = await this.#model.engine.open();
    if (closes !== this.#closes) {
      await sequence.close();
      throw new Error('The chat was closed while its answer began');
    }
    this.#context = new Context(sequence);
    return this.#context;
  }

  #runOptions(options: TurnOptions, signal: AbortSignal): RunOptions {
    const { loadMs } = this.#model;
    this.#model.loadMs = 0; // later answers find it loaded
    const { temperature = 0, topK = 0, topP = 1, seed = 0 } = options;
    return {
      tools: this.#tools,
      sampling: { temperature, topK, topP, seed },
      maxTokens: options.maxTokens ?? 512,
      maxCalls: options.maxCalls ?? 8,
      callTopK: options.callTopK ?? 1,
      callThreshold: options.callThreshold ?? 1,
      contextLength: this.#model.engine.info.contextLength,
      loadMs,
      approve: options.approve ?? (() => false),
      signal,
    };
  }
}

/** Reads a stream to its end. */
export async function collect(stream: AsyncIterable<StreamPart>): Promise<Answer> {
  let text = '';
  const calls: AnswerCall[] = [];
  for await (const part of stream) {
    if (part.type === 'text-delta') text += part.text;
    if (part.type === 'tool-result') {
      const { toolName, input, output, durationMs } = part;
      calls.push({ toolName, input, output, durationMs });
    }
    if (part.type === 'tool-error') calls.push({ toolName: part.toolName, input: part.input, error: part.error });
    if (part.type === 'finish') {
      const { finishReason, usage, timing } = part;
      return { text, calls, finishReason, usage, timing };
    }
  }
  throw new Error('The stream ended without a finish part');
}

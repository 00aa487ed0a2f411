/** The agent: a loaded model with its tools. */
/// <reference lib="esnext.disposable" preserve="true" />
import type { Tool } from '../tools/tool.js';
import { type Answer, Chat, collect } from './chat.js';
import type { EngineInfo } from './engine/engine.js';
import { type LoadedModel, loadModel } from './load-model.js';
import {
  type AnswerOptions,
  type ChatOptions,
  checkAnswerOptions,
  checkLoadOptions,
  type LoadOptions,
} from './options.js';
import type { StreamPart } from './parts.js';

export class Toolformer {
  readonly #model: LoadedModel;
  readonly #tools: readonly Tool[];

  private constructor(model: LoadedModel, tools: readonly Tool[]) {
    this.#model = model;
    this.#tools = tools;
  }

  /**
   * Loads a model and its tools.
   * @throws {Error} with one line that says what to do, where the model or the device cannot be used
   */
  static async load(options: LoadOptions = {}): Promise<Toolformer> {
    const { model = 'embedded', device = 'auto', isolation, threads = 0, onNotice = () => {} } = options;
    checkLoadOptions(options); // before there is a model to close again
    const loading = typeof model === 'string' ? loadModel(model, { device, isolation, threads, onNotice }) : model;
    const [loaded, tools] = await Promise.all([loading, prepare(options.tools)]);
    return new Toolformer(loaded, tools);
  }

  /** The model, its device and its sizes. */
  get info(): EngineInfo {
    return this.#model.engine.info;
  }

  /** One answer, as it is written. `break` cancels it; a slow reader slows the writer. */
  async *stream(prompt: string, options: AnswerOptions = {}): AsyncGenerator<StreamPart, void> {
    checkAnswerOptions(options);
    const { system, mode, ...turnOptions } = options;
    const chat = new Chat(this.#model, this.#tools, system === undefined ? {} : { system }, mode);
    try {
      yield* chat.stream(prompt, turnOptions);
    } finally {
      await chat.close();
    }
  }

  /** One answer, whole. */
  async generate(prompt: string, options: AnswerOptions = {}): Promise<Answer> {
    return collect(this.stream(prompt, options));
  }

  /** A conversation that keeps its cache between turns. */
  chat(options: ChatOptions = {}): Chat {
    return new Chat(this.#model, this.#tools, options);
  }

  /** Ends the engine. Nothing keeps the process alive afterwards. */
  async close(): Promise<void> {
    await this.#model.engine.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The main thread is idle while the model loads in its own. */
async function prepare(chosen: readonly Tool[] | undefined): Promise<readonly Tool[]> {
  const tools = chosen ?? (await import('../tools/index.js')).defaultTools();
  return tools.map(prepared);
}

/** The same tool, being prepared: its calls wait, and where that failed, prepare it once more. */
function prepared(tool: Tool): Tool {
  if (tool.prepare === undefined) return tool;
  const start = () => Promise.resolve().then(() => tool.prepare!());
  let ready = start();
  ready.catch(() => {}); // told by the call
  const run: Tool['run'] = async (input, context) => {
    await ready.catch(() => {
      ready = start();
      return ready;
    });
    return tool.run(input, context);
  };
  return Object.create(tool, { run: { value: run } });
}

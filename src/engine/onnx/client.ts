/** The ONNX engine as the rest of the program sees it: a client of a session that runs in a thread or a process. */
import type { Engine, EngineInfo, Sampling, Scores, Sequence, Step } from '../engine.js';
import { Channel, type Isolation, RequestError } from './channel.js';
import type { SequenceState, SessionOptions } from './protocol.js';

export class OnnxEngine implements Engine {
  readonly info: EngineInfo;
  readonly #options: SessionOptions;
  readonly #isolation: Isolation;
  #channel: Promise<Channel>;
  #closing: Promise<void> | undefined;

  private constructor(options: SessionOptions, isolation: Isolation, channel: Channel, info: EngineInfo) {
    this.#options = options;
    this.#isolation = isolation;
    this.#channel = Promise.resolve(channel);
    this.info = info;
  }

  /** @throws {Error} with one line where the graph cannot be loaded or the device cannot be used */
  static async load(options: SessionOptions, isolation: Isolation = 'thread'): Promise<OnnxEngine> {
    // A driver that does not work prints at length: it is asked in a process, whose output nobody sees, before it is let in.
    if (isolation === 'thread' && options.device !== 'cpu') await (await start(options, 'process')).channel.end();
    const { channel, info } = await start(options, isolation);
    return new OnnxEngine(options, isolation, channel, info);
  }

  /** The session's process id under `isolation: 'process'`. */
  async processId(): Promise<number | undefined> {
    return (await this.#channel).processId;
  }

  /** Starts a new session where the last one died. */
  async open(): Promise<Sequence> {
    if (this.#closing !== undefined) throw new Error('The engine is closed');
    const channel = await this.#living();
    return new OnnxSequence(channel, await channel.request({ kind: 'open' }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const channel = await this.#channel.catch(() => undefined);
    await channel?.end();
  }

  async #living(): Promise<Channel> {
    const known = this.#channel;
    const current = await known.catch(() => undefined);
    if (current !== undefined && !current.isDead) return current;
    if (this.#closing !== undefined) throw new Error('The engine is closed');
    // Of several that find it dead, the first starts another.
    if (this.#channel === known) this.#channel = start(this.#options, this.#isolation).then(({ channel }) => channel);
    return this.#channel;
  }
}

async function start(options: SessionOptions, isolation: Isolation): Promise<{ channel: Channel; info: EngineInfo }> {
  const channel = new Channel(isolation);
  try {
    return { channel, info: await channel.request({ kind: 'load', options }) };
  } catch (error) {
    await channel.end();
    throw error;
  }
}

class OnnxSequence implements Sequence {
  readonly #channel: Channel;
  readonly #id: number;
  #state: SequenceState;
  #isClosed = false;

  constructor(channel: Channel, state: SequenceState) {
    this.#channel = channel;
    this.#id = state.sequence;
    this.#state = state;
  }

  get length(): number {
    return this.#state.length;
  }

  get evaluatedTokens(): number {
    return this.#state.evaluatedTokens;
  }

  async step(tokens: readonly number[], sampling: Sampling, signal?: AbortSignal): Promise<Step> {
    const request = { kind: 'step' as const, sequence: this.#id, tokens, sampling };
    const answer = await this.#follow(this.#channel.request(request, signal), signal);
    return answer.step;
  }

  async truncate(length: number): Promise<void> {
    await this.#follow(this.#channel.request({ kind: 'truncate', sequence: this.#id, length }));
  }

  async fork(length?: number): Promise<Sequence> {
    const state = this.#channel.request({ kind: 'fork', sequence: this.#id, length }).catch(rethrow);
    return new OnnxSequence(this.#channel, await state);
  }

  async score(tokens: readonly number[], ids: readonly number[] = []): Promise<Scores> {
    const answer = await this.#follow(this.#channel.request({ kind: 'score', sequence: this.#id, tokens, ids }));
    return answer.scores;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#channel.request({ kind: 'closeSequence', sequence: this.#id }).catch((error) => {
      if (!this.#channel.isDead) throw error; // otherwise it is gone, with everything else
    });
  }

  /** Keeps the view of the sequence up to date, also where the request failed half-way. */
  async #follow<Answer extends SequenceState>(answer: Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
    try {
      const result = await answer;
      this.#state = result;
      return result;
    } catch (error) {
      if (error instanceof RequestError && error.state !== undefined) this.#state = error.state;
      if (signal?.aborted) throw signal.reason;
      return rethrow(error);
    }
  }
}

/** Only an error's name comes over the channel: a caller's mistake gets its class back. */
function rethrow(error: unknown): never {
  if (error instanceof RequestError && error.name === 'RangeError') throw new RangeError(error.message);
  throw error;
}

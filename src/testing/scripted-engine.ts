/**
 * An engine without a model: it says what a script says. Prompt, sampling rules, splice and rollback work as with a real
 * one, so that tools and apps can be tested in milliseconds.
 */
import type { Engine, EngineInfo, Sampling, Scores, Sequence, Step } from '../engine/engine.js';

/**
 * Ids by leg. A leg begins whenever several ids enter at once (a prompt, a result) or positions were taken back; it is
 * said id by id, then the answer ends.
 */
export type Script = readonly (readonly number[])[];

export interface ScriptedEngineOptions {
  script: Script;
  vocabularySize: number;
  /** Said when a leg is over. */
  eosId: number;
  /** Default 2,048. */
  contextLength?: number;
}

export class ScriptedEngine implements Engine {
  readonly info: EngineInfo;
  /** Every id that was evaluated, in order, over all sequences. */
  readonly evaluated: number[] = [];
  readonly #options: ScriptedEngineOptions;
  #leg = -1;

  constructor(options: ScriptedEngineOptions) {
    const { contextLength = 2048, vocabularySize } = options;
    this.#options = options;
    this.info = { model: 'scripted', device: 'none', dtype: 'none', contextLength, vocabularySize };
  }

  async open(): Promise<Sequence> {
    return new ScriptedSequence(this, []);
  }

  async close(): Promise<void> {}

  /** @internal The next leg of the script, to be consumed id by id. */
  nextLeg(): number[] {
    this.#leg++;
    return [...(this.#options.script[this.#leg] ?? [])];
  }

  /** @internal */
  get eosId(): number {
    return this.#options.eosId;
  }
}

class ScriptedSequence implements Sequence {
  evaluatedTokens = 0;
  readonly #engine: ScriptedEngine;
  readonly #ids: number[];
  #leg: number[] = [];
  #wasTruncated = false;

  constructor(engine: ScriptedEngine, ids: number[]) {
    this.#engine = engine;
    this.#ids = ids;
  }

  get length(): number {
    return this.#ids.length;
  }

  async step(tokens: readonly number[], sampling: Sampling, signal?: AbortSignal): Promise<Step> {
    await new Promise(setImmediate); // as a real engine, it lets others run
    signal?.throwIfAborted();
    if (this.length + tokens.length > this.#engine.info.contextLength) {
      throw new RangeError(`Expected at most ${this.#engine.info.contextLength} positions`);
    }
    if (tokens.length > 1 || this.#wasTruncated) this.#leg = this.#engine.nextLeg();
    this.#wasTruncated = false;
    this.#ids.push(...tokens);
    this.#engine.evaluated.push(...tokens);
    this.evaluatedTokens += tokens.length;
    return this.#say(sampling);
  }

  async truncate(length: number): Promise<void> {
    this.#ids.length = length;
    this.#wasTruncated = true;
  }

  async fork(length = this.length): Promise<Sequence> {
    return new ScriptedSequence(this.#engine, this.#ids.slice(0, length));
  }

  async score(tokens: readonly number[], ids: readonly number[] = []): Promise<Scores> {
    return { tokens: new Float32Array(tokens.length), ids: tokens.map(() => new Float32Array(ids.length)) };
  }

  async close(): Promise<void> {}

  /** Ids that the sampling forbids are passed over, as a model's second choice would be. */
  #say({ banned = [], opening, mask }: Sampling): Step {
    for (;;) {
      const token = this.#leg.shift() ?? this.#engine.eosId;
      const isOpening = opening?.ids.includes(token) ?? false;
      const isBanned = banned.includes(token) || (isOpening && opening?.topK === 0);
      const isMasked = mask !== undefined && ((mask[token >>> 5]! >>> (token & 31)) & 1) === 0;
      if (token === this.#engine.eosId || !(isBanned || isMasked))
        return { token, logprob: 0, opened: isOpening ? 'rank' : undefined };
    }
  }
}

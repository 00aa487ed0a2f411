/** A sequence on the session's side: its tokens, its cache, evaluation in chunks. Knows nothing of messages. */
import type { Sampling, Scores, Step } from '../engine.js';
import type { KeyValueCache } from './cache.js';
import type { ChunkTimer } from './chunk-timer.js';
import { logSumExp, sample } from './sampler.js';
import type { ModelSession } from './session.js';

export class HostSequence {
  evaluatedTokens = 0;
  readonly #session: ModelSession;
  readonly #timer: ChunkTimer;
  readonly #cache: KeyValueCache;
  /** Tokens of all positions. The cache lags behind after a truncation that it could not do exactly. */
  readonly #tokens: number[];

  constructor(session: ModelSession, timer: ChunkTimer, cache = session.newCache(), tokens: number[] = []) {
    this.#session = session;
    this.#timer = timer;
    this.#cache = cache;
    this.#tokens = tokens;
  }

  get length(): number {
    return this.#tokens.length;
  }

  /** @param mayGoOn called before each chunk; throws where the step is not wanted any more */
  async step(tokens: readonly number[], sampling: Sampling, mayGoOn: () => void): Promise<Step> {
    this.#check(tokens);
    if (tokens.length > 1) this.#cache.keep('current');
    const logits = await this.#evaluate(tokens, mayGoOn);
    const step = sample(logits, sampling, this.length);
    if (sampling.opening?.ids.includes(step.token)) this.#cache.keep('previous'); // a call that fails goes back to there
    return step;
  }

  truncate(length: number): void {
    this.#checkLength(length);
    this.#tokens.length = length;
    this.#cache.truncate(length);
  }

  fork(length = this.length): HostSequence {
    this.#checkLength(length);
    return new HostSequence(this.#session, this.#timer, this.#cache.fork(length), this.#tokens.slice(0, length));
  }

  /** Works on a copy of the cache that ends one position earlier: the first token's probability follows from the last position. */
  async score(tokens: readonly number[], ids: readonly number[], mayGoOn: () => void): Promise<Scores> {
    this.#check(tokens);
    const start = Math.max(0, this.length - 1);
    const scratch = this.fork(start);
    const scores: Scores = { tokens: new Float32Array(tokens.length).fill(Number.NaN), ids: [] };
    const sequence = [...this.#tokens.slice(start), ...tokens];
    const first = sequence.length - tokens.length; // 0 for an empty sequence: its first token follows nothing
    if (first === 0) scores.ids.push(new Float32Array(ids.length).fill(Number.NaN));
    try {
      const inputs = sequence.slice(0, -1);
      let next = 1;
      await scratch.#evaluateAll(inputs, mayGoOn, (logits) => {
        const normaliser = logSumExp(logits);
        scores.tokens[next - first] = logits[sequence[next]!]! - normaliser;
        scores.ids.push(Float32Array.from(ids, (id) => logits[id]! - normaliser));
        next++;
      });
    } finally {
      this.evaluatedTokens += scratch.evaluatedTokens;
      scratch.release();
    }
    return scores;
  }

  release(): void {
    this.#cache.release();
  }

  /** Evaluates the tokens, and those the cache lacks before them. @returns logits of the last position: [vocabulary] */
  async #evaluate(tokens: readonly number[], mayGoOn: () => void): Promise<Float32Array> {
    let pending = [...this.#tokens.slice(this.#cache.length), ...tokens];
    let logits: Float32Array | undefined;
    while (pending.length > 0) {
      // Where going back is costly, the last token goes alone, so that the state before it can be kept.
      const whole = this.#session.needsCheckpoints && pending.length > 1 ? pending.length - 1 : pending.length;
      const chunk = pending.slice(0, Math.min(this.#timer.size, whole));
      logits = await this.#run(chunk, 1, mayGoOn);
      pending = pending.slice(chunk.length);
    }
    return logits!;
  }

  async #evaluateAll(
    tokens: readonly number[],
    mayGoOn: () => void,
    each: (logits: Float32Array) => void,
  ): Promise<void> {
    if (this.#cache.length < this.length) await this.#evaluate([], mayGoOn);
    const { vocabularySize } = this.#session.options;
    for (let start = 0; start < tokens.length; ) {
      const chunk = tokens.slice(start, start + this.#timer.size);
      const logits = await this.#run(chunk, chunk.length, mayGoOn);
      for (let row = 0; row < chunk.length; row++) {
        each(logits.subarray(row * vocabularySize, (row + 1) * vocabularySize));
      }
      start += chunk.length;
    }
  }

  /** Position by position: what the cache holds and what `#tokens` says never drift apart, also where a chunk is the last. */
  async #run(chunk: readonly number[], logitsToKeep: number, mayGoOn: () => void): Promise<Float32Array> {
    mayGoOn();
    const start = performance.now();
    const position = this.#cache.length;
    const { logits, evaluatedTokens } = await this.#session.run(this.#cache, chunk, logitsToKeep);
    this.#timer.record(chunk.length, performance.now() - start);
    this.evaluatedTokens += evaluatedTokens;
    this.#tokens.splice(position, chunk.length, ...chunk);
    return logits;
  }

  #check(tokens: readonly number[]): void {
    const { contextLength, vocabularySize } = this.#session.options;
    if (tokens.length === 0) throw new RangeError('Expected at least one token, got none');
    if (this.length + tokens.length > contextLength) {
      throw new RangeError(
        `Expected at most ${contextLength} positions, got ${this.length} in the cache and ${tokens.length} more`,
      );
    }
    for (const token of tokens) {
      if (!Number.isInteger(token) || token < 0 || token >= vocabularySize) {
        throw new RangeError(`Expected token ids from 0 to ${vocabularySize - 1}, got ${token}`);
      }
    }
  }

  #checkLength(length: number): void {
    if (!Number.isInteger(length) || length < 0 || length > this.length) {
      throw new RangeError(`Expected a length from 0 to ${this.length}, got ${length}`);
    }
  }
}

/** Counts and times one answer. */
import type { Context } from './context.js';
import type { Timing, Usage } from './parts.js';

export class Meter {
  outputTokens = 0;
  toolMs = 0;
  #splicedTokens = 0;
  #enteringTokens = 0;
  #rolledBackTokens = 0;
  readonly #context: Context;
  readonly #promptTokens: number;
  readonly #cachedTokens: number;
  readonly #evaluatedBefore: number;
  readonly #loadMs: number;
  readonly #start = performance.now();
  #firstToken: number | undefined;

  constructor(context: Context, loadMs: number) {
    this.#context = context;
    this.#promptTokens = context.length;
    this.#cachedTokens = context.sequence.length;
    this.#evaluatedBefore = context.sequence.evaluatedTokens;
    this.#loadMs = loadMs;
  }

  /** A token was sampled, and everything before it evaluated. */
  sampled(): void {
    this.outputTokens++;
    this.#splicedTokens += this.#enteringTokens;
    this.#enteringTokens = 0;
    this.#firstToken ??= performance.now();
  }

  /** A result waits to be evaluated; it counts once it has been. */
  spliced(tokens: number): void {
    this.#enteringTokens += tokens;
  }

  /**
   * A call of so many tokens was taken back. All but its last, which was only sampled, were evaluated; in its stead the
   * position before the call is evaluated once more, or the answer is over and it is the last sampled token of all.
   */
  takenBack(tokens: number, outputBefore: number): void {
    this.#rolledBackTokens += tokens;
    this.outputTokens = outputBefore;
  }

  get usage(): Usage {
    return {
      promptTokens: this.#promptTokens,
      cachedTokens: this.#cachedTokens,
      outputTokens: this.outputTokens,
      splicedTokens: this.#splicedTokens,
      rolledBackTokens: this.#rolledBackTokens,
      evaluatedTokens: this.#context.sequence.evaluatedTokens - this.#evaluatedBefore,
    };
  }

  get timing(): Timing {
    const now = performance.now();
    const first = this.#firstToken ?? now;
    const decodeMs = now - first - this.toolMs;
    return {
      loadMs: this.#loadMs,
      firstTokenMs: first - this.#start,
      tokensPerSecond: decodeMs > 0 ? (Math.max(0, this.outputTokens - 1) / decodeMs) * 1000 : 0,
      toolMs: this.toolMs,
    };
  }
}

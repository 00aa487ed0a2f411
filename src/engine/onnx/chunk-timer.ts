/** Sizes the chunks of a prompt by time, so that an abort is never further away than one chunk. */

const TARGET_MS = 100;
const SMALLEST = 16;
const FIRST = 32; // nothing is known yet: a large model takes 10 ms a token
const LARGEST = 256; // larger chunks gain nothing and cost memory

export class ChunkTimer {
  #msPerToken: number | undefined;

  /** How many tokens to evaluate in one run. */
  get size(): number {
    if (this.#msPerToken === undefined) return FIRST;
    return Math.min(LARGEST, Math.max(SMALLEST, Math.round(TARGET_MS / this.#msPerToken)));
  }

  record(tokens: number, elapsedMs: number): void {
    if (tokens >= SMALLEST) this.#msPerToken = elapsedMs / tokens; // short runs say little about long ones
  }
}

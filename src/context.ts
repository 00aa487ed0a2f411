/** A sequence and the ids that belong to it, whether evaluated yet or not. */
import type { Sampling, Sequence, Step } from './engine/engine.js';

export class Context {
  readonly sequence: Sequence;
  readonly #ids: number[] = [];

  constructor(sequence: Sequence) {
    this.sequence = sequence;
  }

  /** Ids in all. */
  get length(): number {
    return this.#ids.length;
  }

  /** Ids that no step has evaluated yet. */
  get pendingLength(): number {
    return this.#ids.length - this.sequence.length;
  }

  /** The ids from position `start` on. */
  from(start: number): number[] {
    return this.#ids.slice(start);
  }

  append(ids: readonly number[]): void {
    for (const id of ids) this.#ids.push(id);
  }

  /** Evaluates what is pending and samples the next id, which is not appended. */
  step(sampling: Sampling, signal: AbortSignal): Promise<Step> {
    return this.sequence.step(this.#ids.slice(this.sequence.length), sampling, signal);
  }

  async truncate(length: number): Promise<void> {
    this.#ids.length = length;
    if (this.sequence.length > length) await this.sequence.truncate(length);
  }

  /** Makes the last id pending again: the next step evaluates it once more and samples anew. */
  async stepBack(): Promise<void> {
    if (this.pendingLength === 0) await this.sequence.truncate(this.length - 1);
  }
}

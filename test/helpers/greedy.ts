/** Greedy decoding by hand, token by token. */
import type { Sampling, Sequence } from '#dist/src/engine/engine.js';

export const GREEDY: Sampling = { temperature: 0, topK: 0, topP: 1, seed: 0 };

/** `count` ids that follow `tokens`. The last one is not evaluated. */
export async function greedy(sequence: Sequence, tokens: readonly number[], count: number): Promise<number[]> {
  const ids: number[] = [];
  let next = tokens;
  while (ids.length < count) {
    const { token } = await sequence.step(next, GREEDY);
    ids.push(token);
    next = [token];
  }
  return ids;
}

/** A prompt of that length that means nothing. Ids stay clear of the first ones, which control. */
export function nonsense(length: number, seed = 0): number[] {
  return Array.from({ length }, (_, index) => 3 + ((index * 37 + seed * 101 + (index >> 3)) % 500));
}

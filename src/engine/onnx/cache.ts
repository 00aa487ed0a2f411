/** What a key-value cache is to the session. Two strategies stand behind it: rows and feedback. */
import type { InferenceSession, Tensor } from 'onnxruntime-node';

export interface KeyValueCache {
  /** Positions held. */
  readonly length: number;
  /** Inputs for a run over `count` new tokens, all but `input_ids`. */
  feeds(count: number): Record<string, Tensor>;
  /** Takes over the `present.*` outputs of that run. */
  append(outputs: InferenceSession.OnnxValueMapType, count: number): void;
  /** Keeps the state of now, or of before the last run, where a later `truncate` to its length would otherwise be costly. */
  keep(state: 'current' | 'previous'): void;
  /** Forgets positions from `length` on, and more where it must; the caller evaluates what is then missing anew. */
  truncate(length: number): void;
  /** A second cache with the first positions: `length` of them, or fewer where it must. */
  fork(length: number): KeyValueCache;
  release(): void;
}

/** What a strategy needs to know of the graph. */
export interface CacheLayout {
  layers: number;
  kvHeads: number;
  headSize: number;
  /** Optional inputs are fed only where the graph declares them. */
  inputNames: readonly string[];
}

export function keyName(layer: number, side: 'past_key_values' | 'present'): string {
  return `${side}.${layer}.key`;
}

export function valueName(layer: number, side: 'past_key_values' | 'present'): string {
  return `${side}.${layer}.value`;
}

/** Position ids of `count` tokens after `length` others: [1, count]. */
export function positions(length: number, count: number): BigInt64Array {
  const ids = new BigInt64Array(count);
  for (let index = 0; index < count; index++) ids[index] = BigInt(length + index);
  return ids;
}

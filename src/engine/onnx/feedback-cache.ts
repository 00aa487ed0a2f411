/**
 * The cache of any standard export: `present.*` of one run is fed as `past_key_values.*` of the next, on the GPU without
 * leaving it. A state is never changed, so going back is keeping an older one; JavaScript cannot slice tensors on a GPU.
 */
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { type CacheLayout, type KeyValueCache, keyName, positions, valueName } from './cache.js';

/** Each kept state holds the memory of its whole context. */
const KEPT_STATES = 4;

export type CacheType = 'float32' | 'float16';

export class FeedbackCache implements KeyValueCache {
  readonly #layout: CacheLayout;
  readonly #type: CacheType;
  #current: State;
  #previous: State | undefined; // before the last run; none where slicing is possible
  #kept: State[] = []; // by rising length

  constructor(layout: CacheLayout, type: CacheType, current = emptyState(layout, type)) {
    this.#layout = layout;
    this.#type = type;
    this.#current = current;
  }

  get length(): number {
    return this.#current.length;
  }

  feeds(count: number): Record<string, Tensor> {
    const { inputNames } = this.#layout;
    const total = this.length + count;
    const feeds: Record<string, Tensor> = { ...this.#current.tensors };
    if (inputNames.includes('attention_mask')) {
      feeds.attention_mask = new Tensor('int64', new BigInt64Array(total).fill(1n), [1, total]);
    }
    if (inputNames.includes('position_ids')) {
      feeds.position_ids = new Tensor('int64', positions(this.length, count), [1, count]);
    }
    return feeds;
  }

  append(outputs: InferenceSession.OnnxValueMapType, count: number): void {
    const tensors: Record<string, Tensor> = {};
    for (let layer = 0; layer < this.#layout.layers; layer++) {
      tensors[keyName(layer, 'past_key_values')] = outputs[keyName(layer, 'present')] as Tensor;
      tensors[valueName(layer, 'past_key_values')] = outputs[valueName(layer, 'present')] as Tensor;
    }
    const next = new State(this.length + count, tensors);
    this.#previous?.release();
    this.#previous = next.isOnCpu ? undefined : this.#current.retain();
    this.#replace(next);
  }

  keep(which: 'current' | 'previous'): void {
    const state = which === 'current' ? this.#current : this.#previous;
    if (state === undefined || state.length === 0 || state.isOnCpu || this.#kept.includes(state)) return;
    this.#kept.push(state.retain());
    if (this.#kept.length > KEPT_STATES) this.#kept.shift()!.release();
  }

  truncate(length: number): void {
    if (length >= this.length) return;
    this.#replace(this.#prefix(length));
    this.#previous?.release();
    this.#previous = undefined;
    while (this.#kept.length > 0 && this.#kept.at(-1)!.length > length) this.#kept.pop()!.release();
  }

  fork(length: number): FeedbackCache {
    const state = length >= this.length ? this.#current.retain() : this.#prefix(length);
    return new FeedbackCache(this.#layout, this.#type, state);
  }

  release(): void {
    for (const state of [...this.#kept, ...(this.#previous ? [this.#previous] : [])]) state.release();
    this.#kept = [];
    this.#previous = undefined;
    this.#replace(emptyState(this.#layout, this.#type));
  }

  /** A state of at most `length` positions: a slice where the tensors are at hand, else the longest one kept. */
  #prefix(length: number): State {
    if (length > 0 && this.#current.isOnCpu) return this.#current.slice(length, this.#type);
    const states = this.#previous === undefined ? this.#kept : [...this.#kept, this.#previous];
    const longest = states.findLast((state) => state.length <= length);
    return longest?.retain() ?? emptyState(this.#layout, this.#type);
  }

  #replace(state: State): void {
    this.#current.release();
    this.#current = state;
  }
}

/** Immutable keys and values of some positions, by input name, shared by counting. */
class State {
  readonly length: number;
  readonly tensors: Record<string, Tensor>; // [1, kvHead, position, headSize]
  #holders = 1;

  constructor(length: number, tensors: Record<string, Tensor>) {
    this.length = length;
    this.tensors = tensors;
  }

  get isOnCpu(): boolean {
    return Object.values(this.tensors).every((tensor) => tensor.location === 'cpu');
  }

  retain(): this {
    this.#holders++;
    return this;
  }

  /** The garbage collector does not see GPU memory: the last holder frees it. */
  release(): void {
    if (--this.#holders > 0) return;
    for (const tensor of Object.values(this.tensors)) if (tensor.location !== 'cpu') tensor.dispose();
  }

  slice(length: number, type: CacheType): State {
    const tensors = Object.entries(this.tensors).map(([name, tensor]) => [name, firstPositions(tensor, length, type)]);
    return new State(length, Object.fromEntries(tensors) as Record<string, Tensor>);
  }
}

function emptyState({ layers, kvHeads, headSize }: CacheLayout, type: CacheType): State {
  const tensors: Record<string, Tensor> = {};
  for (let layer = 0; layer < layers; layer++) {
    for (const name of [keyName(layer, 'past_key_values'), valueName(layer, 'past_key_values')]) {
      tensors[name] = createTensor(type, 0, [1, kvHeads, 0, headSize]);
    }
  }
  return new State(0, tensors);
}

function firstPositions(tensor: Tensor, length: number, type: CacheType): Tensor {
  const [, heads, positionCount, headSize] = tensor.dims as [number, number, number, number];
  const source = tensor.data as Float32Array | Uint16Array;
  const result = createTensor(type, heads * length * headSize, [1, heads, length, headSize]);
  const target = result.data as Float32Array | Uint16Array;
  for (let head = 0; head < heads; head++) {
    const start = head * positionCount * headSize;
    target.set(source.subarray(start, start + length * headSize), head * length * headSize);
  }
  return result;
}

function createTensor(type: CacheType, size: number, shape: readonly number[]): Tensor {
  return type === 'float32'
    ? new Tensor('float32', new Float32Array(size), shape)
    : new Tensor('float16', new Uint16Array(size), shape);
}

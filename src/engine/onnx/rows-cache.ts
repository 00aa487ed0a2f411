/**
 * The cache of our own graphs on CPU: the graph returns only the new rows, and JavaScript appends them to one growing
 * array a layer. A token costs one row's copy, whatever the context; truncation is a change of length.
 */
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { type CacheLayout, type KeyValueCache, keyName, positions, valueName } from './cache.js';

const MASKED = -1e9;
const INITIAL_ROWS = 256;

export class RowsCache implements KeyValueCache {
  length = 0;
  readonly #layout: CacheLayout;
  readonly #rowSize: number;
  #capacity = INITIAL_ROWS; // rows, the dummy row included
  #keys: Float32Array[]; // [layer][row, kvHead, headSize]
  #values: Float32Array[];
  #stepBias = new Float32Array(0); // all visible but the dummy row: what a run over one token needs

  constructor(layout: CacheLayout) {
    this.#layout = layout;
    this.#rowSize = layout.kvHeads * layout.headSize;
    const allocate = () => Array.from({ length: layout.layers }, () => new Float32Array(INITIAL_ROWS * this.#rowSize));
    this.#keys = allocate();
    this.#values = allocate();
  }

  feeds(count: number): Record<string, Tensor> {
    const { layers, kvHeads, headSize } = this.#layout;
    const rows = this.length + 1; // row 0 is a dummy that the bias masks: attention over no rows at all would crash
    const feeds: Record<string, Tensor> = {
      position_ids: new Tensor('int64', positions(this.length, count), [1, count]),
      attention_bias: new Tensor('float32', this.#bias(count), [count, rows + count]),
    };
    const shape = [rows, kvHeads, 1, headSize];
    for (let layer = 0; layer < layers; layer++) {
      feeds[keyName(layer, 'past_key_values')] = this.#past(this.#keys[layer]!, shape);
      feeds[valueName(layer, 'past_key_values')] = this.#past(this.#values[layer]!, shape);
    }
    return feeds;
  }

  append(outputs: InferenceSession.OnnxValueMapType, count: number): void {
    this.#reserve(this.length + 1 + count);
    const offset = (this.length + 1) * this.#rowSize;
    for (let layer = 0; layer < this.#layout.layers; layer++) {
      this.#keys[layer]!.set((outputs[keyName(layer, 'present')] as Tensor).data as Float32Array, offset);
      this.#values[layer]!.set((outputs[valueName(layer, 'present')] as Tensor).data as Float32Array, offset);
    }
    this.length += count;
  }

  keep(): void {}

  truncate(length: number): void {
    this.length = length;
  }

  fork(length: number): RowsCache {
    const copy = new RowsCache(this.#layout);
    copy.#reserve(length + 1);
    const size = (length + 1) * this.#rowSize;
    for (let layer = 0; layer < this.#layout.layers; layer++) {
      copy.#keys[layer]!.set(this.#keys[layer]!.subarray(0, size));
      copy.#values[layer]!.set(this.#values[layer]!.subarray(0, size));
    }
    copy.length = length;
    return copy;
  }

  release(): void {
    this.length = 0;
    this.#keys = [];
    this.#values = [];
  }

  #past(data: Float32Array, shape: readonly number[]): Tensor {
    return new Tensor('float32', data.subarray(0, shape[0]! * this.#rowSize), shape);
  }

  /** Additive attention mask, causal: [count, 1 + length + count]. */
  #bias(count: number): Float32Array {
    const width = this.length + 1 + count;
    if (count === 1) {
      if (this.#stepBias.length < width) {
        this.#stepBias = new Float32Array(width * 2);
        this.#stepBias[0] = MASKED;
      }
      return this.#stepBias.subarray(0, width);
    }
    const bias = new Float32Array(count * width);
    for (let row = 0; row < count; row++) {
      bias[row * width] = MASKED;
      bias.fill(MASKED, row * width + this.length + 2 + row, (row + 1) * width);
    }
    return bias;
  }

  #reserve(rows: number): void {
    if (rows <= this.#capacity) return;
    this.#capacity = Math.max(rows, this.#capacity * 2);
    const grow = (old: Float32Array) => {
      const larger = new Float32Array(this.#capacity * this.#rowSize);
      larger.set(old);
      return larger;
    };
    this.#keys = this.#keys.map(grow);
    this.#values = this.#values.map(grow);
  }
}

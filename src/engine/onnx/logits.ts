/** Logits as float32, whatever numbers the graph computes with. Knows one output; no session. */
import type { Tensor } from 'onnxruntime-node';
import { fromFloat16 } from '../../../model/weights/half.js';

/** The last `count` positions' logits: [count, vocabulary]. Graphs that keep all positions' give more than were asked for. */
export function lastRows({ type, data, dims }: Tensor, count: number): Float32Array {
  const all = data as Float32Array | Uint16Array; // half floats as bits
  const rows = all.subarray(all.length - count * dims.at(-1)!);
  return type === 'float16' ? fromFloat16(rows as Uint16Array) : (rows as Float32Array);
}

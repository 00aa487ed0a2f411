/** Where weights come from, behind one interface, row by row: no reader ever holds a whole model. */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { LlamaConfig } from '../config.js';
import type { RopeOrder } from '../weights/rope.js';
import { openLlama2c } from './llama2c.js';
import { openSafetensors } from './safetensors.js';

export interface TensorInfo {
  shape: readonly number[];
  /** As the source stores it, e.g. `BF16`. */
  dtype: string;
  /** The file it lies in, for messages. */
  file: string;
}

export interface WeightSource {
  readonly config: LlamaConfig;
  readonly rope: RopeOrder;
  /** Every tensor under its Hugging Face name, e.g. `model.layers.0.self_attn.q_proj.weight`. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Files that go along with the weights, by name: `config.json`, `tokenizer.json` and the like. */
  readonly files: ReadonlyMap<string, string>;
  /**
   * Rows `from` to `to` of a tensor as float32: [row, column]. A tensor of one dimension is one row.
   * @throws {Error} naming file and tensor where a value is no finite number.
   */
  read(tensor: string, from: number, to: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A folder as Hugging Face has it (config.json, *.safetensors), or a llama2.c checkpoint (`.bin`, or a folder with one). */
export async function openSource(path: string): Promise<WeightSource> {
  const status = await stat(path).catch(() => {
    throw new Error(`${path} does not exist`);
  });
  if (!status.isDirectory()) {
    if (extname(path) === '.bin') return openLlama2c(path);
    throw new Error(`${path} is neither a model folder nor a llama2.c checkpoint (.bin)`);
  }
  return (await openSafetensors(path)) ?? (await openLlama2c(path));
}

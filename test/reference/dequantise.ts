/** Reads weights back from a converted model as its graphs see them, by the description of com.microsoft MatMulNBits. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLlamaConfig } from '#dist/model/config.js';
import type { Block, Dtype } from '#dist/model/weights/dtype.js';
import { fromFloat16 } from '#dist/model/weights/half.js';
import { type Entry, layOut } from '#dist/model/weights/layout.js';
import type { Tensors } from './llama.js';

export async function storedTensors(directory: string): Promise<Tensors> {
  const { config, json } = await readLlamaConfig(join(directory, 'config.json'));
  const { dtype, block = 32 } = json.toolformer as { dtype: Dtype; block?: Block };
  const file = await readFile(join(directory, 'model.onnx_data'));
  const tensors = new Map<string, number[][]>();
  for (const entry of layOut(config, dtype, block).entries.values()) {
    if (typeof entry.source === 'string') continue;
    const rows = decodeRows(file, entry);
    for (const { tensor, from, to } of entry.source) {
      const known = tensors.get(tensor) ?? [];
      tensors.set(tensor, known);
      for (let row = from; row < to; row++) known[row] = rows.shift()!;
    }
  }
  return tensors;
}

function decodeRows(file: Buffer, { rows, columns, format, parts }: Entry): number[][] {
  const bytes = (name: string) => {
    const part = parts.find((part) => part.name === name)!;
    return Uint8Array.from(file.subarray(part.offset, part.offset + rows * part.bytesPerRow));
  };
  const values = bytes('values');
  if (!format.bits) {
    const isHalf = values.length === 2 * rows * columns;
    const floats = isHalf ? fromFloat16(new Uint16Array(values.buffer)) : new Float32Array(values.buffer);
    return Array.from({ length: rows }, (_, row) => [...floats.subarray(row * columns, (row + 1) * columns)]);
  }
  const { bits, block } = { bits: format.bits, block: format.block! };
  const scales = new Float32Array(bytes('scales').buffer); // [row, blocks]
  const blocks = scales.length / rows;
  const integer = (position: number) =>
    bits === 8 ? values[position]! - 128 : ((values[position >> 1]! >> (4 * (position % 2))) & 15) - 8;
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const scale = scales[row * blocks + Math.floor(column / block)]!;
      return integer(row * blocks * block + column) * scale;
    }),
  );
}

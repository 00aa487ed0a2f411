/** How the rows of a weight matrix are stored: plain floats or blocks of small integers. Knows one row at a time; no files, no graph. */
import { ElementType } from '../onnx/graph.js';
import { encodeBlocks } from './blocks.js';
import type { Block, Dtype } from './dtype.js';
import { FLOAT16_LIMIT, toFloat16 } from './half.js';

/** One of the arrays that make up a stored matrix; a row of it takes the same number of bytes everywhere. */
export interface Part {
  name: 'values' | 'scales';
  type: ElementType;
  /** Dimensions of one row. */
  row: readonly number[];
  bytesPerRow: number;
}

export interface RowFormat {
  /** Bits of a block's integers; absent where rows are plain floats. */
  bits?: 4 | 8;
  block?: Block;
  /** Magnitudes from here on cannot be stored; absent where all can. */
  limit?: number;
  parts(columns: number): Part[];
  /** The bytes of each part for some rows: `values` is [row, columns]. */
  encode(values: Float32Array, columns: number): Uint8Array[];
}

export function rowFormat(dtype: Dtype, block: Block): RowFormat {
  if (dtype === 'f32') return float32;
  if (dtype === 'f16') return float16;
  return blocks(dtype === 'q4' ? 4 : 8, block);
}

const float32: RowFormat = {
  parts: (columns) => [{ name: 'values', type: ElementType.float32, row: [columns], bytesPerRow: 4 * columns }],
  encode: (values) => [new Uint8Array(values.buffer, values.byteOffset, values.byteLength)],
};

const float16: RowFormat = {
  limit: FLOAT16_LIMIT,
  parts: (columns) => [{ name: 'values', type: ElementType.float16, row: [columns], bytesPerRow: 2 * columns }],
  encode: (values) => [new Uint8Array(toFloat16(values).buffer)],
};

/** The layout of com.microsoft MatMulNBits: `values` [row, blocks, block * bits / 8], `scales` [row, blocks]. */
function blocks(bits: 4 | 8, block: Block): RowFormat {
  return {
    bits,
    block,
    parts(columns) {
      const count = Math.ceil(columns / block);
      const blob = (block * bits) / 8;
      return [
        { name: 'values', type: ElementType.uint8, row: [count, blob], bytesPerRow: count * blob },
        { name: 'scales', type: ElementType.float32, row: [count], bytesPerRow: 4 * count },
      ];
    },
    encode(values, columns) {
      const { integers, scales } = encodeBlocks(values, columns, bits, block);
      return [integers, new Uint8Array(scales.buffer)];
    },
  };
}

/** One `.safetensors` file (huggingface/safetensors, README "Format"): a checked header, then rows of its tensors as float32. */
import * as z from 'zod';
import { fromBfloat16, fromFloat16 } from '../weights/half.js';
import { BinaryFile, checkFinite } from './bytes.js';

export interface StoredTensor {
  dtype: string;
  shape: number[];
  /** Byte offsets in the file. */
  start: number;
  end: number;
}

const HEADER_LIMIT = 100_000_000; // bytes, the format's own
const BITS: Record<string, number> = {
  F64: 64,
  F32: 32,
  F16: 16,
  BF16: 16,
  I64: 64,
  I32: 32,
  I16: 16,
  I8: 8,
  U64: 64,
  U32: 32,
  U16: 16,
  U8: 8,
  BOOL: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
};

const header = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    shape: z.array(z.int().nonnegative()),
    data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  }),
);

export class SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly #file: BinaryFile;

  private constructor(file: BinaryFile, tensors: ReadonlyMap<string, StoredTensor>) {
    this.#file = file;
    this.tensors = tensors;
  }

  static async open(path: string): Promise<SafetensorsFile> {
    const file = await BinaryFile.open(path);
    try {
      return new SafetensorsFile(file, await readHeader(file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Rows `from` to `to` of a tensor of one (a single row) or two dimensions: [row, column]. */
  async read(name: string, from: number, to: number): Promise<Float32Array> {
    const { dtype, shape, start } = this.tensors.get(name)!;
    const rowBytes = (shape.at(-1)! * BITS[dtype]!) / 8;
    const bytes = await this.#file.read(start + from * rowBytes, (to - from) * rowBytes);
    return checkFinite(asFloat32(bytes, dtype), this.#file.path, name);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

export const READABLE = ['F32', 'F16', 'BF16'];

function asFloat32(bytes: Uint8Array<ArrayBuffer>, dtype: string): Float32Array {
  if (dtype === 'F32') return new Float32Array(bytes.buffer);
  const halves = new Uint16Array(bytes.buffer);
  return dtype === 'F16' ? fromFloat16(halves) : fromBfloat16(halves);
}

async function readHeader(file: BinaryFile): Promise<Map<string, StoredTensor>> {
  const refuse = (problem: string): never => {
    throw new Error(`${file.path} is not a sound safetensors file: ${problem}`);
  };
  if (file.size < 8) refuse(`it has only ${file.size} bytes`);
  const length = Number(new DataView((await file.read(0, 8)).buffer).getBigUint64(0, true));
  if (length > HEADER_LIMIT) refuse(`its header claims ${length} bytes`);
  if (8 + length > file.size) refuse(`its header of ${length} bytes is truncated`);
  const parsed = header.safeParse(parseJson(await file.read(8, length)) ?? refuse('its header is not JSON'));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return refuse(`its header is wrong at ${issue.path.join('.') || 'the top'}: ${issue.message}`);
  }
  const tensors = new Map<string, StoredTensor>();
  const entries = Object.entries(parsed.data).sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  let end = 0;
  for (const [name, { dtype, shape, data_offsets }] of entries) {
    const [from, to] = data_offsets;
    const bits = BITS[dtype] ?? refuse(`the tensor ${name} has the unknown dtype ${dtype}`);
    const bytes = (shape.reduce((product, size) => product * size, 1) * bits) / 8;
    if (to - from !== bytes)
      refuse(`the tensor ${name} (${dtype} ${shape.join('×')}) needs ${bytes} bytes but spans ${to - from}`);
    if (from < end) refuse(`the tensor ${name} overlaps the one before it`);
    if (from > end) refuse(`there is a hole of ${from - end} bytes before the tensor ${name}`);
    if (8 + length + to > file.size)
      refuse(`the tensor ${name} is truncated: it ends at byte ${8 + length + to} of ${file.size}`);
    tensors.set(name, { dtype, shape, start: 8 + length + from, end: 8 + length + to });
    end = to;
  }
  if (8 + length + end < file.size) refuse(`${file.size - 8 - length - end} bytes follow its last tensor`);
  return tensors;
}

/** The header without its free-text entry; undefined where it is no JSON object. */
function parseJson(bytes: Uint8Array): object | undefined {
  try {
    const { __metadata__, ...tensors } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return tensors;
  } catch {
    return undefined;
  }
}

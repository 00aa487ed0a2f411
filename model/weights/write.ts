/** Writes the external weights file as the layout says, a few rows at a time. */
import { type FileHandle, open } from 'node:fs/promises';
import type { WeightSource } from '../read/source.js';
import type { Entry, Layout, Segment } from './layout.js';
import { rotaryTable } from './rope.js';

/** Floats that are held at a time: 16 MiB. */
const CHUNK = 2 ** 22;

export interface WriteOptions {
  onProgress?: (doneBytes: number, totalBytes: number) => void;
  signal?: AbortSignal;
}

export async function writeWeights(
  source: WeightSource,
  layout: Layout,
  path: string,
  { onProgress, signal }: WriteOptions,
): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.truncate(layout.length);
    let done = 0;
    for (const entry of layout.entries.values()) {
      let row = 0;
      for await (const values of readRows(source, entry)) {
        signal?.throwIfAborted();
        done += await writeRows(file, entry, row, values);
        row += values.length / entry.columns;
        onProgress?.(done, layout.length);
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The rows of an entry in order, in pieces that fit into memory. */
async function* readRows(source: WeightSource, entry: Entry): AsyncGenerator<Float32Array> {
  const kind = entry.source;
  const segments: Segment[] = typeof kind === 'string' ? [{ tensor: kind, from: 0, to: entry.rows }] : kind;
  const rows = Math.max(1, Math.floor(CHUNK / entry.columns));
  for (const { tensor, from, to } of segments) {
    for (let start = from; start < to; start += rows) {
      const end = Math.min(to, start + rows);
      yield typeof kind === 'string'
        ? rotaryTable(source.config, kind, start, end)
        : checkFits(
            await source.read(tensor, start, end),
            entry,
            `${source.tensors.get(tensor)!.file}: the tensor ${tensor}`,
          );
    }
  }
}

/** @throws {Error} naming file and tensor, where a weight is too large for the format. */
function checkFits(values: Float32Array, { format: { limit } }: Entry, origin: string): Float32Array {
  const tooLarge = limit === undefined ? undefined : values.find((value) => Math.abs(value) >= limit);
  if (tooLarge === undefined) return values;
  throw new Error(`${origin} holds ${tooLarge}, which does not fit f16; use q8 or f32`);
}

async function writeRows(file: FileHandle, entry: Entry, row: number, values: Float32Array): Promise<number> {
  let written = 0;
  const encoded = entry.format.encode(values, entry.columns);
  for (const [i, part] of entry.parts.entries()) {
    await writeAt(file, encoded[i]!, part.offset + row * part.bytesPerRow);
    written += encoded[i]!.length;
  }
  return written;
}

/** A system call may write less than it was asked to. */
async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

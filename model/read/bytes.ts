/** A binary file that is read at offsets: a thin layer over a file handle. */
import { type FileHandle, open } from 'node:fs/promises';

/** One read call of the system takes at most 2 GiB. */
const LARGEST_READ = 2 ** 30;

export class BinaryFile {
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle, size: number) {
    this.path = path;
    this.size = size;
    this.#handle = handle;
  }

  static async open(path: string): Promise<BinaryFile> {
    const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      throw new Error(error.code === 'ENOENT' ? `${path} is missing` : `${path} cannot be read: ${error.message}`);
    });
    const status = await handle.stat();
    if (status.isFile()) return new BinaryFile(path, handle, status.size);
    await handle.close();
    throw new Error(`${path} is not a file`);
  }

  /** Exactly `length` bytes from `offset`, at the start of a buffer of their own. */
  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await this.#handle.read(bytes, done, Math.min(length - done, LARGEST_READ), offset + done);
      if (bytesRead === 0) throw new Error(`${this.path} is truncated: it ends at byte ${offset + done}`);
      done += bytesRead;
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** @throws {Error} naming file and tensor, where a value is NaN or infinite. */
export function checkFinite(values: Float32Array, file: string, tensor: string): Float32Array {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!))
      throw new Error(`${file}: the tensor ${tensor} holds ${values[i]}, so its weights are unusable`);
  }
  return values;
}

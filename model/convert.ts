/** Turns the weights of a LLaMA into a model folder that the runtime loads: two ONNX graphs over one external file. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, rmdir, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { rowsGraph } from './onnx/rows.js';
import { standardGraph } from './onnx/standard.js';
import { checkTensors } from './read/check.js';
import { CONFIG } from './read/safetensors.js';
import { openSource, type WeightSource } from './read/source.js';
import { checkTarget, moveUp, ROWS_GRAPH, STANDARD_GRAPH, WEIGHTS_FILE } from './target.js';
import { BLOCKS, type Block, DTYPES, type Dtype } from './weights/dtype.js';
import { type Layout, layOut } from './weights/layout.js';
import { writeWeights } from './weights/write.js';

export interface ConvertOptions {
  /** A Hugging Face folder, a llama2.c checkpoint, or an open source (which stays open). */
  source: string | WeightSource;
  /** The folder to write. It must not exist, or be empty; with `overwrite` it may hold an earlier conversion, and nothing else. */
  directory: string;
  /** Default `q4`. */
  dtype?: Dtype;
  /** Weights that share a scale, for `q4` and `q8`. Default 32. */
  block?: Block;
  overwrite?: boolean;
  /** Called as bytes of the weights file are written. */
  onProgress?: (doneBytes: number, totalBytes: number) => void;
  signal?: AbortSignal;
}

/**
 * Writes a temporary folder, beside the target or, where that is there, in it, and renames at the end: a run that breaks
 * leaves nothing behind.
 * @throws {Error} with one line that names the file or tensor that is missing or unsound; the signal's reason where aborted.
 */
export async function convert(options: ConvertOptions): Promise<void> {
  const { dtype = 'q4', block = 32, signal } = options;
  if (!DTYPES.includes(dtype)) throw new Error(`Expected \`dtype\` to be one of ${DTYPES.join(', ')}, got ${dtype}`);
  if (!BLOCKS.includes(block)) throw new Error(`Expected \`block\` to be one of ${BLOCKS.join(', ')}, got ${block}`);
  const directory = resolve(options.directory);
  const path = typeof options.source === 'string' ? options.source : undefined;
  const exists = await checkTarget(directory, path, options.overwrite ?? false);
  signal?.throwIfAborted();
  const source = typeof options.source === 'string' ? await openSource(options.source) : options.source;
  const parent = exists ? directory : dirname(directory);
  const temporary = join(parent, `.${basename(directory)}.${randomUUID().slice(0, 8)}.partial`);
  let created: string | undefined;
  try {
    checkTensors(source);
    const layout = layOut(source.config, dtype, block);
    created = await mkdir(temporary, { recursive: true });
    await refuseShortDisk(temporary, layout);
    await writeWeights(source, layout, join(temporary, WEIGHTS_FILE), options);
    const graphs = { [STANDARD_GRAPH]: standardGraph, [ROWS_GRAPH]: rowsGraph };
    for (const [name, build] of Object.entries(graphs)) {
      const graph = build(source.config, layout, source.rope, WEIGHTS_FILE);
      await writeFile(join(temporary, name), graph.encode(name));
    }
    const how = { dtype, ...(dtype === 'q4' || dtype === 'q8' ? { block } : {}), rope: source.rope };
    for (const [name, text] of source.files) {
      const isConfig = name === CONFIG;
      await writeFile(
        join(temporary, name),
        isConfig ? `${JSON.stringify({ ...JSON.parse(text), toolformer: how }, null, 2)}\n` : text,
      );
    }
    signal?.throwIfAborted();
    await (exists ? moveUp(temporary, directory) : rename(temporary, directory));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (created) await removeEmpty(parent, dirname(created));
    throw explain(error, directory);
  } finally {
    if (typeof options.source === 'string') await source.close();
  }
}

/** Removes `folder` and those above it up to `top`, which stays; one that is no longer empty ends it. */
async function removeEmpty(folder: string, top: string): Promise<void> {
  for (let path = folder; path !== top; path = dirname(path)) {
    const isGone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}

async function refuseShortDisk(directory: string, layout: Layout): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const needed = layout.length + 16 * 2 ** 20; // graphs, tokenizer and the file system's own
  if (bavail * bsize < needed)
    throw new Error(
      `Converting needs ${megabytes(needed)} MB on the disk of ${dirname(directory)}; ${megabytes(bavail * bsize)} MB are free`,
    );
}

function explain(error: unknown, directory: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC') return new Error(`The disk of ${directory} is full; nothing was written`);
  if (code === 'EACCES' || code === 'EROFS')
    return new Error(`${directory} cannot be written: ${(error as Error).message}`);
  return error;
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

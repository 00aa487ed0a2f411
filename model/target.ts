/** The folder that a conversion is put into: whether it may be, and how the files get there. Knows names; no weights. */
import { mkdir, readdir, readFile, readlink, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ALONG, CONFIG } from './read/safetensors.js';

export const WEIGHTS_FILE = 'model.onnx_data';
export const STANDARD_GRAPH = 'model.onnx';
export const ROWS_GRAPH = 'model.rows.onnx';

/** What a conversion writes, and nothing else is ever removed. */
const OWN: readonly string[] = [WEIGHTS_FILE, STANDARD_GRAPH, ROWS_GRAPH, ...ALONG];

/**
 * @param source its path, which must not lie in a folder that is overwritten
 * @returns whether the folder is there: empty, or with `overwrite` an earlier conversion
 * @throws {Error} with one line, where something would be lost
 */
export async function checkTarget(directory: string, source: string | undefined, overwrite: boolean): Promise<boolean> {
  const names = await list(directory);
  if (names === undefined || names.length === 0) return names !== undefined;
  if (source !== undefined && (await isWithin(source, directory))) {
    throw new Error(`The source ${source} lies in ${directory}, the folder to write; choose another folder`);
  }
  if (!(await isConverted(directory))) throw new Error(`${directory} is not empty; choose another folder`);
  const stranger = names.find((name) => !OWN.includes(name));
  if (stranger !== undefined) {
    throw new Error(`${directory} holds ${stranger} beside a model; move it away or choose another folder`);
  }
  if (!overwrite) {
    throw new Error(`${directory} is not empty; choose another folder or overwrite it with --force`);
  }
  return true;
}

/**
 * Moves the files of `temporary`, a folder in `directory`, up in place of an earlier conversion's, which come back where
 * that fails. The folder itself stays: it may be a mount point, or where somebody works.
 */
export async function moveUp(temporary: string, directory: string): Promise<void> {
  const old = `${temporary}.old`;
  const earlier = (await readdir(directory)).filter((name) => OWN.includes(name));
  // Without config.json a folder is no model: it goes first and comes last, so that two models are never taken for one.
  const moves = [
    ...configLast(earlier)
      .reverse()
      .map((name) => [join(directory, name), join(old, name)] as const),
    ...configLast(await readdir(temporary)).map((name) => [join(temporary, name), join(directory, name)] as const),
  ];
  await mkdir(old);
  let moved = 0;
  try {
    for (const [from, to] of moves) {
      await rename(from, to);
      moved++;
    }
  } catch (error) {
    for (const [from, to] of moves.slice(0, moved).reverse()) await rename(to, from);
    await rmdir(old);
    throw error;
  }
  await rm(old, { recursive: true });
  await rmdir(temporary);
}

/** The names in a folder; nothing where there is none. */
async function list(directory: string): Promise<string[] | undefined> {
  try {
    return await readdir(directory);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') throw new Error(`${directory} is a file, not a folder`);
    if (code !== 'ENOENT') throw new Error(`${directory} cannot be read: ${message}`);
    const isLink = await readlink(directory).then(
      () => true,
      () => false,
    );
    if (isLink) throw new Error(`${directory} is a link to a folder that is missing`);
    return undefined;
  }
}

async function isWithin(path: string, directory: string): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined); // a source that is missing is for its reader to say
  return real !== undefined && `${real}${sep}`.startsWith(`${await realpath(directory)}${sep}`);
}

/** Conversions say in their configuration how they were made. */
async function isConverted(directory: string): Promise<boolean> {
  try {
    return 'toolformer' in JSON.parse(await readFile(join(directory, CONFIG), 'utf8'));
  } catch {
    return false;
  }
}

function configLast(names: readonly string[]): string[] {
  return names.toSorted((left, right) => Number(left === CONFIG) - Number(right === CONFIG));
}

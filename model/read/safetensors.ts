/** A Hugging Face model folder: config.json, tokenizer files, and weights in one `model.safetensors` or in shards with an index. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { readLlamaConfig } from '../config.js';
import { readJsonFile } from './json-file.js';
import { READABLE, SafetensorsFile } from './safetensors-file.js';
import type { TensorInfo, WeightSource } from './source.js';

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
export const CONFIG = 'config.json';
const TOKENIZER = 'tokenizer.json';
/** What is copied beside the weights, where it is there. */
export const ALONG = [
  CONFIG,
  TOKENIZER,
  'tokenizer_config.json',
  'generation_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
];

/** Nothing, where the folder has neither config.json nor safetensors. */
export async function openSafetensors(directory: string): Promise<WeightSource | undefined> {
  const names = new Set(await readdir(directory));
  const weights = [INDEX, SINGLE].find((name) => names.has(name));
  if (!weights && !names.has(CONFIG)) return undefined;
  if (!weights) throw new Error(`${join(directory, SINGLE)} is missing (and so is ${INDEX})`);
  const { config } = await readLlamaConfig(join(directory, CONFIG));
  const files = await readFiles(directory, names);
  const home = weights === INDEX ? await readIndex(join(directory, INDEX)) : undefined;
  const open = new Map<string, SafetensorsFile>();
  const close = async () => void (await Promise.all([...open.values()].map((file) => file.close())));
  try {
    for (const name of new Set(home?.values() ?? [SINGLE]))
      open.set(name, await SafetensorsFile.open(join(directory, name)));
    const tensors = listTensors(directory, open, home);
    return {
      config,
      rope: 'halves',
      tensors,
      files,
      close,
      read(name, from, to) {
        const { dtype, file } = tensors.get(name)!;
        if (!READABLE.includes(dtype))
          throw new Error(`${file}: the tensor ${name} is ${dtype}; expected ${READABLE.join(', ')}`);
        return open.get(basename(file))!.read(name, from, to);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every tensor with its file. @throws where a shard lacks a tensor that the index places there, or two shards hold the same. */
function listTensors(
  directory: string,
  open: Map<string, SafetensorsFile>,
  home?: Map<string, string>,
): Map<string, TensorInfo> {
  const tensors = new Map<string, TensorInfo>();
  for (const [name, file] of open) {
    const path = join(directory, name);
    for (const [tensor, { dtype, shape }] of file.tensors) {
      if (home && home.get(tensor) !== name)
        throw new Error(`${path} holds the tensor ${tensor}, which ${INDEX} does not place there`);
      tensors.set(tensor, { dtype, shape, file: path });
    }
  }
  for (const [tensor, name] of home ?? []) {
    if (!tensors.has(tensor))
      throw new Error(`${join(directory, name)} lacks the tensor ${tensor}, which ${INDEX} places there`);
  }
  return tensors;
}

const indexSchema = z.looseObject({
  weight_map: z.record(
    z.string(),
    z.string().regex(/^[^/\\]+\.safetensors$/, 'expected the name of a .safetensors file in the same folder'),
  ),
});

async function readIndex(path: string): Promise<Map<string, string>> {
  const parsed = indexSchema.safeParse(await readJsonFile(path));
  if (parsed.success) return new Map(Object.entries(parsed.data.weight_map));
  const issue = parsed.error.issues[0]!;
  throw new Error(`${path} is wrong at ${issue.path.join('.') || 'the top'}: ${issue.message}`);
}

async function readFiles(directory: string, names: ReadonlySet<string>): Promise<Map<string, string>> {
  if (!names.has(TOKENIZER)) throw new Error(`${join(directory, TOKENIZER)} is missing`);
  const files = new Map<string, string>();
  for (const name of ALONG) if (names.has(name)) files.set(name, await readFile(join(directory, name), 'utf8'));
  return files;
}

/** A Hugging Face model folder: config.json, tokenizer files, and weights in one `model.safetensors` or in shards with an index. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { readLlamaConfig } from '../config.js';
import { READABLE, SafetensorsFile } from './safetensors-file.js';
import type { TensorInfo, WeightSource } from './source.js';

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const ALONG = [
  'tokenizer.json',
  'tokenizer_config.json',
  'generation_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
];
const REQUIRED = ['tokenizer.json'];

/** Nothing, where the folder has neither config.json nor safetensors. */
export async function openSafetensors(directory: string): Promise<WeightSource | undefined> {
  const index = await readOptional(join(directory, INDEX));
  const single =
    index === undefined ? await SafetensorsFile.open(join(directory, SINGLE)).catch(unlessMissing) : undefined;
  if (index === undefined && !single && (await readOptional(join(directory, 'config.json'))) === undefined)
    return undefined;
  const open = new Map<string, SafetensorsFile>(single ? [[SINGLE, single]] : []);
  const close = async () => void (await Promise.all([...open.values()].map((file) => file.close())));
  try {
    if (!single && index === undefined) throw new Error(`${join(directory, SINGLE)} is missing (and so is ${INDEX})`);
    const { config } = await readLlamaConfig(join(directory, 'config.json'));
    const files = await readFiles(directory);
    const home = index === undefined ? undefined : parseIndex(index, join(directory, INDEX));
    for (const name of new Set(home?.values())) open.set(name, await SafetensorsFile.open(join(directory, name)));
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

function parseIndex(text: string, path: string): Map<string, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}`);
  }
  const parsed = indexSchema.safeParse(json);
  if (parsed.success) return new Map(Object.entries(parsed.data.weight_map));
  const issue = parsed.error.issues[0]!;
  throw new Error(`${path} is wrong at ${issue.path.join('.') || 'the top'}: ${issue.message}`);
}

async function readFiles(directory: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const name of ['config.json', ...ALONG]) {
    const text = await readOptional(join(directory, name));
    if (text !== undefined) files.set(name, text);
    else if (REQUIRED.includes(name)) throw new Error(`${join(directory, name)} is missing`);
  }
  return files;
}

async function readOptional(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`${path} cannot be read: ${error.message}`);
  });
}

function unlessMissing(error: Error): undefined {
  if (!error.message.endsWith('is missing')) throw error;
}

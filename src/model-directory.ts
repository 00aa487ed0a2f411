/** A model's folder: which files it has and what the small ones say. Reads no weights. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type LlamaConfig, readLlamaConfig } from '../model/config.js';
import { firstIssue, readJsonFile } from '../model/read/json-file.js';
import { CALL_TOKENS } from './calls/inline.js';

export interface ModelDirectory {
  /** As the user named it. */
  name: string;
  path: string;
  config: LlamaConfig;
  dtype: string;
  tokenizer: z.infer<typeof tokenizerFile>;
  tokenizerConfig: TokenizerConfig;
  /** Ids that end an answer, as generation_config.json (or config.json) says. */
  eosIds: number[];
}

/** Where the package keeps its own model: from dist/src/ two folders up. */
const embeddedPath = fileURLToPath(new URL('../../model/embedded/', import.meta.url));

const tokenId = z.union([z.int(), z.array(z.int())]).nullish();
const generationConfig = z.looseObject({ eos_token_id: tokenId });
/** What config.json says beside the architecture. */
const ownSettings = z.looseObject({
  eos_token_id: tokenId,
  toolformer: z.looseObject({ dtype: z.string() }).optional(),
});
const tokenizerModel = z.looseObject({ type: z.enum(['BPE', 'Unigram', 'WordPiece', 'WordLevel']).optional() });
const tokenizerFile = z.looseObject({
  model: tokenizerModel,
  added_tokens: z.array(z.looseObject({ content: z.string() })).optional(),
});
const specialToken = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();
const tokenizerConfig = z.looseObject({
  bos_token: specialToken,
  eos_token: specialToken,
  chat_template: z.string().nullish(),
});
export type TokenizerConfig = z.infer<typeof tokenizerConfig>;

/** @throws {Error} with one line that names the folder or file, where one is missing or cannot be read */
export async function readModelDirectory(model: string): Promise<ModelDirectory> {
  const path = model === 'embedded' ? embeddedPath : model;
  if (!existsSync(path)) {
    throw new Error(
      `There is no model at ${model}: expected "embedded" or a folder with config.json, tokenizer.json and model.onnx`,
    );
  }
  const configPath = join(path, 'config.json');
  const { config, json } = await readLlamaConfig(configPath);
  const tokenizer = await readJson(join(path, 'tokenizer.json'), tokenizerFile);
  const generation = await readOptionalJson(join(path, 'generation_config.json'), generationConfig);
  const own = check(json, ownSettings, configPath);
  const eos = generation?.eos_token_id ?? own.eos_token_id ?? [];
  return {
    name: model,
    path,
    config,
    dtype: own.toolformer?.dtype ?? 'unknown',
    tokenizer,
    tokenizerConfig: await readJson(join(path, 'tokenizer_config.json'), tokenizerConfig),
    eosIds: typeof eos === 'number' ? [eos] : eos,
  };
}

/** Whether the vocabulary has the call tokens of the embedded model, and the template uses it; no other format is known so far. */
export function knowsCalls({ tokenizer, tokenizerConfig }: ModelDirectory): boolean {
  const tokens = tokenizer.added_tokens?.map(({ content }) => content) ?? [];
  return CALL_TOKENS.every((token) => tokens.includes(token)) && !!tokenizerConfig.chat_template;
}

/** The graph to run on a device: our own rows graph on CPU where there is one, a standard export otherwise. */
export async function graphFor({ path }: ModelDirectory, device: string): Promise<string> {
  const candidates = [...(device === 'cpu' ? ['model.rows.onnx'] : []), 'model.onnx'];
  for (const candidate of candidates) if (existsSync(join(path, candidate))) return join(path, candidate);
  const exported = await readdir(join(path, 'onnx')).catch((): string[] => []);
  const preferred = ['model.onnx', 'model_q4.onnx', 'model_quantized.onnx', 'model_fp16.onnx'];
  const found = preferred.find((name) => exported.includes(name));
  if (found === undefined)
    throw new Error(`${join(path, 'model.onnx')} is missing: convert the model with "toolformer convert"`);
  return join(path, 'onnx', found);
}

async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  return check(await readJsonFile(path), schema, path);
}

async function readOptionalJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  return existsSync(path) ? readJson(path, schema) : undefined;
}

function check<Schema extends z.ZodType>(json: unknown, schema: Schema, path: string): z.infer<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`${path}: ${firstIssue(parsed.error)}`);
}

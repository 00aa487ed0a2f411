import { copyFile, cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { parseLlamaConfig } from '#dist/model/config.js';
import { convert } from '#dist/model/convert.js';
import { temporaryDirectory } from './temporary-directory.js';

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), '../fixtures');
let home: string;
let source: string;

beforeEach(async () => {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  home = directory.path;
  source = join(home, 'source');
});

describe('a Hugging Face folder is refused with one line', () => {
  test.each(['config.json', 'tokenizer.json', 'model.safetensors'])('that names the missing %s', async (name) => {
    await useFixture('hf-f32');
    await rm(join(source, name));
    await refused(name, 'missing');
  });

  test('where the weights are a folder', async () => {
    await useFixture('hf-f32');
    await rm(join(source, 'model.safetensors'));
    await mkdir(join(source, 'model.safetensors'));
    await refused('model.safetensors', 'is not a file');
  });

  test('where config.json claims more layers than a model has', async () => {
    await useFixture('hf-f32');
    await writeJson('config.json', { ...(await readJson('config.json')), num_hidden_layers: 1e8 });
    await refused('config.json', 'num_hidden_layers');
  });

  test('that names the missing shard', async () => {
    await useFixture('hf-bf16');
    await rm(join(source, 'model-00002-of-00003.safetensors'));
    await refused('model-00002-of-00003.safetensors', 'missing');
  });

  test('where the index places a tensor wrongly or outside the folder', async () => {
    await useFixture('hf-bf16');
    const index = await readJson('model.safetensors.index.json');
    index.weight_map['model.norm.weight'] = 'model-00001-of-00003.safetensors';
    await writeJson('model.safetensors.index.json', index);
    await refused('model.norm.weight', 'does not place there');
    index.weight_map['model.norm.weight'] = '../elsewhere.safetensors';
    await writeJson('model.safetensors.index.json', index);
    await refused('model.safetensors.index.json', 'in the same folder');
  });

  test('where config.json is no JSON', async () => {
    await useFixture('hf-f32');
    await writeFile(join(source, 'config.json'), '{"hidden_size": 32,');
    await refused('config.json', 'is not JSON');
  });

  test('where config.json describes another shape than the weights have', async () => {
    await useFixture('hf-f32');
    await writeJson('config.json', { ...(await readJson('config.json')), intermediate_size: 64 });
    await refused('model.layers.0.mlp.gate_proj.weight', '48×32', '64×32');
    await writeJson('config.json', { ...(await readJson('config.json')), intermediate_size: 48, num_hidden_layers: 3 });
    await refused('lack', 'model.layers.2.input_layernorm.weight');
    await writeJson('config.json', { ...(await readJson('config.json')), num_hidden_layers: 1 });
    await refused('model.layers.1.', 'has no place');
  });

  test('where the tokenizer does not fit the vocabulary', async () => {
    await useFixture('hf-f32');
    const tokenizer = await readJson('tokenizer.json');
    await writeJson('tokenizer.json', { ...tokenizer, added_tokens: [{ id: 96, content: '<extra>' }] });
    await refused('tokenizer.json', '96');
    await writeFile(join(source, 'tokenizer.json'), '[]');
    await refused('tokenizer.json', 'not a tokenizer');
  });
});

describe('a config.json is refused', () => {
  test.each([
    ['another architecture', { architectures: ['MistralForCausalLM'] }, 'MistralForCausalLM'],
    ['another model type', { model_type: 'gpt2' }, 'gpt2'],
    ['heads that do not divide', { num_attention_heads: 8, num_key_value_heads: 3 }, 'num_key_value_heads'],
    ['a head size that is none', { hidden_size: 100, num_attention_heads: 8 }, 'head_dim'],
    ['an unknown scaling', { rope_scaling: { rope_type: 'yarn', factor: 4 } }, 'yarn'],
    ['a scaling without its factor', { rope_scaling: { type: 'linear' } }, 'factor'],
    ['biases', { attention_bias: true }, 'attention_bias'],
    ['another activation', { hidden_act: 'gelu' }, 'hidden_act'],
    ['no layers', { num_hidden_layers: 0 }, 'num_hidden_layers'],
    ['no object', 7, 'config.json'],
  ])('for %s', (_, json, part) => {
    expect(() => parseLlamaConfig(json)).toThrow(part);
    expect(() => parseLlamaConfig(json)).toThrow(/^[^\n]+$/);
  });

  test('and has the defaults of transformers otherwise', () => {
    expect(parseLlamaConfig({})).toEqual({
      vocabularySize: 32000,
      hiddenSize: 4096,
      feedForwardSize: 11008,
      layers: 32,
      heads: 32,
      kvHeads: 32,
      headSize: 128,
      contextLength: 2048,
      normEpsilon: 1e-6,
      ropeTheta: 10000,
      ropeScaling: { type: 'default' },
      tied: false,
    });
  });
});

describe('a safetensors file is refused that', () => {
  type Header = Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  const NORM = 'model.norm.weight';

  test.each<[string, (header: Header) => void, string]>([
    ['has overlapping tensors', (header) => shift(header[NORM]!, -4), 'overlaps'],
    ['has a hole', (header) => shift(header[NORM]!, 4), 'hole'],
    ['has a tensor of another size than its shape', (header) => header[NORM]!.shape.push(2), `${NORM} (F32 32×2)`],
    ['has an unknown dtype', (header) => Object.assign(header[NORM]!, { dtype: 'F7' }), 'F7'],
    ['has a dtype of no weights', (header) => Object.assign(header[NORM]!, { dtype: 'I32' }), 'I32'],
    ['has offsets that are no numbers', (header) => Object.assign(header[NORM]!, { data_offsets: ['0', '1'] }), NORM],
    ['lacks a tensor', (header) => delete header[NORM], 'follow its last tensor'],
  ])('%s', async (_, change, part) => {
    await useFixture('hf-f32');
    await rewriteHeader(change);
    await refused('model.safetensors', part);
  });

  test.each([
    ['is truncated in its weights', 5000, 'truncated'],
    ['is truncated in its header', 100, 'truncated'],
    ['is empty', 0, '0 bytes'],
  ])('%s', async (_, size, part) => {
    await useFixture('hf-f32');
    await truncate(join(source, 'model.safetensors'), size);
    await refused('model.safetensors', part);
  });

  test('goes on after its last tensor', async () => {
    await useFixture('hf-f32');
    await writeFile(join(source, 'model.safetensors'), 'x', { flag: 'a' });
    await refused('model.safetensors', '1 bytes follow');
  });

  test('claims a header of 2^60 bytes', async () => {
    await useFixture('hf-f32');
    await editWeights((file) => file.writeBigUInt64LE(2n ** 60n));
    await refused('model.safetensors', 'header claims');
  });

  test('has a header that is no JSON', async () => {
    await useFixture('hf-f32');
    await editWeights((file) => file.write('nonsense', 8));
    await refused('model.safetensors', 'not JSON');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('holds %s', async (value) => {
    await useFixture('hf-f32');
    await editWeights((file) => file.writeFloatLE(value, file.length - 4));
    await refused('model.safetensors', NORM, String(value));
  });

  async function rewriteHeader(change: (header: Header) => void): Promise<void> {
    const file = await readFile(join(source, 'model.safetensors'));
    const length = Number(file.readBigUInt64LE());
    const header = JSON.parse(file.toString('utf8', 8, 8 + length));
    change(header);
    const text = Buffer.from(JSON.stringify(header));
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(text.length));
    await writeFile(join(source, 'model.safetensors'), Buffer.concat([size, text, file.subarray(8 + length)]));
  }

  async function editWeights(edit: (file: Buffer) => void): Promise<void> {
    const file = await readFile(join(source, 'model.safetensors'));
    edit(file);
    await writeFile(join(source, 'model.safetensors'), file);
  }

  function shift(entry: Header[string], bytes: number): void {
    entry.data_offsets = [entry.data_offsets[0] + bytes, entry.data_offsets[1] + bytes];
  }
});

describe('a llama2.c checkpoint is refused', () => {
  test.each<[string, (file: Buffer) => Buffer, string]>([
    ['that is too short', (file) => file.subarray(0, 20), '20 bytes'],
    ['that is truncated', (file) => file.subarray(0, 5000), 'asks for'],
    ['of a later version', (file) => written(file, 0x616b3432, 0), 'version'],
    ['with a negative size', (file) => written(file, -5, 8), '-5'],
    ['with heads that do not divide', (file) => written(file, 7, 12), '7 heads'],
    ['with NaN among its weights', (file) => written(file, 0x7fc00000, 28), 'model.embed_tokens.weight'],
  ])('%s', async (_, change, part) => {
    await useFixture('stories260K');
    const file = await readFile(join(source, 'checkpoint_legacy.bin'));
    await writeFile(join(source, 'checkpoint_legacy.bin'), change(file));
    await refused('checkpoint_legacy.bin', part);
  });

  test('without its tokenizer, or with that of another model', async () => {
    await useFixture('stories260K');
    const tokenizer = join(source, 'tokenizer.bin');
    const bytes = await readFile(tokenizer);
    await writeFile(tokenizer, bytes.subarray(0, 3000));
    await refused('tokenizer.bin', 'does not fit');
    await writeFile(tokenizer, Buffer.concat([bytes, bytes.subarray(4, 40)]));
    await refused('tokenizer.bin', 'does not fit');
    await rm(tokenizer);
    await refused('tokenizer.bin', 'missing');
  });

  test('where there are several, none, or no folder at all', async () => {
    await refused(source, 'does not exist');
    await mkdir(source);
    await refused('neither');
    await copyFile(join(FIXTURES, 'stories260K/checkpoint_legacy.bin'), join(source, 'a.bin'));
    await copyFile(join(FIXTURES, 'stories260K/checkpoint_legacy.bin'), join(source, 'b.bin'));
    await refused('several', 'a.bin, b.bin');
  });

  function written(file: Buffer, value: number, offset: number): Buffer {
    file.writeInt32LE(value, offset);
    return file;
  }
});

async function useFixture(name: string): Promise<void> {
  await cp(join(FIXTURES, name), source, { recursive: true });
}

/** Converting fails with one line that has all these parts, and leaves nothing behind. */
async function refused(...parts: string[]): Promise<void> {
  const before = await readdir(home);
  const error = await convert({ source, directory: join(home, 'target') }).then(
    () => undefined,
    (error: Error) => error,
  );
  expect(error, 'it was converted').toBeInstanceOf(Error);
  for (const part of parts) expect(error!.message).toContain(part);
  expect(error!.message).not.toContain('\n');
  expect(await readdir(home)).toEqual(before);
}

async function readJson(name: string) {
  return JSON.parse(await readFile(join(source, name), 'utf8'));
}

async function writeJson(name: string, value: unknown): Promise<void> {
  await writeFile(join(source, name), JSON.stringify(value));
}

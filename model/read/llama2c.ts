/**
 * Checkpoints of llama2.c (karpathy/llama2.c, export.py `legacy_export`): a header of seven int32, then float32 tensors,
 * each for all layers. Rotary pairs are adjacent. The tokenizer lies beside it in `tokenizer.bin`.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type LlamaConfig, parseLlamaConfig } from '../config.js';
import { BinaryFile, checkFinite } from './bytes.js';
import { sentencePieceConfig, sentencePieceJson } from './sentencepiece.js';
import type { WeightSource } from './source.js';

const HEADER_BYTES = 28;
const VERSIONED = 0x616b3432; // "ak42", the later formats

/** `path` is the checkpoint, or a folder that holds one checkpoint and its tokenizer. */
export async function openLlama2c(path: string): Promise<WeightSource> {
  const { checkpoint, tokenizer } = await locate(path);
  const file = await BinaryFile.open(checkpoint);
  try {
    const json = await readHeader(file);
    const config = parseLlamaConfig(json, checkpoint);
    const places = placeTensors(config, file);
    const pieces = await readFile(tokenizer).catch(() => {
      throw new Error(`${tokenizer} is missing: a llama2.c checkpoint needs its tokenizer beside it`);
    });
    const files = new Map([
      ['config.json', stringify(json)],
      ['tokenizer.json', stringify(sentencePieceJson(pieces, config.vocabularySize, tokenizer))],
      ['tokenizer_config.json', stringify(sentencePieceConfig(config.contextLength))],
      ['generation_config.json', stringify({ bos_token_id: 1, eos_token_id: 2, do_sample: false })],
    ]);
    const tensors = new Map([...places].map(([name, { shape }]) => [name, { shape, dtype: 'F32', file: checkpoint }]));
    return {
      config,
      rope: 'interleaved',
      tensors,
      files,
      close: () => file.close(),
      async read(name, from, to) {
        const { shape, offset } = places.get(name)!;
        const columns = shape.at(-1)!;
        const bytes = await file.read(offset + 4 * from * columns, 4 * (to - from) * columns);
        return checkFinite(new Float32Array(bytes.buffer), checkpoint, name);
      },
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The header as a Hugging Face config. */
async function readHeader(file: BinaryFile): Promise<Record<string, unknown>> {
  const refuse = (problem: string): never => {
    throw new Error(`${file.path} is not a llama2.c checkpoint: ${problem}`);
  };
  if (file.size < HEADER_BYTES) refuse(`it has only ${file.size} bytes`);
  const header = new Int32Array((await file.read(0, HEADER_BYTES)).buffer);
  if (header[0] === VERSIONED) refuse(`it has the format of version ${header[1]}; only the legacy one is read`);
  const [hidden, feedForward, layers, heads, kvHeads, vocabulary, positions] = [...header] as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const sizes = { hidden, feedForward, layers, heads, kvHeads, vocabulary: Math.abs(vocabulary), positions };
  for (const [name, size] of Object.entries(sizes)) {
    if (size <= 0 || size > 2 ** 24) refuse(`its header gives ${size} for ${name}`);
  }
  if (hidden % heads !== 0) refuse(`its header gives ${heads} heads for a width of ${hidden}`);
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: Math.abs(vocabulary),
    hidden_size: hidden,
    intermediate_size: feedForward,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    max_position_embeddings: positions,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    hidden_act: 'silu',
    tie_word_embeddings: vocabulary > 0, // the format's sign for it
    bos_token_id: 1,
    eos_token_id: 2,
  };
}

/** Byte offset and shape of every tensor, under its Hugging Face name, in the order of the file. */
function placeTensors(config: LlamaConfig, file: BinaryFile): Map<string, { shape: number[]; offset: number }> {
  const {
    hiddenSize: hidden,
    feedForwardSize: feed,
    layers,
    heads,
    kvHeads,
    headSize,
    vocabularySize,
    contextLength,
  } = config;
  const places = new Map<string, { shape: number[]; offset: number }>();
  let offset = HEADER_BYTES;
  const place = (name: string, ...shape: number[]) => {
    places.set(name, { shape, offset });
    offset += 4 * shape.reduce((product, size) => product * size, 1);
  };
  const placeLayers = (name: string, ...shape: number[]) => {
    for (let layer = 0; layer < layers; layer++) place(`model.layers.${layer}.${name}.weight`, ...shape);
  };
  place('model.embed_tokens.weight', vocabularySize, hidden);
  placeLayers('input_layernorm', hidden);
  placeLayers('self_attn.q_proj', heads * headSize, hidden);
  placeLayers('self_attn.k_proj', kvHeads * headSize, hidden);
  placeLayers('self_attn.v_proj', kvHeads * headSize, hidden);
  placeLayers('self_attn.o_proj', hidden, heads * headSize);
  placeLayers('post_attention_layernorm', hidden);
  placeLayers('mlp.gate_proj', feed, hidden); // w1
  placeLayers('mlp.down_proj', hidden, feed); // w2
  placeLayers('mlp.up_proj', feed, hidden); // w3
  place('model.norm.weight', hidden);
  offset += 4 * contextLength * headSize; // two tables of rotary factors that are no longer used
  if (!config.tied) place('lm_head.weight', vocabularySize, hidden);
  if (offset !== file.size)
    throw new Error(
      `${file.path} is not a llama2.c checkpoint: its header asks for ${offset} bytes, it has ${file.size}`,
    );
  return places;
}

async function locate(path: string): Promise<{ checkpoint: string; tokenizer: string }> {
  if (!(await stat(path)).isDirectory()) return { checkpoint: path, tokenizer: join(dirname(path), 'tokenizer.bin') };
  const names = (await readdir(path)).filter((name) => name.endsWith('.bin') && name !== 'tokenizer.bin');
  if (names.length === 1) return { checkpoint: join(path, names[0]!), tokenizer: join(path, 'tokenizer.bin') };
  const problem =
    names.length === 0
      ? 'neither config.json with *.safetensors nor a llama2.c checkpoint (.bin)'
      : `several checkpoints: ${names.join(', ')}`;
  throw new Error(`${path} holds ${problem}`);
}

function stringify(json: unknown): string {
  return `${JSON.stringify(json, null, 2)}\n`;
}

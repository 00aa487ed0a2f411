/** A model folder with random weights and one token a byte: it opens and closes calls now and then. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convert } from '#dist/model/convert.js';

const HIDDEN = 32;
const FEED_FORWARD = 48;
const LAYERS = 2;
const HEADS = 4;
const KV_HEADS = 2;
const HEAD_SIZE = HIDDEN / HEADS;
const CONTEXT = 512;

/** Control tokens have the ids 0 to 15, bytes 16 to 271: as the scripted model's tokenizer counts them. */
const NAMES = ['bos', 'eos', 'system', 'tools', 'user', 'assistant', 'text', 'call', 'result', 'end'];
const CONTROL = Array.from({ length: 16 }, (_, id) => `<|${NAMES[id] ?? `reserved_${id}`}|>`);
const VOCABULARY = CONTROL.length + 256;

/** Tokens that are likelier than others, by logits of about three times this. What closes a call is likely after `)`. */
const LIKELY = { '<|eos|>': 0.7, '<|call|>': 1.2, '<|result|>': 0, ')': 2.1 };

export interface RandomModel {
  directory: string;
  remove(): Promise<void>;
}

/** @param likely tokens that are likelier than others */
export async function randomModel(likely: Partial<typeof LIKELY> = {}): Promise<RandomModel> {
  const folder = await mkdtemp(join(tmpdir(), 'toolformer-random-'));
  const directory = join(folder, 'model');
  await writeFile(join(folder, 'model.safetensors'), safetensors(weights({ ...LIKELY, ...likely })));
  const files = {
    config: CONFIG,
    generation_config: { eos_token_id: 1 },
    tokenizer: TOKENIZER,
    tokenizer_config: TEXT,
  };
  for (const [name, json] of Object.entries(files)) await writeFile(join(folder, `${name}.json`), JSON.stringify(json));
  await convert({ source: folder, directory, dtype: 'f32' });
  return { directory, remove: () => rm(folder, { recursive: true, force: true }) };
}

const CONFIG = {
  architectures: ['LlamaForCausalLM'],
  vocab_size: VOCABULARY,
  hidden_size: HIDDEN,
  intermediate_size: FEED_FORWARD,
  num_hidden_layers: LAYERS,
  num_attention_heads: HEADS,
  num_key_value_heads: KV_HEADS,
  max_position_embeddings: CONTEXT,
  tie_word_embeddings: false,
};

/** Byte-level BPE without a merge. */
const TOKENIZER = {
  version: '1.0',
  added_tokens: CONTROL.map((content, id) => ({
    id,
    content,
    special: true,
    normalized: false,
    single_word: false,
    lstrip: false,
    rstrip: false,
  })),
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
  post_processor: null,
  decoder: { type: 'ByteLevel' },
  model: { type: 'BPE', vocab: byteVocabulary(), merges: [] },
};

const TEXT = {
  bos_token: '<|bos|>',
  eos_token: '<|eos|>',
  chat_template: [
    '<|bos|>',
    '{%- if tools %}<|tools|>{% for tool in tools %}{{ tool.function.name }}: {{ tool.function.description }} {% endfor %}{% endif %}',
    "{%- for message in messages %}<|{{ message.role }}|>{{ message.content }}{% if message.role == 'assistant' %}<|eos|>{% endif %}{% endfor %}",
    '{%- if add_generation_prompt %}<|assistant|>{% endif %}',
  ].join(''),
};

/** GPT-2's alphabet of bytes. */
function byteVocabulary(): Record<string, number> {
  const isPrintable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  const vocabulary: Record<string, number> = Object.fromEntries(CONTROL.map((token, id) => [token, id]));
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    vocabulary[String.fromCharCode(isPrintable(byte) ? byte : next++)] = CONTROL.length + byte;
  }
  return vocabulary;
}

function idOf(token: string): number {
  return token.startsWith('<|') ? CONTROL.indexOf(token) : CONTROL.length + token.charCodeAt(0);
}

interface Weights {
  shape: number[];
  values: Float32Array;
}

/** Dimension 0 of the hidden state is the same for every token, so that the output layer can favour ids by it. */
function weights(likely: Record<string, number>): Map<string, Weights> {
  const random = normal(7);
  const matrix = (rows: number, columns: number, scale: number): Weights => ({
    shape: [rows, columns],
    values: Float32Array.from({ length: rows * columns }, () => random() * scale),
  });
  const ones = (): Weights => ({ shape: [HIDDEN], values: new Float32Array(HIDDEN).fill(1) });
  const without0 = (weights: Weights): Weights => {
    weights.values.fill(0, 0, weights.shape[1]);
    return weights;
  };
  const embedding = matrix(VOCABULARY, HIDDEN, 1);
  const output = matrix(VOCABULARY, HIDDEN, 0.25);
  for (let id = 0; id < VOCABULARY; id++) {
    embedding.values.set([4, 0], id * HIDDEN);
    output.values.set([0, 0], id * HIDDEN);
  }
  for (const [token, logit] of Object.entries(likely)) output.values[idOf(token) * HIDDEN] = logit;
  embedding.values[idOf(')') * HIDDEN + 1] = 6;
  output.values[idOf('<|result|>') * HIDDEN + 1] = 4;
  const all = new Map([
    ['model.embed_tokens.weight', embedding],
    ['model.norm.weight', ones()],
    ['lm_head.weight', output],
  ]);
  for (let layer = 0; layer < LAYERS; layer++) {
    const name = (part: string) => `model.layers.${layer}.${part}.weight`;
    all.set(name('input_layernorm'), ones());
    all.set(name('post_attention_layernorm'), ones());
    all.set(name('self_attn.q_proj'), matrix(HIDDEN, HIDDEN, 0.2));
    all.set(name('self_attn.k_proj'), matrix(KV_HEADS * HEAD_SIZE, HIDDEN, 0.2));
    all.set(name('self_attn.v_proj'), matrix(KV_HEADS * HEAD_SIZE, HIDDEN, 0.2));
    all.set(name('self_attn.o_proj'), without0(matrix(HIDDEN, HIDDEN, 0.2)));
    all.set(name('mlp.gate_proj'), matrix(FEED_FORWARD, HIDDEN, 0.2));
    all.set(name('mlp.up_proj'), matrix(FEED_FORWARD, HIDDEN, 0.2));
    all.set(name('mlp.down_proj'), without0(matrix(HIDDEN, FEED_FORWARD, 0.2)));
  }
  return all;
}

function safetensors(all: ReadonlyMap<string, Weights>): Buffer {
  let end = 0;
  const header: Record<string, object> = {};
  for (const [name, { shape, values }] of all) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const text = JSON.stringify(header);
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([
    length,
    Buffer.from(padded),
    ...[...all.values()].map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  ]);
}

/** Normally distributed numbers (Box-Muller) over a linear congruential generator. */
function normal(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

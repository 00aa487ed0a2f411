/** LLaMAs of random shape and weights, as a source for `convert` and as tensors for the oracle. */
import fc from 'fast-check';
import { type LlamaConfig, parseLlamaConfig } from '#dist/model/config.js';
import type { TensorInfo, WeightSource } from '#dist/model/read/source.js';
import type { RopeOrder } from '#dist/model/weights/rope.js';
import type { Tensors } from './llama.js';

export interface RandomModel {
  json: Record<string, unknown>;
  rope: RopeOrder;
  seed: number;
}

const scaling = fc.constantFrom(
  null,
  { rope_type: 'linear', factor: 4 },
  { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 32 },
);

/** Heads equal to key-value heads, grouped, or with a single key-value head; tied or not; any size of the vocabulary. */
export const randomModel: fc.Arbitrary<RandomModel> = fc
  .record({
    headSize: fc.constantFrom(8, 16, 32),
    kvHeads: fc.integer({ min: 1, max: 3 }),
    group: fc.integer({ min: 1, max: 3 }),
    hidden: fc.integer({ min: 4, max: 24 }),
    feedForward: fc.integer({ min: 4, max: 70 }),
    layers: fc.integer({ min: 1, max: 3 }),
    vocabulary: fc.integer({ min: 5, max: 301 }),
    tied: fc.boolean(),
    theta: fc.constantFrom(100, 10000, 500000),
    scaling,
    rope: fc.constantFrom<RopeOrder>('halves', 'interleaved'),
    seed: fc.integer(),
  })
  .map(({ rope, seed, ...shape }) => ({
    rope,
    seed,
    json: {
      architectures: ['LlamaForCausalLM'],
      vocab_size: shape.vocabulary,
      hidden_size: 4 * shape.hidden,
      intermediate_size: shape.feedForward,
      num_hidden_layers: shape.layers,
      num_attention_heads: shape.kvHeads * shape.group,
      num_key_value_heads: shape.kvHeads,
      head_dim: shape.headSize,
      max_position_embeddings: 64,
      rms_norm_eps: 1e-5,
      rope_theta: shape.theta,
      rope_scaling: shape.scaling,
      tie_word_embeddings: shape.tied,
    },
  }));

/** Weights drawn from the seed, of a size that keeps logits near 1. */
export function randomTensors(config: LlamaConfig, seed: number): Tensors {
  const uniform = generator(seed);
  const tensors = new Map<string, number[][]>();
  const add = (name: string, rows: number, columns: number) => {
    const spread = Math.sqrt(3 / columns);
    const value = () => Math.fround((2 * uniform() - 1) * spread);
    tensors.set(
      `${name}.weight`,
      Array.from({ length: rows }, () => Array.from({ length: columns }, value)),
    );
  };
  const addNorm = (name: string) =>
    tensors.set(`${name}.weight`, [Array.from({ length: config.hiddenSize }, () => Math.fround(0.5 + uniform()))]);
  const { hiddenSize: hidden, feedForwardSize: feed, heads, kvHeads, headSize, vocabularySize } = config;
  add('model.embed_tokens', vocabularySize, hidden);
  for (let layer = 0; layer < config.layers; layer++) {
    const of = (name: string) => `model.layers.${layer}.${name}`;
    addNorm(of('input_layernorm'));
    add(of('self_attn.q_proj'), heads * headSize, hidden);
    add(of('self_attn.k_proj'), kvHeads * headSize, hidden);
    add(of('self_attn.v_proj'), kvHeads * headSize, hidden);
    add(of('self_attn.o_proj'), hidden, heads * headSize);
    addNorm(of('post_attention_layernorm'));
    add(of('mlp.gate_proj'), feed, hidden);
    add(of('mlp.up_proj'), feed, hidden);
    add(of('mlp.down_proj'), hidden, feed);
  }
  addNorm('model.norm');
  if (!config.tied) add('lm_head', vocabularySize, hidden);
  return tensors;
}

/** A source for `convert` that holds these tensors. */
export function memorySource(json: Record<string, unknown>, rope: RopeOrder, tensors: Tensors): WeightSource {
  const shapeOf = (rows: number[][], name: string) =>
    name.endsWith('norm.weight') ? [rows[0]!.length] : [rows.length, rows[0]!.length];
  const infos = [...tensors].map(([name, rows]): [string, TensorInfo] => [
    name,
    { shape: shapeOf(rows, name), dtype: 'F32', file: 'memory' },
  ]);
  return {
    config: parseLlamaConfig(json),
    rope,
    tensors: new Map(infos),
    files: new Map([
      ['config.json', JSON.stringify(json)],
      ['tokenizer.json', JSON.stringify({ model: { vocab: { a: 0 } } })],
    ]),
    read: async (name, from, to) => Float32Array.from(tensors.get(name)!.slice(from, to).flat()),
    close: async () => {},
  };
}

/** Every tensor of a source, whole. */
export async function readTensors(source: WeightSource): Promise<Tensors> {
  const tensors = new Map<string, number[][]>();
  for (const [name, { shape }] of source.tensors) {
    const columns = shape.at(-1)!;
    const rows = shape.length === 1 ? 1 : shape[0]!;
    const values = await source.read(name, 0, rows);
    tensors.set(
      name,
      Array.from({ length: rows }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]),
    );
  }
  return tensors;
}

/** mulberry32: uniform in [0, 1). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

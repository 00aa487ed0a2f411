/** What a Hugging Face `config.json` of a LLaMA says, with the defaults of transformers. Knows no weights. */
import * as z from 'zod';
import { firstIssue, readJsonFile } from './read/json-file.js';

/** Rotary embeddings: the base and how its frequencies are stretched to longer contexts. */
export type RopeScaling =
  | { type: 'default' }
  | { type: 'linear'; factor: number }
  | { type: 'llama3'; factor: number; lowFrequencyFactor: number; highFrequencyFactor: number; originalLength: number };

export interface LlamaConfig {
  vocabularySize: number;
  hiddenSize: number;
  feedForwardSize: number;
  layers: number;
  heads: number;
  /** Key-value heads; `heads` is a multiple of them. */
  kvHeads: number;
  headSize: number;
  /** Positions that fit into one sequence. */
  contextLength: number;
  normEpsilon: number;
  ropeTheta: number;
  ropeScaling: RopeScaling;
  /** Whether the embedding table is also the output layer. */
  tied: boolean;
}

/** @throws {Error} with one line that names the file, where it is missing, no JSON, or not a LLaMA. */
export async function readLlamaConfig(path: string): Promise<{ config: LlamaConfig; json: Record<string, unknown> }> {
  const json = await readJsonFile(path);
  return { config: parseLlamaConfig(json, path), json: json as Record<string, unknown> };
}

/** @throws {Error} naming `origin`, the first field that is wrong, and what was expected. */
export function parseLlamaConfig(json: unknown, origin = 'config.json'): LlamaConfig {
  const kind = architecture.safeParse(json);
  if (!kind.success) throw new Error(`${origin} is not a model's configuration: ${firstIssue(kind.error)}`);
  const name = kind.data.architectures?.[0] ?? kind.data.model_type ?? 'llama';
  if (name !== 'LlamaForCausalLM' && name !== 'llama') {
    throw new Error(`${origin} describes the architecture ${name}; only LlamaForCausalLM is supported`);
  }
  const parsed = llama.safeParse(json);
  if (!parsed.success) throw new Error(`${origin}: ${firstIssue(parsed.error)}`);
  return parsed.data;
}

const size = z.int().positive();
const architecture = z.looseObject({
  architectures: z.array(z.string()).nullish(),
  model_type: z.string().nullish(),
});

const scaling = z
  .looseObject({
    rope_type: z.string().optional(),
    type: z.string().optional(), // the older name
    rope_theta: z.number().positive().optional(), // transformers 5 keeps the base here
    factor: z.number().positive().optional(),
    low_freq_factor: z.number().positive().optional(),
    high_freq_factor: z.number().positive().optional(),
    original_max_position_embeddings: size.optional(),
  })
  .nullish();

const llama = z
  .looseObject({
    vocab_size: size.default(32000),
    hidden_size: size.default(4096),
    intermediate_size: size.default(11008),
    num_hidden_layers: size.max(1000).default(32), // the deepest have 126; what is built layer by layer would fill the memory
    num_attention_heads: size.default(32),
    num_key_value_heads: size.nullish(),
    head_dim: size.nullish(),
    max_position_embeddings: size.default(2048),
    rms_norm_eps: z.number().positive().default(1e-6),
    rope_theta: z.number().positive().nullish(),
    rope_scaling: scaling,
    rope_parameters: scaling,
    tie_word_embeddings: z.boolean().default(false),
    hidden_act: z.literal(['silu', 'swish']).default('silu'),
    attention_bias: z.literal(false).default(false),
    mlp_bias: z.literal(false).default(false),
  })
  .transform((json, context): LlamaConfig => {
    const refuse = (message: string, path: string): never => {
      context.addIssue({ code: 'custom', message, path: [path] });
      return z.NEVER;
    };
    const rope = json.rope_parameters ?? json.rope_scaling;
    const heads = json.num_attention_heads;
    const kvHeads = json.num_key_value_heads ?? heads;
    const headSize = json.head_dim ?? json.hidden_size / heads;
    if (heads % kvHeads !== 0)
      return refuse(`expected a divisor of the ${heads} heads, got ${kvHeads}`, 'num_key_value_heads');
    if (!Number.isInteger(headSize) || headSize % 8 !== 0) {
      return refuse(`expected a head size that is a multiple of 8, got ${headSize}`, 'head_dim');
    }
    const ropeScaling = readScaling(rope, json.max_position_embeddings);
    if (typeof ropeScaling === 'string') return refuse(ropeScaling, 'rope_scaling');
    return {
      vocabularySize: json.vocab_size,
      hiddenSize: json.hidden_size,
      feedForwardSize: json.intermediate_size,
      layers: json.num_hidden_layers,
      heads,
      kvHeads,
      headSize,
      contextLength: json.max_position_embeddings,
      normEpsilon: json.rms_norm_eps,
      ropeTheta: rope?.rope_theta ?? json.rope_theta ?? 10000,
      ropeScaling,
      tied: json.tie_word_embeddings,
    };
  });

/** The scaling, or what is wrong with it. */
function readScaling(json: z.infer<typeof scaling>, contextLength: number): RopeScaling | string {
  const type = json?.rope_type ?? json?.type ?? 'default';
  if (!json || type === 'default') return { type: 'default' };
  if (type !== 'linear' && type !== 'llama3') return `expected the type default, linear or llama3, got ${type}`;
  if (json.factor === undefined) return `the type ${type} needs a factor`;
  if (type === 'linear') return { type, factor: json.factor };
  const { low_freq_factor: lowFrequencyFactor, high_freq_factor: highFrequencyFactor } = json;
  if (lowFrequencyFactor === undefined || highFrequencyFactor === undefined) {
    return 'the type llama3 needs low_freq_factor and high_freq_factor';
  }
  const originalLength = json.original_max_position_embeddings ?? contextLength;
  return { type, factor: json.factor, lowFrequencyFactor, highFrequencyFactor, originalLength };
}

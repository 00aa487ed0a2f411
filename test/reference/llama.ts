/**
 * A LLaMA written for reading, one position at a time, in double precision: what every graph must agree with.
 * Touvron et al., arXiv 2302.13971; grouped-query attention: Ainslie et al., arXiv 2305.13245.
 */
import type { LlamaConfig } from '#dist/model/config.js';
import type { RopeOrder } from '#dist/model/weights/rope.js';

type Vector = number[];
/** Rows of a tensor under its Hugging Face name; a norm's gain is one row. */
export type Tensors = ReadonlyMap<string, Vector[]>;

export class ReferenceLlama {
  readonly #config: LlamaConfig;
  readonly #rope: RopeOrder;
  readonly #tensors: Tensors;
  readonly #keys: Vector[][][] = []; // [position][layer][kvHead] is a vector of the head's size
  readonly #values: Vector[][][] = [];

  constructor(config: LlamaConfig, rope: RopeOrder, tensors: Tensors) {
    this.#config = config;
    this.#rope = rope;
    this.#tensors = tensors;
  }

  /** The logits [vocabulary] after one more token. */
  step(token: number): Vector {
    const position = this.#keys.length;
    this.#keys.push([]);
    this.#values.push([]);
    let state = this.#rows('model.embed_tokens')[token]!;
    for (let layer = 0; layer < this.#config.layers; layer++) {
      state = add(state, this.#attention(this.#norm(state, `model.layers.${layer}.input_layernorm`), layer, position));
      state = add(state, this.#feedForward(this.#norm(state, `model.layers.${layer}.post_attention_layernorm`), layer));
    }
    const head = this.#config.tied ? 'model.embed_tokens' : 'lm_head';
    return multiply(this.#rows(head), this.#norm(state, 'model.norm'));
  }

  #attention(state: Vector, layer: number, position: number): Vector {
    const { heads, kvHeads, headSize } = this.#config;
    const project = (name: string) => multiply(this.#rows(`model.layers.${layer}.self_attn.${name}`), state);
    const rotate = (head: Vector) => rotated(head, position, this.#config, this.#rope);
    const queries = split(project('q_proj'), headSize).map(rotate);
    this.#keys[position]!.push(split(project('k_proj'), headSize).map(rotate));
    this.#values[position]!.push(split(project('v_proj'), headSize));
    const mixed = queries.flatMap((query, head) => {
      const shared = Math.floor(head / (heads / kvHeads)); // the key-value head of this query head
      const scores = this.#keys.map((keys) => dot(query, keys[layer]![shared]!) / Math.sqrt(headSize));
      const weights = softmax(scores);
      return weights
        .map((weight, past) => scale(this.#values[past]![layer]![shared]!, weight))
        .reduce((sum, value) => add(sum, value));
    });
    return multiply(this.#rows(`model.layers.${layer}.self_attn.o_proj`), mixed);
  }

  /** SwiGLU: down(silu(gate(x)) * up(x)). */
  #feedForward(state: Vector, layer: number): Vector {
    const matrix = (name: string) => this.#rows(`model.layers.${layer}.mlp.${name}`);
    const gate = multiply(matrix('gate_proj'), state).map((x) => x / (1 + Math.exp(-x)));
    const up = multiply(matrix('up_proj'), state);
    return multiply(
      matrix('down_proj'),
      gate.map((x, i) => x * up[i]!),
    );
  }

  /** RMSNorm: x / sqrt(mean(x²) + ε) * gain. */
  #norm(state: Vector, name: string): Vector {
    const gain = this.#rows(name)[0]!;
    const inverse = 1 / Math.sqrt(dot(state, state) / state.length + this.#config.normEpsilon);
    return state.map((x, i) => x * inverse * gain[i]!);
  }

  #rows(name: string): Vector[] {
    return this.#tensors.get(`${name}.weight`)!;
  }
}

/** Turns pairs of a head's elements by position * frequency. */
function rotated(head: Vector, position: number, config: LlamaConfig, order: RopeOrder): Vector {
  const half = head.length / 2;
  const turned = [...head];
  for (let pair = 0; pair < half; pair++) {
    const [first, second] = order === 'halves' ? [pair, pair + half] : [2 * pair, 2 * pair + 1];
    const angle = position * frequency(pair, config);
    turned[first] = head[first]! * Math.cos(angle) - head[second]! * Math.sin(angle);
    turned[second] = head[first]! * Math.sin(angle) + head[second]! * Math.cos(angle);
  }
  return turned;
}

/** θ^(-2i/d), slowed for longer contexts as transformers does in modeling_rope_utils.py. */
function frequency(pair: number, { headSize, ropeTheta, ropeScaling: scaling }: LlamaConfig): number {
  const plain = 1 / ropeTheta ** ((2 * pair) / headSize);
  if (scaling.type === 'default') return plain;
  if (scaling.type === 'linear') return plain / scaling.factor;
  const wavelength = (2 * Math.PI) / plain;
  const longest = scaling.originalLength / scaling.lowFrequencyFactor;
  const shortest = scaling.originalLength / scaling.highFrequencyFactor;
  if (wavelength > longest) return plain / scaling.factor;
  if (wavelength < shortest) return plain;
  const smooth =
    (scaling.originalLength / wavelength - scaling.lowFrequencyFactor) /
    (scaling.highFrequencyFactor - scaling.lowFrequencyFactor);
  return ((1 - smooth) * plain) / scaling.factor + smooth * plain;
}

function multiply(rows: Vector[], vector: Vector): Vector {
  return rows.map((row) => dot(row, vector));
}

function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(a: Vector, b: Vector): Vector {
  return a.map((x, i) => x + b[i]!);
}

function scale(a: Vector, factor: number): Vector {
  return a.map((x) => x * factor);
}

function softmax(scores: Vector): Vector {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power);
  return powers.map((power) => power / sum);
}

function split(vector: Vector, size: number): Vector[] {
  return Array.from({ length: vector.length / size }, (_, i) => vector.slice(i * size, (i + 1) * size));
}

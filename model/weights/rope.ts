/** Rotary position embeddings (Su et al., arXiv 2104.09864): the tables of cosines and sines, with the scaling of longer contexts. */
import type { LlamaConfig, RopeScaling } from '../config.js';

/** Which elements of a head turn together: `halves` i and i + size/2 (Hugging Face), `interleaved` 2i and 2i + 1 (the original LLaMA). */
export type RopeOrder = 'halves' | 'interleaved';

export type RopeConfig = Pick<LlamaConfig, 'headSize' | 'ropeTheta' | 'ropeScaling'>;

/** Cosines or sines of position * frequency: [position, headSize / 2]. */
export function rotaryTable(config: RopeConfig, kind: 'cos' | 'sin', from: number, to: number): Float32Array {
  const frequencies = rotaryFrequencies(config);
  const table = new Float32Array((to - from) * frequencies.length);
  for (let i = 0; i < table.length; i++) {
    const position = from + Math.floor(i / frequencies.length);
    table[i] = Math[kind](position * frequencies[i % frequencies.length]!);
  }
  return table;
}

/** Radians a position, one for each pair of a head's elements: [headSize / 2]. */
export function rotaryFrequencies({ headSize, ropeTheta, ropeScaling }: RopeConfig): number[] {
  return Array.from({ length: headSize / 2 }, (_, pair) => scaled(ropeTheta ** ((-2 * pair) / headSize), ropeScaling));
}

/** Linear: positions are squeezed. Llama 3: only the slow frequencies are, with a smooth passage between. */
function scaled(frequency: number, scaling: RopeScaling): number {
  if (scaling.type === 'default') return frequency;
  if (scaling.type === 'linear') return frequency / scaling.factor;
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalLength } = scaling;
  const turns = (originalLength * frequency) / (2 * Math.PI); // full turns within the original context
  if (turns < low) return frequency / factor;
  if (turns > high) return frequency;
  const keep = (turns - low) / (high - low);
  return frequency * (keep + (1 - keep) / factor);
}

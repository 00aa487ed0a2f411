/** Rotates the queries and keys of all positions in one node. Knows how a product's rows are ordered; no attention. */
import type { LlamaConfig } from '../config.js';
import type { RopeOrder } from '../weights/rope.js';
import type { Graph, Value } from './graph.js';
import type { Weights } from './weights.js';

/** product [batch, position, kvHead * (group + 2) * size] to [batch * position, kvHead, group + 2, size]: queries, key, value. */
export type Rotation = (product: Value) => Value;

/**
 * Values are rotated too, as if they stood at position 0, where rotation changes nothing: one node instead of three.
 * @param positions int64 [batch, position]
 */
export function rotation(
  graph: Graph,
  weights: Weights,
  config: LlamaConfig,
  order: RopeOrder,
  positions: Value,
): Rotation {
  const { heads, kvHeads, headSize } = config;
  const group = heads / kvHeads;
  const isTurned = graph.integers([...Array<number>(group + 1).fill(1), 0]);
  const column = graph.node('Reshape', [positions, graph.integers([-1, 1])]);
  const places = graph.node('Mul', [column, graph.node('Reshape', [isTurned, graph.integers([1, -1])])]); // [row, group + 2]
  const caches = [weights.table('cos'), weights.table('sin')];
  const attributes = { interleaved: order === 'interleaved' ? 1 : 0 };
  return (product) => {
    const grouped = graph.node('Reshape', [product, graph.integers([-1, kvHeads, group + 2, headSize])]);
    return graph.node('com.microsoft.RotaryEmbedding', [grouped, places, ...caches], attributes);
  };
}

/** The parts of a LLaMA that both graphs share: embedding, norms, feed-forward, output layer. Attention is passed in. */
import type { LlamaConfig } from '../config.js';
import type { Graph, Value } from './graph.js';
import type { Weights } from './weights.js';

/** normed [batch, position, hidden] to the heads' outputs side by side [batch, position, head * headSize]. */
export type Attention = (normed: Value, layer: number) => Value;

/**
 * input ids [batch, position] to `logits` [batch, kept, vocabulary].
 * @param keep int64 scalar: how many of the last positions get logits; 0 for all.
 */
export function addLlama(
  graph: Graph,
  weights: Weights,
  config: LlamaConfig,
  ids: Value,
  keep: Value,
  attention: Attention,
): void {
  const epsilon = { float: config.normEpsilon };
  const skipNorm = (delta: Value, residual: Value, gain: string): [Value, Value] => {
    const inputs = [delta, residual, weights.vector(gain)];
    const outputs = [`${gain}.normed`, '', '', `${gain}.residual`];
    const [normed, , , sum] = graph.nodes(
      'com.microsoft.SkipSimplifiedLayerNormalization',
      inputs,
      { epsilon },
      outputs,
    );
    return [normed!, sum!];
  };

  let residual = weights.gather(ids, 'embedding');
  let normed = graph.node('SimplifiedLayerNormalization', [residual, weights.vector('0.attentionNorm')], {
    epsilon,
    axis: -1,
  });
  for (let layer = 0; layer < config.layers; layer++) {
    const attended = weights.product(attention(normed, layer), `${layer}.output`);
    [normed, residual] = skipNorm(attended, residual, `${layer}.feedForwardNorm`);
    const fed = weights.product(gated(graph, weights, config, normed, layer), `${layer}.down`);
    [normed, residual] = skipNorm(fed, residual, layer + 1 < config.layers ? `${layer + 1}.attentionNorm` : 'norm');
  }
  const head = config.tied ? 'embedding' : 'head';
  weights.product(lastPositions(graph, normed, keep), head, undefined, undefined, 'logits');
}

/** SwiGLU (Shazeer, arXiv 2002.05202): silu(gate) * up. QuickGelu with alpha 1 is silu. */
function gated(graph: Graph, weights: Weights, config: LlamaConfig, normed: Value, layer: number): Value {
  const name = `${layer}.gateUp`;
  const gate = weights.product(normed, name, 0, config.feedForwardSize);
  const up = weights.product(normed, name, config.feedForwardSize, 2 * config.feedForwardSize);
  return graph.node('Mul', [graph.node('com.microsoft.QuickGelu', [gate], { alpha: { float: 1 } }), up]);
}

/** states[:, -keep:]; -0 is 0, so that 0 keeps all. */
function lastPositions(graph: Graph, states: Value, keep: Value): Value {
  const from = graph.node('Reshape', [graph.node('Neg', [keep]), graph.integers([1])]);
  return graph.node('Slice', [states, from, graph.integers([2 ** 31]), graph.integers([1])]);
}

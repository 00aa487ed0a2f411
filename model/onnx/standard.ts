/**
 * The graph with the names and shapes of the exports made for transformers.js, attention by GroupQueryAttention: for any
 * runtime that feeds `present` back as `past_key_values`, and for GPUs, where those stay on the device.
 *
 * Inputs: `input_ids` [batch, sequence], `attention_mask` [batch, past + sequence], `position_ids` [batch, sequence],
 * `num_logits_to_keep` (scalar; 0 is all), `past_key_values.N.key|value` [batch, kvHead, past, headSize]. Of the mask only
 * the number of ones in a row counts: padding stands at the end.
 * Outputs: `logits` [batch, kept, vocabulary], `present.N.key|value` [batch, kvHead, past + sequence, headSize].
 */
import type { LlamaConfig } from '../config.js';
import type { Layout } from '../weights/layout.js';
import type { RopeOrder } from '../weights/rope.js';
import { ElementType, Graph, type Value } from './graph.js';
import { addLlama } from './llama.js';
import { rotation } from './rotation.js';
import { Weights } from './weights.js';

const { float32, int32, int64 } = ElementType;

export function standardGraph(config: LlamaConfig, layout: Layout, order: RopeOrder, location: string): Graph {
  const { heads, kvHeads, headSize, vocabularySize } = config;
  const graph = new Graph();
  const weights = new Weights(graph, layout, location);
  const ids = graph.input('input_ids', int64, ['batch', 'sequence']);
  const mask = graph.input('attention_mask', int64, ['batch', 'past + sequence']);
  const positions = graph.input('position_ids', int64, ['batch', 'sequence']);
  const keep = graph.input('num_logits_to_keep', int64, []);
  const past = Array.from({ length: config.layers }, (_, layer) => ({
    key: graph.input(`past_key_values.${layer}.key`, float32, ['batch', kvHeads, 'past', headSize]),
    value: graph.input(`past_key_values.${layer}.value`, float32, ['batch', kvHeads, 'past', headSize]),
  }));
  graph.output('logits', float32, ['batch', 'kept', vocabularySize]);
  for (let layer = 0; layer < config.layers; layer++) {
    const dimensions = ['batch', kvHeads, 'past + sequence', headSize];
    for (const kind of ['key', 'value']) graph.output(`present.${layer}.${kind}`, float32, dimensions);
  }
  const lengths = sequenceLengths(graph, mask);
  const rotate = rotation(graph, weights, config, order, positions);
  const shape = graph.node('Shape', [ids]);
  const flat = (count: number) => graph.node('Concat', [shape, graph.integers([count * headSize])], { axis: 0 });
  const shapes = [flat(heads), flat(kvHeads), flat(kvHeads)]; // [batch, sequence, head * size]

  addLlama(graph, weights, config, ids, keep, (normed, layer) => {
    const { key, value } = past[layer]!;
    const turned = rotate(weights.product(normed, `${layer}.queryKeyValue`));
    const parts = graph.nodes('Split', [turned, graph.integers([heads / kvHeads, 1, 1])], { axis: 2 }, 3);
    const states = parts.map((part, i) => graph.node('Reshape', [part, shapes[i]!])); // queries, keys, values
    const outputs = [`${layer}.attended`, `present.${layer}.key`, `present.${layer}.value`];
    const attributes = { num_heads: heads, kv_num_heads: kvHeads, scale: { float: headSize ** -0.5 } };
    return graph.nodes(
      'com.microsoft.GroupQueryAttention',
      [...states, key, value, ...lengths],
      attributes,
      outputs,
    )[0]!;
  });
  return graph;
}

/** What GroupQueryAttention wants to know of the mask: the last position of each row [batch], and the longest length (scalar). */
function sequenceLengths(graph: Graph, mask: Value): [Value, Value] {
  const sums = graph.node('ReduceSum', [mask, graph.integers([1])], { keepdims: 0 });
  const last = graph.node('Sub', [sums, graph.integers([1])]);
  const total = graph.node('Gather', [graph.node('Shape', [mask]), graph.integers(1)]);
  return [graph.node('Cast', [last], { to: int32 }), graph.node('Cast', [total], { to: int32 })];
}

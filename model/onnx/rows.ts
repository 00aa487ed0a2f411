/**
 * The graph for CPU: the past comes as rows [position, kvHead, 1, headSize] and only the new rows go out, so that the
 * caller appends them to one growing array and a token's cost hardly depends on what stands before it.
 *
 * Inputs: `input_ids` [1, new], `position_ids` [1, new], `attention_bias` [new, past + new] (0, or a large negative
 * number where a position must not be seen: the causal part included), `num_logits_to_keep` (scalar; 0 is all),
 * `past_key_values.N.key|value` [past, kvHead, 1, headSize], keys after rotation, past >= 1: row 0 is a dummy that the
 * caller masks. Outputs: `logits` [1, kept, vocabulary], `present.N.key|value` [new, kvHead, 1, headSize].
 */
import type { LlamaConfig } from '../config.js';
import type { Layout } from '../weights/layout.js';
import type { RopeOrder } from '../weights/rope.js';
import { ElementType, Graph, type Value } from './graph.js';
import { addLlama } from './llama.js';
import { rotation } from './rotation.js';
import { Weights } from './weights.js';

const { float32, int64 } = ElementType;

export function rowsGraph(config: LlamaConfig, layout: Layout, order: RopeOrder, location: string): Graph {
  const { heads, kvHeads, headSize, vocabularySize } = config;
  const group = heads / kvHeads;
  const graph = new Graph();
  const weights = new Weights(graph, layout, location);
  const ids = graph.input('input_ids', int64, [1, 'new']);
  const positions = graph.input('position_ids', int64, [1, 'new']);
  const bias = graph.input('attention_bias', float32, ['new', 'past + new']);
  const keep = graph.input('num_logits_to_keep', int64, []);
  const past = Array.from({ length: config.layers }, (_, layer) => ({
    key: graph.input(`past_key_values.${layer}.key`, float32, ['past', kvHeads, 1, headSize]),
    value: graph.input(`past_key_values.${layer}.value`, float32, ['past', kvHeads, 1, headSize]),
  }));
  graph.output('logits', float32, [1, 'kept', vocabularySize]);
  for (let layer = 0; layer < config.layers; layer++) {
    for (const kind of ['key', 'value'])
      graph.output(`present.${layer}.${kind}`, float32, ['new', kvHeads, 1, headSize]);
  }
  const rotate = rotation(graph, weights, config, order, positions);
  const lengths = graph.node('Concat', [sizeOf(graph, past[0]!.key, 0), sizeOf(graph, ids, 1)], { axis: 0 }); // [past, new]
  const mask = repeatRows(graph, bias, group); // [new * group, past + new]

  addLlama(graph, weights, config, ids, keep, (normed, layer) => {
    const { key: pastKeys, value: pastValues } = past[layer]!;
    const turned = rotate(weights.product(normed, `${layer}.queryKeyValue`));
    const parts = [`${layer}.queries`, `present.${layer}.key`, `present.${layer}.value`];
    const [ungrouped, keys, values] = graph.nodes('Split', [turned, graph.integers([group, 1, 1])], { axis: 2 }, parts);
    const byGroup = graph.node('Transpose', [ungrouped!], { perm: [1, 0, 2, 3] });
    const queries = graph.node('Reshape', [byGroup, graph.integers([kvHeads, 1, -1, headSize])]);
    const scores = graph.node('Concat', [score(queries, pastKeys), score(queries, keys!)], { axis: -1 });
    const weight = graph.node('Softmax', [graph.node('Add', [scores, mask])], { axis: -1 }); // [kvHead, 1, new * group, past + new]
    const [pastWeight, newWeight] = graph.nodes('Split', [weight, lengths], { axis: -1 }, 2);
    const mixed = graph.node('Add', [mix(pastWeight!, pastValues), mix(newWeight!, values!)]); // [kvHead, 1, new * group, size]
    const byHead = graph.node('Reshape', [mixed, graph.integers([kvHeads, -1, group * headSize])]);
    const byPosition = graph.node('Transpose', [byHead], { perm: [1, 0, 2] });
    return graph.node('Reshape', [byPosition, graph.integers([1, -1, heads * headSize])]);
  });
  return graph;

  /** queries [kvHead, 1, new * group, size] with keys [position, kvHead, 1, size]: [kvHead, 1, new * group, position]. */
  function score(queries: Value, keys: Value): Value {
    const attributes = { alpha: { float: headSize ** -0.5 }, transBatchB: 1, transB: 1 };
    return graph.node('com.microsoft.FusedMatMul', [queries, keys], attributes);
  }

  /** weights [kvHead, 1, new * group, position] with values [position, kvHead, 1, size]: [kvHead, 1, new * group, size]. */
  function mix(weight: Value, values: Value): Value {
    return graph.node('com.microsoft.FusedMatMul', [weight, values], { transBatchB: 1 });
  }
}

/** [row, column] to [row * times, column]. */
function repeatRows(graph: Graph, table: Value, times: number): Value {
  if (times === 1) return table;
  const rows = graph.node('Unsqueeze', [table, graph.integers([1])]);
  return graph.node('Flatten', [graph.node('Expand', [rows, graph.integers([1, times, 1])])], { axis: 2 });
}

function sizeOf(graph: Graph, value: Value, axis: number): Value {
  return graph.node('Shape', [value], { start: axis, end: axis + 1 });
}

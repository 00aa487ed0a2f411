/**
 * Which tensors a LLaMA has and where each lies in the external weights file. Sizes follow from the config alone,
 * so the graphs can be built before a single weight has been read.
 */
import type { LlamaConfig } from '../config.js';
import type { ExternalTensor } from '../onnx/graph.js';
import type { Block, Dtype } from './dtype.js';
import { type Part, type RowFormat, rowFormat } from './format.js';

/** Rows `from` to `to` of a tensor of the source. */
export interface Segment {
  tensor: string;
  from: number;
  to: number;
}

/** A tensor of the file. Its rows come from the source, one segment after the other, or from a rule (the rotary tables). */
export interface Entry {
  rows: number;
  columns: number;
  format: RowFormat;
  source: Segment[] | 'cos' | 'sin';
  parts: (Part & { offset: number })[];
}

export interface Layout {
  entries: ReadonlyMap<string, Entry>;
  /** Bytes of the file. */
  length: number;
}

/** Larger tensors start on a page, so that the runtime can map them; small ones on a cache line. */
const PAGE = 4096;
const CACHE_LINE = 64;

export function layOut(config: LlamaConfig, dtype: Dtype, block: Block): Layout {
  const { vocabularySize: vocabulary, hiddenSize: hidden, feedForwardSize: feed, headSize } = config;
  const entries = new Map<string, Entry>();
  let offset = 0;
  const add = (name: string, columns: number, source: Entry['source'], format: RowFormat, rows = count(source)) => {
    const parts = format.parts(columns).map((part) => {
      const alignment = rows * part.bytesPerRow > 256 * PAGE ? PAGE : CACHE_LINE;
      const start = Math.ceil(offset / alignment) * alignment;
      offset = start + rows * part.bytesPerRow;
      return { ...part, offset: start };
    });
    entries.set(name, { rows, columns, format, source, parts });
  };
  const matrix = (name: string, columns: number, source: Segment[]) =>
    add(name, columns, source, rowFormat(dtype, block));
  const floats = (name: string, columns: number, source: Entry['source'], rows?: number) =>
    add(name, columns, source, rowFormat('f32', block), rows);

  matrix('embedding', hidden, [whole('model.embed_tokens.weight', vocabulary)]);
  for (let layer = 0; layer < config.layers; layer++) {
    const of = (name: string) => `model.layers.${layer}.${name}.weight`;
    floats(`${layer}.attentionNorm`, hidden, [whole(of('input_layernorm'), 1)]);
    matrix(`${layer}.queryKeyValue`, hidden, groups(config, of));
    matrix(`${layer}.output`, config.heads * headSize, [whole(of('self_attn.o_proj'), hidden)]);
    floats(`${layer}.feedForwardNorm`, hidden, [whole(of('post_attention_layernorm'), 1)]);
    matrix(`${layer}.gateUp`, hidden, [whole(of('mlp.gate_proj'), feed), whole(of('mlp.up_proj'), feed)]);
    matrix(`${layer}.down`, feed, [whole(of('mlp.down_proj'), hidden)]);
  }
  floats('norm', hidden, [whole('model.norm.weight', 1)]);
  if (!config.tied) matrix('head', hidden, [whole('lm_head.weight', vocabulary)]);
  floats('cos', headSize / 2, 'cos', config.contextLength);
  floats('sin', headSize / 2, 'sin', config.contextLength);
  return { entries, length: offset };
}

/** A part of some rows, as the graph refers to it; by default of all. */
export function view(entry: Entry, name: Part['name'], from = 0, to = entry.rows): ExternalTensor {
  const part = entry.parts.find((part) => part.name === name)!;
  return {
    type: part.type,
    dimensions: [to - from, ...part.row],
    offset: part.offset + from * part.bytesPerRow,
    length: (to - from) * part.bytesPerRow,
  };
}

/** Group after group: its query heads, its key head, its value head. So one product yields rows that need no transposition. */
function groups({ heads, kvHeads, headSize }: LlamaConfig, of: (name: string) => string): Segment[] {
  const queries = (heads / kvHeads) * headSize;
  return Array.from({ length: kvHeads }, (_, group) => [
    { tensor: of('self_attn.q_proj'), from: group * queries, to: (group + 1) * queries },
    { tensor: of('self_attn.k_proj'), from: group * headSize, to: (group + 1) * headSize },
    { tensor: of('self_attn.v_proj'), from: group * headSize, to: (group + 1) * headSize },
  ]).flat();
}

function whole(tensor: string, rows: number): Segment {
  return { tensor, from: 0, to: rows };
}

function count(source: Entry['source']): number {
  return typeof source === 'string' ? 0 : source.reduce((rows, { from, to }) => rows + to - from, 0);
}

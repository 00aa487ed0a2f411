/** Nodes that read weights from the external file: products, norms, the embedding. Knows how rows are stored; no attention. */
import type { Part } from '../weights/format.js';
import { type Entry, type Layout, view } from '../weights/layout.js';
import { ElementType, type Graph, type Value } from './graph.js';

export class Weights {
  readonly #graph: Graph;
  readonly #layout: Layout;
  readonly #location: string;

  /** `location` is the external file's name, relative to the model file. */
  constructor(graph: Graph, layout: Layout, location: string) {
    this.#graph = graph;
    this.#layout = layout;
    this.#location = location;
  }

  /** A float tensor of one dimension, e.g. the gain of a norm. */
  vector(name: string): Value {
    const entry = this.#entry(name);
    const tensor = { ...view(entry, 'values'), dimensions: [entry.columns] };
    return this.#graph.external(name, this.#location, tensor);
  }

  /** A float table [row, column]. */
  table(name: string): Value {
    return this.#graph.external(name, this.#location, view(this.#entry(name), 'values'));
  }

  /** input [batch, position, column] to [batch, position, row]: the product with rows `from` to `to` of a matrix, by default all. */
  product(input: Value, name: string, from = 0, to = this.#entry(name).rows, output?: string): Value {
    const { format, columns } = this.#entry(name);
    const values = this.#view(name, 'values', from, to);
    if (!format.bits) {
      const columnsFirst = this.#graph.node('Transpose', [this.#asFloat32(values, name)], { perm: [1, 0] }); // folded at load
      return this.#graph.node('MatMul', [input, columnsFirst], {}, output);
    }
    const attributes = { K: columns, N: to - from, bits: format.bits, block_size: format.block!, accuracy_level: 4 };
    const scales = this.#view(name, 'scales', from, to);
    return this.#graph.node('com.microsoft.MatMulNBits', [input, values, scales], attributes, output);
  }

  /** Rows of a matrix: ids [batch, position] to [batch, position, column]. */
  gather(ids: Value, name: string): Value {
    const { format, rows, columns, parts } = this.#entry(name);
    if (!format.bits) return this.#graph.node('Gather', [this.#asFloat32(this.#view(name, 'values'), name), ids]);
    const tensor = { ...view(this.#entry(name), 'values'), dimensions: [rows, parts[0]!.bytesPerRow] };
    const values = this.#graph.external(`${name}.gather`, this.#location, tensor); // the same bytes in two dimensions
    const attributes = { gather_axis: 0, quantize_axis: 1, block_size: format.block!, bits: format.bits };
    const scales = this.#view(name, 'scales');
    const gathered = this.#graph.node('com.microsoft.GatherBlockQuantized', [values, ids, scales], attributes);
    if (columns % format.block! === 0) return gathered;

    const slice = [0, columns, 2].map((value) => this.#graph.integers([value])); // from, to, axis
    return this.#graph.node('Slice', [gathered, ...slice]);
  }

  #view(name: string, part: Part['name'], from = 0, to = this.#entry(name).rows): Value {
    const entry = this.#entry(name);
    const range = to - from === entry.rows ? '' : `.${from}-${to}`;
    return this.#graph.external(`${name}${range}.${part}`, this.#location, view(entry, part, from, to));
  }

  /** Half floats are widened; where the value is a constant, the runtime does it once at load. */
  #asFloat32(value: Value, name: string): Value {
    const isHalf = this.#entry(name).parts[0]!.type === ElementType.float16;
    return isHalf ? this.#graph.node('Cast', [value], { to: ElementType.float32 }) : value;
  }

  #entry(name: string): Entry {
    return this.#layout.entries.get(name)!;
  }
}

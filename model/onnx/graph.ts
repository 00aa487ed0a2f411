/** Builds one ONNX graph node by node and encodes it as a ModelProto. Knows the format's fields; no LLaMA. */
import { Message } from './protobuf.js';

/** TensorProto.DataType, as far as it is used here. */
export const ElementType = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 } as const;
export type ElementType = (typeof ElementType)[keyof typeof ElementType];

/** A named edge of the graph. The empty string stands for an optional input that is left out. */
export type Value = string;
/** A bare number is an integer attribute. */
export type Attribute = number | { float: number } | string | readonly number[];

/** A number of elements, or the name of a size that is known only when the graph runs. */
export type Dimension = number | string;

/** A tensor that lies in an external file: `length` bytes from `offset`. */
export interface ExternalTensor {
  type: ElementType;
  dimensions: readonly number[];
  offset: number;
  length: number;
}

const MICROSOFT = 'com.microsoft';
const IR_VERSION = 8;
const OPSET_VERSION = 17;
const EXTERNAL = 1; // TensorProto.DataLocation
const encoder = new TextEncoder();

export class Graph {
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  readonly #nodes: Message[] = [];
  readonly #initializers = new Map<string, Message>();
  #nextValue = 0;

  /** Number of nodes so far. */
  get size(): number {
    return this.#nodes.length;
  }

  input(name: string, type: ElementType, dimensions: readonly Dimension[]): Value {
    this.#inputs.push(valueInfo(name, type, dimensions));
    return name;
  }

  output(name: string, type: ElementType, dimensions: readonly Dimension[]): void {
    this.#outputs.push(valueInfo(name, type, dimensions));
  }

  /** A node of the standard operator set with one output. */
  node(operator: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}, output?: string): Value {
    return this.nodes(operator, inputs, attributes, [output ?? this.#name(operator)])[0]!;
  }

  /** A node with several outputs: their names (an empty one is left out), or how many to name. */
  nodes(
    operator: string,
    inputs: readonly Value[],
    attributes: Record<string, Attribute>,
    outputs: number | readonly string[],
  ): Value[] {
    const names =
      typeof outputs === 'number' ? Array.from({ length: outputs }, () => this.#name(operator)) : [...outputs];
    const [type, domain] = operator.startsWith(`${MICROSOFT}.`)
      ? [operator.slice(MICROSOFT.length + 1), MICROSOFT]
      : [operator, ''];
    const node = new Message();
    for (const input of inputs) node.string(1, input);
    for (const name of names) node.string(2, name);
    node.string(3, `${type}_${this.#nodes.length}`).string(4, type);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#nodes.push(domain === '' ? node : node.string(7, domain));
    return names;
  }

  /** A constant that lies in the model file itself. Equal constants are stored once. */
  integers(
    values: readonly number[] | number,
    type: typeof ElementType.int64 | typeof ElementType.int32 = ElementType.int64,
  ): Value {
    const list = typeof values === 'number' ? [values] : values;
    const name = `constant.${type}.${typeof values === 'number' ? 'scalar.' : ''}${list.join('_')}`;
    const raw = type === ElementType.int64 ? BigInt64Array.from(list, BigInt) : Int32Array.from(list);
    const tensor = tensorHeader(name, type, typeof values === 'number' ? [] : [list.length]);
    this.#initializers.set(name, tensor.bytes(9, new Uint8Array(raw.buffer)));
    return name;
  }

  /** A constant that lies in the external file. */
  external(name: string, location: string, tensor: ExternalTensor): Value {
    const message = tensorHeader(name, tensor.type, tensor.dimensions)
      .message(13, entry('location', location))
      .message(13, entry('offset', String(tensor.offset)))
      .message(13, entry('length', String(tensor.length)))
      .integer(14, EXTERNAL);
    this.#initializers.set(name, message);
    return name;
  }

  /** The bytes of the ModelProto. */
  encode(name: string): Uint8Array {
    const graph = new Message();
    for (const node of this.#nodes) graph.message(1, node);
    graph.string(2, name);
    for (const tensor of this.#initializers.values()) graph.message(5, tensor);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    return new Message()
      .integer(1, IR_VERSION)
      .string(2, 'toolformer')
      .message(7, graph)
      .message(8, new Message().string(1, '').integer(2, OPSET_VERSION))
      .message(8, new Message().string(1, MICROSOFT).integer(2, 1))
      .finish();
  }

  #name(operator: string): string {
    return `${operator.split('.').at(-1)}.${this.#nextValue++}`;
  }
}

function attribute(name: string, value: Attribute): Message {
  const message = new Message().string(1, name);
  if (typeof value === 'string') return message.bytes(4, encoder.encode(value)).integer(20, 3);
  if (typeof value === 'number') return message.integer(3, value).integer(20, 2);
  if ('float' in value) return message.float(2, value.float).integer(20, 1);
  return message.integers(8, value).integer(20, 7);
}

function tensorHeader(name: string, type: ElementType, dimensions: readonly number[]): Message {
  return new Message().integers(1, dimensions).integer(2, type).string(8, name);
}

function entry(key: string, value: string): Message {
  return new Message().string(1, key).string(2, value);
}

function valueInfo(name: string, type: ElementType, dimensions: readonly Dimension[]): Message {
  const shape = new Message();
  for (const dimension of dimensions) {
    const field = new Message();
    shape.message(1, typeof dimension === 'number' ? field.integer(1, dimension) : field.string(2, dimension));
  }
  const tensor = new Message().integer(1, type).message(2, shape);
  return new Message().string(1, name).message(2, new Message().message(1, tensor));
}

/** Writes protocol-buffer messages: the four wire forms that ONNX uses. Knows nothing of ONNX. */

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;
const encoder = new TextEncoder();

/** One message under construction. Fields are written in the order of the calls. */
export class Message {
  readonly #chunks: Uint8Array[] = [];

  /** int32, int64, uint64, bool and enum fields; negative numbers take ten bytes, as the format wants. */
  integer(field: number, value: number | bigint): this {
    return this.#tag(field, VARINT).#push(varint(BigInt(value)));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#tag(field, FIXED32).#push(bytes);
  }

  string(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, BYTES)
      .#push(varint(BigInt(value.length)))
      .#push(value);
  }

  /** A repeated integer field, packed. */
  integers(field: number, values: readonly (number | bigint)[]): this {
    return this.bytes(field, concatenate(values.map((value) => varint(BigInt(value)))));
  }

  finish(): Uint8Array {
    return concatenate(this.#chunks);
  }

  #tag(field: number, wire: number): this {
    return this.#push(varint(BigInt(field * 8 + wire)));
  }

  #push(bytes: Uint8Array): this {
    this.#chunks.push(bytes);
    return this;
  }
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** A tokenizer without a vocabulary file: ids 0 to 15 are the embedded model's control tokens, 16 to 271 are bytes. */
import type { Tokenizer } from '../text/tokenizer.js';

const CONTROL = ['bos', 'eos', 'system', 'tools', 'user', 'assistant', 'text', 'call', 'result', 'end'];
const FIRST_BYTE = 16;

export class ByteTokenizer implements Tokenizer {
  readonly vocabularySize = FIRST_BYTE + 256;
  readonly controlIds: ReadonlySet<number> = new Set(Array.from({ length: FIRST_BYTE }, (_, id) => id));
  readonly #control = new Map(CONTROL.map((name, id) => [`<|${name}|>`, id]));

  encode(text: string): number[] {
    return Array.from(new TextEncoder().encode(text), (byte) => FIRST_BYTE + byte);
  }

  splitTemplate(text: string): (number | string)[] {
    return text
      .split(/(<\|[a-z]+\|>)/)
      .filter((part) => part !== '')
      .map((part) => this.#control.get(part) ?? part);
  }

  controlId(token: string): number | undefined {
    return this.#control.get(token);
  }

  bytesOf(id: number): Uint8Array | undefined {
    return id < FIRST_BYTE ? undefined : Uint8Array.of(id - FIRST_BYTE);
  }
}

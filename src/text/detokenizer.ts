/** Token ids to text as they come: a character is shown once all its bytes are there. */
import type { Tokenizer } from './tokenizer.js';

export class StreamingDetokenizer {
  readonly #tokenizer: Tokenizer;
  #decoder = new TextDecoder('utf-8', { ignoreBOM: true }); // a mark in mid-text is a character

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /** The text that this token completes; often a whole word, sometimes nothing. Control tokens have no text. */
  push(token: number): string {
    const bytes = this.#tokenizer.bytesOf(token);
    return bytes === undefined ? '' : this.#decoder.decode(bytes, { stream: true });
  }

  /** What is left: half a character becomes U+FFFD. */
  flush(): string {
    return this.#decoder.decode();
  }
}

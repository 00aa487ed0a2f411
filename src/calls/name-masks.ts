/** Constrains a tool's name, as it is being written, to the tools that exist. */
import type { TokenMask } from '../engine/engine.js';
import type { Tokenizer } from '../text/tokenizer.js';

export class NameMasks {
  readonly #texts: (string | undefined)[]; // by id; undefined where a token is no whole text
  readonly #separator: string;
  readonly #masks = new Map<string, TokenMask>();

  /** @param separator what follows a complete name, e.g. `(` */
  constructor(tokenizer: Tokenizer, separator: string) {
    this.#separator = separator;
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    this.#texts = Array.from({ length: tokenizer.vocabularySize }, (_, id) => {
      const bytes = tokenizer.bytesOf(id);
      try {
        return bytes && bytes.length > 0 ? decoder.decode(bytes) : undefined;
      } catch {
        return undefined;
      }
    });
  }

  /** Undefined once `written` holds a complete name. */
  after(written: string, names: readonly string[]): TokenMask | undefined {
    if (written.includes(this.#separator)) return undefined;
    const key = `${names.join('\n')}\n\n${written}`;
    let mask = this.#masks.get(key);
    if (mask === undefined) {
      mask = this.#build(written, names);
      this.#masks.set(key, mask);
    }
    return mask;
  }

  #build(written: string, names: readonly string[]): TokenMask {
    const mask = new Uint32Array(Math.ceil(this.#texts.length / 32));
    const rests = names
      .map((name) => name + this.#separator)
      .filter((name) => name.startsWith(written))
      .map((name) => name.slice(written.length));
    this.#texts.forEach((text, id) => {
      if (text !== undefined && rests.some((rest) => rest.startsWith(text) || text.startsWith(rest))) {
        mask[id >>> 5]! |= 1 << (id & 31);
      }
    });
    return mask;
  }
}

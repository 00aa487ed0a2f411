/**
 * Text to token ids and back, by tokenizer.json. Text is data and ids are control: what a user, a tool or a page says
 * can never become a control id, whatever it spells.
 */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { type DecoderDescription, tokenBytes } from './token-bytes.js';

export interface Tokenizer {
  readonly vocabularySize: number;
  /** Ids of text. Never holds a control id. */
  encode(text: string): number[];
  /** Ids of a chat template's own text, in which control tokens are written out. */
  encodeTemplate(text: string): number[];
  /** The id of a control token, e.g. `<|eos|>`. */
  controlId(token: string): number | undefined;
  readonly controlIds: ReadonlySet<number>;
  /** What a token stands for; undefined for control tokens and ids without a token. */
  bytesOf(id: number): Uint8Array | undefined;
}

interface TokenizerFile {
  added_tokens?: { id: number; content: string; special: boolean }[];
  decoder?: DecoderDescription | null;
  post_processor?: unknown;
}

export class ModelTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly controlIds: ReadonlySet<number>;
  readonly #full: HuggingFaceTokenizer;
  readonly #plain: HuggingFaceTokenizer;
  readonly #control: ReadonlyMap<string, number>;
  readonly #bytes: (Uint8Array | undefined)[];

  /** @param file the parsed tokenizer.json; @param config the parsed tokenizer_config.json */
  constructor(file: object, config: object) {
    const description = file as TokenizerFile;
    this.#full = new HuggingFaceTokenizer(file, config);
    // `encode` always parses added tokens, and no option prevents it: text goes through an instance that has none.
    this.#plain = new HuggingFaceTokenizer({ ...file, added_tokens: [], post_processor: null }, config);
    const special = (description.added_tokens ?? []).filter((token) => token.special);
    this.#control = new Map(special.map(({ content, id }) => [content, id]));
    this.controlIds = new Set(this.#control.values());
    const vocabulary = this.#full.get_vocab();
    this.vocabularySize = Math.max(...vocabulary.values()) + 1;
    this.#bytes = tokenBytes(vocabulary, this.controlIds, description.decoder);
  }

  encode(text: string): number[] {
    if (text === '') return [];
    // Lone surrogates are no text; a byte-level vocabulary could not spell them.
    return this.#plain.encode(text.toWellFormed(), { add_special_tokens: false }).ids;
  }

  encodeTemplate(text: string): number[] {
    return text === '' ? [] : this.#full.encode(text, { add_special_tokens: false }).ids;
  }

  controlId(token: string): number | undefined {
    return this.#control.get(token);
  }

  bytesOf(id: number): Uint8Array | undefined {
    return this.#bytes[id];
  }
}

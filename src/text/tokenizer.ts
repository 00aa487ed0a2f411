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
  /** A chat template's own text, in which control tokens are written out, as their ids and the texts between them. */
  splitTemplate(text: string): (number | string)[];
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
  readonly #plain: HuggingFaceTokenizer;
  readonly #added: ReadonlyMap<string, number>;
  readonly #addedPattern: RegExp;
  readonly #bytes: (Uint8Array | undefined)[];

  /** @param file the parsed tokenizer.json; @param config the parsed tokenizer_config.json */
  constructor(file: object, config: object) {
    const description = file as TokenizerFile;
    // `encode` always parses added tokens, and no option prevents it: text goes through an instance that has none.
    this.#plain = new HuggingFaceTokenizer({ ...file, added_tokens: [], post_processor: null }, config);
    const added = description.added_tokens ?? [];
    this.#added = new Map(added.map(({ content, id }) => [content, id]));
    const longestFirst = [...this.#added.keys()].sort((left, right) => right.length - left.length);
    this.#addedPattern = new RegExp(`(${longestFirst.map(escapeForRegExp).join('|') || '(?!)'})`);
    this.controlIds = new Set(added.filter(({ special }) => special).map(({ id }) => id));
    const vocabulary = new Map<string, number>([...this.#plain.get_vocab(), ...this.#added]);
    this.vocabularySize = [...vocabulary.values()].reduce((largest, id) => Math.max(largest, id), -1) + 1;
    this.#bytes = tokenBytes(vocabulary, this.controlIds, description.decoder);
  }

  encode(text: string): number[] {
    if (text === '') return [];
    // Lone surrogates are no text; a byte-level vocabulary could not spell them.
    const { ids } = this.#plain.encode(text.toWellFormed(), { add_special_tokens: false });
    // A vocabulary that lists `</s>` among its pieces could still yield it, and `<unk>` or nothing for what it cannot spell.
    return ids.filter((id: number | undefined) => id !== undefined && !this.controlIds.has(id));
  }

  splitTemplate(text: string): (number | string)[] {
    return text
      .split(this.#addedPattern)
      .filter((part) => part !== '')
      .map((part) => this.#added.get(part) ?? part);
  }

  controlId(token: string): number | undefined {
    const id = this.#added.get(token);
    return id !== undefined && this.controlIds.has(id) ? id : undefined;
  }

  bytesOf(id: number): Uint8Array | undefined {
    return this.#bytes[id];
  }
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The encoder of llama2.c (run.c, `encode`), step by step: characters or their bytes, then the best-scored merge until none is left. */

export class Llama2cTokenizer {
  readonly #ids = new Map<string, number>();
  readonly #pieces: string[] = [];
  readonly #scores: number[] = [];

  constructor(file: Buffer, vocabularySize: number) {
    let offset = 4;
    for (let id = 0; id < vocabularySize; id++) {
      const length = file.readInt32LE(offset + 4);
      const piece = file.toString('utf8', offset + 8, offset + 8 + length);
      this.#scores.push(file.readFloatLE(offset));
      this.#pieces.push(piece);
      this.#ids.set(piece, id);
      offset += 8 + length;
    }
  }

  /** With the beginning-of-sequence token. */
  encode(text: string): number[] {
    const ids = [...` ${text}`].flatMap(
      (letter) => this.#ids.get(letter) ?? [...Buffer.from(letter)].map((byte) => byte + 3),
    );
    for (;;) {
      let best = { score: Number.NEGATIVE_INFINITY, at: -1, id: -1 };
      for (let at = 0; at + 1 < ids.length; at++) {
        const id = this.#ids.get(this.#pieces[ids[at]!]! + this.#pieces[ids[at + 1]!]!);
        if (id !== undefined && this.#scores[id]! > best.score) best = { score: this.#scores[id]!, at, id };
      }
      if (best.at < 0) return [1, ...ids];
      ids.splice(best.at, 2, best.id);
    }
  }
}

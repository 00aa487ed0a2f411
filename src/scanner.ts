/** Finds calls in a stream of token ids. Knows the control tokens; runs nothing. */
import type { CallFormat } from './calls/format.js';
import { StreamingDetokenizer } from './text/detokenizer.js';
import type { Tokenizer } from './text/tokenizer.js';

export type ScanEvent =
  | { type: 'text'; text: string }
  | { type: 'stop'; text: string }
  /** A call begins; `text` is what was still held back before it. */
  | { type: 'call-start'; text: string }
  | { type: 'call-delta'; text: string }
  /** A call closed; `written` is everything between the marks. */
  | { type: 'call-end'; written: string };

export class CallScanner {
  readonly #format: CallFormat;
  readonly #detokenizer: StreamingDetokenizer;
  #written: string | undefined;

  constructor(format: CallFormat, tokenizer: Tokenizer) {
    this.#format = format;
    this.#detokenizer = new StreamingDetokenizer(tokenizer);
  }

  /** What has been written of the call that is open; undefined in text. */
  get written(): string | undefined {
    return this.#written;
  }

  push(token: number): ScanEvent {
    if (this.#written !== undefined) return this.#inCall(this.#written, token);
    if (this.#format.stopIds.includes(token)) return { type: 'stop', text: this.#detokenizer.flush() };
    if (this.#format.openingIds.includes(token)) {
      this.#written = '';
      return { type: 'call-start', text: this.#detokenizer.flush() };
    }
    return { type: 'text', text: this.#detokenizer.push(token) };
  }

  /** Forgets the call that is open: it was taken back. */
  abandonCall(): void {
    this.#written = undefined;
    this.#detokenizer.flush();
  }

  #inCall(written: string, token: number): ScanEvent {
    if (token === this.#format.closingId) {
      this.#written = undefined;
      return { type: 'call-end', written: written + this.#detokenizer.flush() };
    }
    const text = this.#detokenizer.push(token);
    this.#written = written + text;
    return { type: 'call-delta', text };
  }
}

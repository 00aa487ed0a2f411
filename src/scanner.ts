/** Finds calls in a stream of token ids. Knows the control tokens; runs nothing. */
import type { CallFormat } from './calls/format.js';
import { StreamingDetokenizer } from './text/detokenizer.js';
import type { Tokenizer } from './text/tokenizer.js';

export type ScanEvent =
  | { type: 'text'; text: string }
  | { type: 'stop'; text: string }
  | { type: 'call-start' }
  | { type: 'call-delta'; text: string }
  /** A call closed; `written` is everything between the marks. */
  | { type: 'call-end'; written: string };

export class CallScanner {
  readonly #format: CallFormat;
  /** Of the text alone: half a character waits while a call stands in it, which may be taken back. */
  readonly #detokenizer: StreamingDetokenizer;
  readonly #inCallDetokenizer: StreamingDetokenizer;
  #written: string | undefined;

  constructor(format: CallFormat, tokenizer: Tokenizer) {
    this.#format = format;
    this.#detokenizer = new StreamingDetokenizer(tokenizer);
    this.#inCallDetokenizer = new StreamingDetokenizer(tokenizer);
  }

  push(token: number): ScanEvent {
    if (this.#written !== undefined) return this.#inCall(this.#written, token);
    if (this.#format.stopIds.includes(token)) return { type: 'stop', text: this.#detokenizer.flush() };
    if (this.#format.openingIds.includes(token)) {
      this.#written = '';
      return { type: 'call-start' };
    }
    return { type: 'text', text: this.#detokenizer.push(token) };
  }

  /** Forgets the call that is open: it was taken back. */
  abandonCall(): void {
    this.#written = undefined;
    this.#inCallDetokenizer.flush();
  }

  #inCall(written: string, token: number): ScanEvent {
    if (token === this.#format.closingId) {
      this.#written = undefined;
      return { type: 'call-end', written: written + this.#inCallDetokenizer.flush() };
    }
    const text = this.#inCallDetokenizer.push(token);
    this.#written = written + text;
    return { type: 'call-delta', text };
  }
}

/** Parts of an answer to standard output: as text, with calls inline where they are wanted, or as JSON lines. */
import { once } from 'node:events';
import type { StreamPart } from '../parts.js';
import { escapeControlCharacters, showControlCharacters } from './control-characters.js';

export interface PrinterOptions {
  json: boolean;
  showCalls: boolean;
  /** Whether a terminal reads, which must not obey what is printed. */
  isTerminal: boolean;
}

export class Printer {
  readonly #options: PrinterOptions;
  #lastCharacter = '\n';
  #isBroken = false;

  constructor(options: PrinterOptions) {
    this.#options = options;
    // Standard output cannot be destroyed: after an error it would take further writes, and fail at each.
    process.stdout.once('error', () => {
      this.#isBroken = true;
    });
  }

  /** Waits where the reader is slow. @returns false once nobody reads any more, or nothing can be written */
  async print(part: StreamPart): Promise<boolean> {
    if (this.#isBroken) return false;
    const text = this.#options.json ? `${escapeControlCharacters(JSON.stringify(part))}\n` : this.#render(part);
    if (text === '') return true;
    this.#lastCharacter = text.at(-1)!;
    const shown = this.#options.isTerminal && !this.#options.json ? showControlCharacters(text) : text;
    if (!process.stdout.write(shown)) await drained();
    return !this.#isBroken;
  }

  #render(part: StreamPart): string {
    switch (part.type) {
      case 'text-delta':
        return part.text;
      case 'tool-input-start':
        return this.#call(`${/\s/.test(this.#lastCharacter) ? '' : ' '}[${part.toolName}(`);
      case 'tool-input-delta':
        return this.#call(part.delta);
      case 'tool-result':
        return this.#call(`) → ${part.output}]`);
      case 'tool-error':
        return this.#call(part.toolName === '' ? '' : `) → error: ${part.error}]`);
      case 'finish':
        return this.#lastCharacter === '\n' ? '' : '\n';
      default:
        return '';
    }
  }

  #call(text: string): string {
    return this.#options.showCalls ? text : '';
  }
}

async function drained(): Promise<void> {
  const over = new AbortController(); // takes the listeners of the event that did not come off again
  const events = ['drain', 'close'].map((name) => once(process.stdout, name, { signal: over.signal }));
  await Promise.race(events).catch(() => {});
  over.abort();
  await Promise.allSettled(events);
}

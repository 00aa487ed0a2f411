/** Parts of an answer to standard output: as text, with calls inline where they are wanted, or as JSON lines. */
import { once } from 'node:events';
import type { StreamPart } from '../parts.js';

export interface PrinterOptions {
  json: boolean;
  showCalls: boolean;
}

export class Printer {
  readonly #options: PrinterOptions;
  #lastCharacter = '\n';

  constructor(options: PrinterOptions) {
    this.#options = options;
  }

  /** Waits where the reader is slow. @returns false once nobody reads any more */
  async print(part: StreamPart): Promise<boolean> {
    const text = this.#options.json ? `${JSON.stringify(part)}\n` : this.#render(part);
    if (text === '') return true;
    this.#lastCharacter = text.at(-1)!;
    if (process.stdout.destroyed || process.stdout.errored) return false;
    if (!process.stdout.write(text)) await drained();
    return !process.stdout.destroyed && !process.stdout.errored;
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
        return this.#call(` → ${part.output}]`);
      case 'tool-error':
        return this.#call(part.toolName === '' ? '' : ` → error: ${part.error}]`);
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

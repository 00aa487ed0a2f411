/** Steps through the words of a query. Knows no date. */
import { Reader } from '../reader.js';
import { ToolError } from '../tool.js';
import { UNCLEAR_DATE, type Word } from './words.js';

export class WordReader extends Reader<Word> {
  constructor(words: readonly Word[]) {
    super(words, { kind: 'end' });
  }

  protected isWord(...texts: string[]): boolean {
    const word = this.next();
    return word.kind === 'word' && texts.includes(word.text);
  }

  protected takeWord(...texts: string[]): boolean {
    const found = this.isWord(...texts);
    if (found) this.position += 1;
    return found;
  }

  /** Skips words that ask and say nothing: `what day of the week is …`. A unit counts only between such words. */
  protected skip(...texts: string[]): void {
    for (;;) {
      const word = this.next();
      const filler =
        word.kind === 'word'
          ? texts.includes(word.text)
          : word.kind === 'unit' && texts.includes(word.unit) && !this.isDayAfter();
      if (!filler) return;
      this.position += 1;
    }
  }

  protected unclear(): ToolError {
    const word = this.next();
    if (word.kind === 'end') return new ToolError('a date is missing');
    if (word.kind === 'number')
      return new ToolError(`unclear: ${word.value} of what? Say days, weeks, months or years, or write a whole date`);
    const text = word.kind === 'word' ? word.text : word.kind === 'unit' ? `${word.unit}s` : undefined;
    return new ToolError(text === undefined ? UNCLEAR_DATE : `\`${text.slice(0, 30)}\` is not understood here`);
  }

  /** `day after …`, which is a date; `days after …` is the time since. */
  protected isDayAfter(): boolean {
    return this.isUnitBefore('after', 'before') && this.next(-1).kind !== 'number';
  }

  /** A unit in the singular, then one of these words: `day of …`. */
  protected isUnitBefore(...texts: string[]): boolean {
    const [unit, after] = [this.next(), this.next(1)];
    return unit.kind === 'unit' && !unit.plural && after.kind === 'word' && texts.includes(after.text);
  }
}

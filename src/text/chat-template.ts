/**
 * A conversation to token ids, through the model's own chat template. The template renders placeholders; the texts they
 * stand for are encoded apart, so that nothing in them can act as a control token.
 */
import { Template } from '@huggingface/jinja';
import type { Tokenizer } from './tokenizer.js';

export interface Message {
  /** `text` is a text to go on with instead of answering it; a template may know it. */
  role: 'system' | 'user' | 'assistant' | 'text';
  content: Content;
}

/** A text, or ids that were encoded before (an answer with its calls). */
export type Content = string | readonly number[];

/** A tool as chat templates expect it, in the form of the OpenAI API. */
export interface ToolDescription {
  name: string;
  description: string;
  /** JSON schema of an object. */
  parameters: Record<string, unknown>;
}

export interface SpecialTokens {
  bos_token?: string;
  eos_token?: string;
}

export class ChatTemplate {
  readonly #template: Template;
  readonly #special: SpecialTokens;
  readonly #tokenizer: Tokenizer;

  constructor(source: string, special: SpecialTokens, tokenizer: Tokenizer) {
    this.#template = new Template(source);
    this.#special = special;
    this.#tokenizer = tokenizer;
  }

  /**
   * @param after leaves out everything up to and including this message's content: what follows an answer that is in the cache
   * @returns ids up to where the model's answer (or, for a `text`, its continuation) begins
   */
  render(messages: readonly Message[], tools: readonly ToolDescription[], after?: Message): number[] {
    const placeholders = new Placeholders();
    const rendered = this.#template.render({
      ...this.#special,
      messages: messages.map((message) => ({ role: message.role, content: placeholders.add(message) })),
      tools: tools.length === 0 ? null : tools.map((tool) => this.#describe(tool, placeholders)),
      add_generation_prompt: messages.at(-1)?.role !== 'text',
    });
    const parts: (number | string)[] = [];
    for (const part of placeholders.split(rendered)) {
      if (typeof part === 'string') parts.push(...this.#tokenizer.splitTemplate(part));
      else if (part === after) parts.length = 0;
      else if (typeof part.content === 'string') parts.push(part.content);
      else for (const id of part.content) parts.push(id); // one by one: there may be more than a call takes arguments
    }
    return this.#encode(parts);
  }

  /** Neighbouring texts are encoded as one, so that words are cut as they would be in the whole prompt. */
  #encode(parts: readonly (number | string)[]): number[] {
    let ids: number[] = [];
    let text = '';
    for (const part of parts) {
      if (typeof part === 'string') text += part;
      else {
        if (text !== '') ids = ids.concat(this.#tokenizer.encode(text));
        ids.push(part);
        text = '';
      }
    }
    return ids.concat(this.#tokenizer.encode(text));
  }

  #describe(tool: ToolDescription, placeholders: Placeholders): object {
    const name = placeholders.add({ content: tool.name });
    const description = placeholders.add({ content: tool.description });
    return {
      type: 'function',
      function: { name, description, parameters: this.#disarm(tool.parameters, placeholders) },
    };
  }

  /** A template looks into the schema, so its texts stay as they are, but for those that would act as control tokens. */
  #disarm(value: unknown, placeholders: Placeholders): unknown {
    if (typeof value === 'string') {
      const isHarmless = !MARKS.test(value) && this.#tokenizer.splitTemplate(value).every((part) => part === value);
      return isHarmless ? value : placeholders.add({ content: value });
    }
    if (Array.isArray(value)) return value.map((item) => this.#disarm(item, placeholders));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.#disarm(key, placeholders), this.#disarm(item, placeholders)]),
    );
  }
}

interface Text {
  content: Content;
}

const MARKS = /[\uE000\uE001]/;

/** Characters from the private use area mark where a text goes; the text itself never reaches the template. */
class Placeholders {
  readonly #texts: Text[] = [];

  add(text: Text): string {
    return `\uE000${this.#texts.push(text) - 1}\uE001`;
  }

  split(rendered: string): (string | Text)[] {
    return rendered
      .split(/\uE000(\d+)\uE001/)
      .map((part, index) => (index % 2 === 0 ? part : this.#texts[Number(part)]!))
      .filter((part) => part !== '');
  }
}

/** Tokenizers of the kinds LLaMA models have; `test/fixtures/tokenizers/make.py` made them and what to expect of them. */
import { readFileSync } from 'node:fs';
import { ModelTokenizer } from '#dist/src/text/tokenizer.js';

export interface Expected {
  text: string;
  /** By PyPI's `tokenizers`, with no added tokens. */
  ids: number[];
  decoded: string;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/tokenizers/${name}.json`, import.meta.url), 'utf8'));
}

export function fixture(name: 'byte-level' | 'sentence-piece' | 'unigram') {
  const file = read(name) as { added_tokens: { content: string; id: number }[] };
  return {
    file,
    tokenizer: new ModelTokenizer(file, {}),
    expected: read(`${name}.expected`) as Expected[],
    controls: file.added_tokens.map(({ content }) => content),
  };
}

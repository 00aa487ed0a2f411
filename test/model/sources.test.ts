import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convert } from '#dist/model/convert.js';
import { sentencePieceJson } from '#dist/model/read/sentencepiece.js';
import { openSource } from '#dist/model/read/source.js';
import { ReferenceLlama } from '../reference/llama.js';
import { Llama2cTokenizer } from '../reference/llama2c-tokenizer.js';
import { readTensors } from '../reference/random-model.js';
import { openGraphs } from '../reference/sessions.js';
import { temporaryDirectory } from './temporary-directory.js';

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), '../fixtures');
const STORIES = join(FIXTURES, 'stories260K');

describe.each(['hf-f32', 'hf-f16', 'hf-bf16'])('%s, written by Python safetensors', (name) => {
  const source = join(FIXTURES, name);

  test('gives the logits of transformers through the oracle', async () => {
    const { tokens, logits } = await readJson(join(source, 'expected.json'));
    const weights = await openSource(source);
    const oracle = new ReferenceLlama(weights.config, weights.rope, await readTensors(weights));
    await weights.close();
    for (const [i, token] of tokens.entries()) expect(distance(oracle.step(token), logits[i])).toBeLessThan(1e-4);
  });

  test('gives the logits of transformers through both graphs', async () => {
    await using directory = await temporaryDirectory();
    const { tokens, logits } = await readJson(join(source, 'expected.json'));
    await convert({ source, directory: directory.path, dtype: name === 'hf-f16' ? 'f16' : 'f32', overwrite: true });
    for (const session of Object.values(await openGraphs(directory.path))) {
      const got = await session.step(tokens);
      await session.release();
      for (const i of tokens.keys()) expect(distance(got[i]!, logits[i])).toBeLessThan(1e-3);
    }
  });
});

describe('stories260K, real weights of llama2.c', () => {
  test.each(['standard', 'rows'] as const)(
    'writes the expected tokens and text, greedily (%s graph)',
    async (graph) => {
      await using directory = await temporaryDirectory();
      await convert({ source: STORIES, directory: directory.path, dtype: 'f32', overwrite: true });
      const [expected] = (await readJson(join(STORIES, 'expected.json'))).greedy;
      const graphs = await openGraphs(directory.path);
      const tokens: number[] = [...expected.prompt_tokens];
      let [logits] = await graphs[graph].step(tokens, 1);
      expect(distance(logits!, expected.first_logits)).toBeLessThan(1e-3);
      while (tokens.length < expected.tokens.length) {
        tokens.push(logits!.indexOf(Math.max(...logits!)));
        [logits] = await graphs[graph].step(tokens.slice(-1));
      }
      for (const session of Object.values(graphs)) await session.release();
      expect(tokens).toEqual(expected.tokens);
      const tokenizer = new Tokenizer(...(await tokenizerFiles(directory.path)));
      const text = tokenizer.decode(tokens, { skip_special_tokens: true, clean_up_tokenization_spaces: false });
      expect(text).toBe(expected.text);
    },
  );

  test('has a tokenizer that encodes as llama2.c does', async () => {
    const source = await openSource(STORIES);
    await source.close();
    const json = (name: string) => JSON.parse(source.files.get(name)!);
    const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
    const reference = new Llama2cTokenizer(await readFile(join(STORIES, 'tokenizer.bin')), 512);
    const word = fc.constantFrom(
      ...'Once upon a time there was Lily and "Tim"\n they’ll 가나 🦜 €é\t'.split(/(?<= )/),
      'a',
      ' ',
      '\n',
      '  ',
    );
    const text = fc.oneof(
      fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join('')),
      fc.string({ unit: 'binary', minLength: 1 }),
    );
    fc.assert(
      fc.property(
        text.filter((text) => text.isWellFormed() && !/<(unk|s|\/s)>/.test(text)),
        (text) => {
          expect(tokenizer.encode(text, { add_special_tokens: true }).ids).toEqual(reference.encode(text));
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('a piece of a tokenizer.bin that is a byte order mark stays one', () => {
  const pieces = ['<unk>', '<s>', '</s>', 'a', '\ufeff'].map((text, id) => {
    const bytes = Buffer.from(text);
    const header = Buffer.alloc(8);
    header.writeFloatLE(-id, 0);
    header.writeInt32LE(bytes.length, 4);
    return Buffer.concat([header, bytes]);
  });
  const json = sentencePieceJson(Buffer.concat([Buffer.alloc(4), ...pieces]), 5, 'tokenizer.bin');
  expect(json).toHaveProperty('model.vocab', { '<unk>': 0, '<s>': 1, '</s>': 2, a: 3, '\ufeff': 4 });
});

async function tokenizerFiles(directory: string): Promise<[object, object]> {
  return [await readJson(join(directory, 'tokenizer.json')), await readJson(join(directory, 'tokenizer_config.json'))];
}

async function readJson(path: string) {
  return JSON.parse(await readFile(path, 'utf8'));
}

function distance(a: number[], b: number[]): number {
  return Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));
}

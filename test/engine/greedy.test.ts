import { afterEach, describe, expect, test } from 'vitest';
import type { Engine } from '#dist/src/engine/engine.js';
import { OnnxEngine } from '#dist/src/engine/onnx/client.js';
import { readModelDirectory } from '#dist/src/model-directory.js';
import { StreamingDetokenizer } from '#dist/src/text/detokenizer.js';
import { ModelTokenizer } from '#dist/src/text/tokenizer.js';
import { greedy } from '../helpers/greedy.js';
import { BOS, convertStories, type Graph, golden, goldenIds } from '../helpers/stories.js';

const stories = await convertStories();
let engine: Engine;
afterEach(() => engine.close());

describe.each(['thread', 'process'] as const)('in a %s', (isolation) => {
  test.each<Graph>(['rows', 'standard'])('real weights write the golden text through the %s graph', async (graph) => {
    engine = await OnnxEngine.load(stories.options(graph), isolation);
    const sequence = await engine.open();
    const ids = await greedy(sequence, [BOS], goldenIds.length);
    expect(ids).toEqual(goldenIds);
    expect(await textOf(ids)).toBe(` ${golden.text}`); // SentencePiece begins every text with a space
    expect(sequence.length).toBe(goldenIds.length);
    expect(sequence.evaluatedTokens).toBe(goldenIds.length);
  });
});

test('the golden text is the same when its beginning is read as one prompt', async () => {
  engine = await OnnxEngine.load(stories.options());
  const sequence = await engine.open();
  const ids = await greedy(sequence, golden.tokens.slice(0, 150), 70);
  expect(ids).toEqual(golden.tokens.slice(150, 220));
});

async function textOf(ids: readonly number[]): Promise<string> {
  const { tokenizer, tokenizerConfig } = await readModelDirectory(stories.directory);
  const detokenizer = new StreamingDetokenizer(new ModelTokenizer(tokenizer, tokenizerConfig));
  return ids.map((id) => detokenizer.push(id)).join('');
}

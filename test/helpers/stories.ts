/** The stories260K weights, a real LLaMA of 260 thousand parameters, converted when a test asks for them. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { convert } from '#dist/model/convert.js';
import type { SessionOptions } from '#dist/src/engine/onnx/protocol.js';

const fixture = fileURLToPath(new URL('../fixtures/stories260K/', import.meta.url));

/** What any right port gives for greedy decoding from the first token: ids (the first one included) and their text. */
export const golden = (
  JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8')) as { greedy: { tokens: number[]; text: string }[] }
).greedy[0]!;

/** Ids of the golden text without the one it starts from. */
export const goldenIds = golden.tokens.slice(1);

export const BOS = golden.tokens[0]!;
export const VOCABULARY = 512;
export const CONTEXT = 512;

export type Graph = 'rows' | 'standard';

export interface Stories {
  directory: string;
  options(graph?: Graph, device?: string): SessionOptions;
}

/** Converts into a folder of its own that goes when the test file is done. */
export async function convertStories(dtype: 'f32' | 'q4' = 'f32'): Promise<Stories> {
  const parent = await mkdtemp(join(tmpdir(), 'toolformer-stories-'));
  afterAll(() => rm(parent, { recursive: true, force: true }));
  const directory = join(parent, 'model');
  await convert({ source: fixture, directory, dtype });
  return {
    directory,
    options: (graph = 'rows', device = 'cpu') => ({
      model: 'stories260K',
      graph: join(directory, graph === 'rows' ? 'model.rows.onnx' : 'model.onnx'),
      device,
      dtype,
      contextLength: CONTEXT,
      vocabularySize: VOCABULARY,
      layers: 5,
      kvHeads: 4,
      headSize: 8,
      threads: 1,
    }),
  };
}

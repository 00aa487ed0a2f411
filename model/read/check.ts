/** Whether a source holds the LLaMA that its config describes, and a tokenizer that fits, before any weight is read. */
import { layOut } from '../weights/layout.js';
import type { WeightSource } from './source.js';

/** @throws {Error} in one line naming the first tensor that is missing, misshapen or unknown, or the tokenizer. */
export function checkTensors(source: WeightSource): void {
  const expected = expectedShapes(source);
  for (const [name, shape] of expected) {
    const info = source.tensors.get(name);
    if (!info) throw new Error(`The weights lack the tensor ${name} (${shape.join('×')})`);
    if (info.shape.join() !== shape.join()) {
      throw new Error(
        `${info.file}: the tensor ${name} has the shape ${info.shape.join('×')}; config.json asks for ${shape.join('×')}`,
      );
    }
  }
  for (const [name, { file }] of source.tensors) {
    const isIgnored = name.endsWith('rotary_emb.inv_freq') || (name === 'lm_head.weight' && source.config.tied);
    if (!expected.has(name) && !isIgnored) throw new Error(`${file}: the tensor ${name} has no place in this LLaMA`);
  }
  checkTokenizer(source);
}

function expectedShapes({ config }: WeightSource): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  for (const { rows, columns, source } of layOut(config, 'f32', 32).entries.values()) {
    if (typeof source === 'string') continue;
    for (const { tensor, to } of source) {
      const [known = 0] = shapes.get(tensor) ?? [];
      shapes.set(tensor, rows === 1 ? [columns] : [Math.max(known, to), columns]);
    }
  }
  return shapes;
}

function checkTokenizer({ config, files }: WeightSource): void {
  const largest = largestId(files.get('tokenizer.json')!);
  if (largest >= config.vocabularySize) {
    throw new Error(
      `tokenizer.json has the token id ${largest}, but the model's vocabulary has only ${config.vocabularySize} tokens`,
    );
  }
}

function largestId(text: string): number {
  try {
    const json = JSON.parse(text);
    const ids = [...Object.values(json.model.vocab), ...(json.added_tokens ?? []).map(({ id }: { id: unknown }) => id)];
    return ids.reduce<number>((largest, id) => {
      if (typeof id !== 'number') throw new Error(`an id is ${typeof id}`);
      return Math.max(largest, id);
    }, -1);
  } catch (error) {
    throw new Error(`tokenizer.json is not a tokenizer that can be read: ${(error as Error).message}`);
  }
}

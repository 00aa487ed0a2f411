import { describe, expect, test } from 'vitest';
import { inlineFormat } from '#dist/src/calls/inline.js';
import { NameMasks } from '#dist/src/calls/name-masks.js';
import { ByteTokenizer, ScriptedEngine, scriptedModel } from '#dist/src/testing.js';
import type { Tokenizer } from '#dist/src/text/tokenizer.js';
import { scripted, spell } from '../agent/helpers.js';

const tokenizer = new ByteTokenizer();
const format = inlineFormat(tokenizer, [1])!;

describe('the inline format', () => {
  test.each([
    ['calculator(37*48)', 'calculator', '37*48'],
    ['calculator((1+2)*(3))', 'calculator', '(1+2)*(3)'],
    ['translator("a) b", fr)', 'translator', '"a) b", fr'],
    ['now()', 'now', ''],
    ['it(line\nbreak)', 'it', 'line\nbreak'],
  ])('reads %j', (written, name, argumentText) => {
    expect(format.parse(written)).toEqual({ name, argumentText });
    expect(format.toolName(written)).toBe(name);
  });

  test.each(['calculator', 'calculator(1', '(1)', 'calculator(1) ', ''])('cannot read %j', (written) => {
    expect(format.parse(written)).toBeUndefined();
  });

  test('writes an answered call as the model would', () => {
    expect(spell({ tokenizer }, format.encodeCall('add', '1, 2', '3'))).toBe('⟨call⟩add(1, 2)⟨result⟩3⟨end⟩');
  });

  test('bans every control token where it has no place', () => {
    expect(format.bannedInText).toHaveLength(14); // all but the opening and the end of the answer
    expect(format.bannedInText).not.toContain(tokenizer.controlId('<|call|>'));
    expect(format.bannedInCall).toHaveLength(15); // all but the closing
    expect(format.bannedInCall).toContain(1);
  });

  test('is not offered by a vocabulary without its marks', () => {
    const plain: Tokenizer = Object.assign(new ByteTokenizer(), { controlId: () => undefined });
    expect(inlineFormat(plain, [1])).toBeUndefined();
  });
});

describe('the mask of a name', () => {
  const masks = new NameMasks(tokenizer, '(');
  const allowed = (written: string, names: string[]) => {
    const mask = masks.after(written, names);
    if (mask === undefined) return undefined;
    const ids = Array.from({ length: tokenizer.vocabularySize }, (_, id) => id);
    return spell(
      { tokenizer },
      ids.filter((id) => (mask[id >>> 5]! >>> (id & 31)) & 1),
    );
  };

  test('allows what goes on to a tool that exists, and nothing else', () => {
    const names = ['add', 'all', 'stock'];
    expect(allowed('', names)).toBe('as');
    expect(allowed('a', names)).toBe('dl');
    expect(allowed('add', names)).toBe('(');
    expect(allowed('add(', names)).toBeUndefined();
  });

  test('lets the longer of two names be written, too', () => {
    expect(allowed('add', ['add', 'add_all'])).toBe('(_');
  });

  test('allows tokens that reach beyond the name', () => {
    const texts = ['add', 'add(', 'add(1', 'ad', 'adx', '(', ' add', '\uFFFD'];
    const wide: Tokenizer = Object.assign(new ByteTokenizer(), {
      vocabularySize: texts.length + 1,
      bytesOf: (id: number) => (id === texts.length ? Uint8Array.of(0xed, 0x95) : new TextEncoder().encode(texts[id])),
    });
    const mask = new NameMasks(wide, '(').after('', ['add'])!;
    expect(texts.filter((_, id) => (mask[0]! >>> id) & 1)).toEqual(['add', 'add(', 'add(1', 'ad']);
    expect(mask[0]! >>> texts.length).toBe(0);
  });
});

test('the scripted engine is a model that apps can test their tools with', async () => {
  const { agent, model } = await scripted(['We have<|call|>stock(A-17)<|result|>', ' pieces.']);
  expect(model.engine).toBeInstanceOf(ScriptedEngine);
  expect(agent.info).toMatchObject({ model: 'scripted', contextLength: 2048, vocabularySize: 272 });
  expect((await agent.generate('How many?')).calls).toMatchObject([{ toolName: 'stock', output: '12' }]);
  const sequence = await scriptedModel([]).engine.open();
  await expect(sequence.step(new Array(3000).fill(20), { temperature: 0, topK: 0, topP: 1, seed: 0 })).rejects.toThrow(
    RangeError,
  );
});

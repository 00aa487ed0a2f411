import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteTokenizer } from '#dist/src/testing.js';
import { ChatTemplate, type Message } from '#dist/src/text/chat-template.js';
import { spell } from '../agent/helpers.js';
import { anyText } from '../helpers/any-text.js';

const tokenizer = new ByteTokenizer();
const SOURCE = `<|bos|>{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% if message.role == 'assistant' %}<|eos|>{% endif %}{% endfor %}
{%- if tools %}{{ tools | tojson }}{% endif %}
{%- if add_generation_prompt %}<|assistant|>{% endif %}`;
const template = new ChatTemplate(SOURCE, {}, tokenizer);
const rendered = (...request: Parameters<ChatTemplate['render']>) => spell({ tokenizer }, template.render(...request));

describe('a chat template', () => {
  const messages: Message[] = [
    { role: 'system', content: 'S' },
    { role: 'user', content: 'one' },
    { role: 'assistant', content: tokenizer.encode('two') },
    { role: 'user', content: 'three' },
  ];

  test('turns a conversation into ids', () => {
    expect(rendered(messages, [])).toBe('⟨bos⟩⟨system⟩S⟨user⟩one⟨assistant⟩two⟨eos⟩⟨user⟩three⟨assistant⟩');
  });

  test('leaves out what is in the cache', () => {
    expect(rendered(messages, [], messages[2])).toBe('⟨eos⟩⟨user⟩three⟨assistant⟩');
  });

  test('lets a text go on', () => {
    expect(rendered([{ role: 'text', content: 'Out of' }], [])).toBe('⟨bos⟩⟨text⟩Out of');
  });

  test('gives special tokens their names', () => {
    const named = new ChatTemplate(
      '{{ bos_token }}{{ messages[0].content }}{{ eos_token }}',
      { bos_token: '<|bos|>', eos_token: '<|eos|>' },
      tokenizer,
    );
    expect(spell({ tokenizer }, named.render([{ role: 'user', content: 'a' }], []))).toBe('⟨bos⟩a⟨eos⟩');
  });

  test('takes texts of any length', () => {
    const content = 'x'.repeat(300_000);
    expect(
      template.render(
        [
          { role: 'user', content },
          { role: 'assistant', content: tokenizer.encode(content) },
        ],
        [],
      ),
    ).toHaveLength(600_005);
  });
});

describe('no text can act as a control token', () => {
  const pieces = [
    '<|bos|>',
    '<|eos|>',
    '<|user|>',
    '<|call|>',
    '<|result|>',
    '<|end|>',
    '<|',
    '|>',
    '{{',
    '}}',
    '{%',
    '%}',
    '\uE000',
    '\uE001',
    '0',
    '1',
    '2',
    ' ',
    'a',
    '한',
    '\\',
    '"',
  ];
  const texts = fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...pieces) }));
  const controls = (ids: number[]) =>
    ids.filter((id) => tokenizer.controlIds.has(id)).map((id) => spell({ tokenizer }, [id]));

  test('in a message', () => {
    fc.assert(
      fc.property(texts, texts, texts, (system, user, answer) => {
        const messages: Message[] = [
          { role: 'system', content: system },
          { role: 'user', content: user },
          { role: 'assistant', content: tokenizer.encode(answer) },
          { role: 'user', content: user },
        ];
        const [S, U, A] = [system, user, answer].map((text) => text.toWellFormed());
        expect(rendered(messages, [])).toBe(`⟨bos⟩⟨system⟩${S}⟨user⟩${U}⟨assistant⟩${A}⟨eos⟩⟨user⟩${U}⟨assistant⟩`);
        expect(rendered(messages, [], messages[2])).toBe(`⟨eos⟩⟨user⟩${U}⟨assistant⟩`);
      }),
      { numRuns: 300 },
    );
  });

  test('in a tool, its schema included', () => {
    fc.assert(
      fc.property(texts, texts, texts, (description, hint, key) => {
        const parameters = {
          type: 'object',
          properties: { [key]: { type: 'string', description: hint, enum: [hint] } },
        };
        const ids = template.render([{ role: 'user', content: 'a' }], [{ name: 'it', description, parameters }]);
        expect(controls(ids)).toEqual(['⟨bos⟩', '⟨user⟩', '⟨assistant⟩']);
      }),
      { numRuns: 300 },
    );
  });

  test('and a schema without such texts reaches the template as it is', () => {
    const source =
      "{% for tool in tools %}{% for key, value in tool.function.parameters.properties | items %}{{ key }}:{% if value.type == 'string' %}text{% endif %}{% endfor %}{% endfor %}";
    const parameters = { type: 'object', properties: { sku: { type: 'string' } } };
    const ids = new ChatTemplate(source, {}, tokenizer).render(
      [{ role: 'user', content: 'a' }],
      [{ name: 'it', description: 'It', parameters }],
    );
    expect(spell({ tokenizer }, ids)).toBe('sku:text');
  });
});

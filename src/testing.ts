/** What apps use to test their tools without a model: `toolformer/testing`. */
import { inlineFormat } from './calls/inline.js';
import type { LoadedModel } from './load-model.js';
import { ByteTokenizer } from './testing/byte-tokenizer.js';
import { ScriptedEngine } from './testing/scripted-engine.js';
import { ChatTemplate } from './text/chat-template.js';

export { ByteTokenizer } from './testing/byte-tokenizer.js';
export { ScriptedEngine } from './testing/scripted-engine.js';

/** The embedded model's prompt. */
const TEMPLATE = `<|bos|>
{%- if messages[0].role == 'system' %}<|system|>{{ messages[0].content }}{% endif %}
{%- if tools %}<|tools|>{% for tool in tools %}{{ tool.function.name }}({% for key in tool.function.parameters.required or tool.function.parameters.properties %}{{ key }}{% if not loop.last %}, {% endif %}{% endfor %}): {{ tool.function.description }}
{% endfor %}{% endif %}
{%- for message in messages %}
{%- if message.role != 'system' %}<|{{ message.role }}|>{{ message.content }}{% endif %}
{%- if message.role == 'assistant' %}<|eos|>{% endif %}
{%- endfor %}
{%- if add_generation_prompt %}<|assistant|>{% endif %}`;

/**
 * A model that says what the script says: one text for each time something enters from outside (a prompt, a result, a
 * step back). Calls are written with their marks: `'We have<|call|>stock(A-17)<|result|>'`, then `' 12 pieces.'`.
 * Pass it as `Toolformer.load({ model })`.
 */
export function scriptedModel(
  script: readonly string[],
  options: { contextLength?: number } = {},
): LoadedModel & { engine: ScriptedEngine } {
  const tokenizer = new ByteTokenizer();
  const eosId = tokenizer.controlId('<|eos|>')!;
  const engine = new ScriptedEngine({
    ...options,
    script: script.map((text) => encodeMarked(text, tokenizer)),
    vocabularySize: tokenizer.vocabularySize,
    eosId,
  });
  const template = new ChatTemplate(TEMPLATE, {}, tokenizer);
  return { engine, tokenizer, template, format: inlineFormat(tokenizer, [eosId])!, loadMs: 0 };
}

function encodeMarked(text: string, tokenizer: ByteTokenizer): number[] {
  return tokenizer.splitTemplate(text).flatMap((part) => (typeof part === 'string' ? tokenizer.encode(part) : part));
}

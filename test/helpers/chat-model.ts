/**
 * A model folder that the whole program accepts: the stories260K weights with a tokenizer that has control tokens and a
 * chat template. What it says means nothing, but it says it through everything a real answer goes through.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const CONTROL = ['bos', 'eos', 'system', 'tools', 'user', 'assistant', 'text', 'call', 'result', 'end'];
const FIRST_CONTROL_ID = 500; // the rarest characters of the vocabulary

const TEMPLATE = `<|bos|>{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}`;

/** Rewrites the tokenizer files of a converted folder. */
export async function giveChatTokens(directory: string): Promise<void> {
  const file = join(directory, 'tokenizer.json');
  const tokenizer = JSON.parse(await readFile(file, 'utf8')) as { added_tokens?: object[] };
  const added = CONTROL.map((name, index) => ({
    id: FIRST_CONTROL_ID + index,
    content: `<|${name}|>`,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }));
  await writeFile(file, JSON.stringify({ ...tokenizer, added_tokens: [...(tokenizer.added_tokens ?? []), ...added] }));
  const config = { bos_token: '<|bos|>', eos_token: '<|eos|>', chat_template: TEMPLATE };
  await writeFile(join(directory, 'tokenizer_config.json'), JSON.stringify(config));
  await writeFile(join(directory, 'generation_config.json'), JSON.stringify({ eos_token_id: FIRST_CONTROL_ID + 1 }));
}

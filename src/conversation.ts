/** Turns of a conversation and how they become ids. Knows the template; evaluates nothing. */
import { z } from 'zod';
import type { Tool } from '../tools/tool.js';
import { formatArguments } from './calls/arguments.js';
import { inputSchema } from './execute-call.js';
import type { LoadedModel } from './load-model.js';
import type { StreamPart, ToolErrorPart, ToolResultPart } from './parts.js';
import { errorResult } from './splice.js';
import type { Message } from './text/chat-template.js';
import { StreamingDetokenizer } from './text/detokenizer.js';
import type { Tokenizer } from './text/tokenizer.js';

const answerPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('call'),
    toolName: z.string(),
    /** The arguments as the model wrote them. */
    argumentText: z.string().optional(),
    input: z.record(z.string(), z.unknown()),
    result: z.string(),
  }),
]);
const turn = z.object({
  user: z.string(),
  answer: z.array(answerPart),
  /** The answer as the model said it: it may cut words otherwise than the tokenizer. Of use to a model with the same vocabulary. */
  ids: z.array(z.int().min(0)).optional(),
});

/** A conversation as plain JSON. */
export const conversationSchema = z.object({
  version: z.literal(1),
  system: z.string().optional(),
  turns: z.array(turn),
});
export type Conversation = z.infer<typeof conversationSchema>;
export type Turn = z.infer<typeof turn>;

/** @throws {TypeError} that names the first field that is no conversation's */
export function readConversation(json: unknown): Conversation {
  const parsed = conversationSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new TypeError(
    `Expected \`from\` to be what \`export\` gave; ${path.length > 0 ? `\`${path.join('.')}\`: ` : ''}${message}`,
  );
}

/** Collects the parts of an answer into what is kept of it. */
export class AnswerRecord {
  readonly #answer: Turn['answer'];
  #argumentText = '';

  constructor(answer: Turn['answer']) {
    this.#answer = answer;
  }

  add(part: StreamPart): void {
    const last = this.#answer.at(-1);
    if (part.type === 'text-delta') {
      if (last?.type === 'text') last.text += part.text;
      else this.#answer.push({ type: 'text', text: part.text });
    } else if (part.type === 'tool-input-start') {
      this.#argumentText = '';
    } else if (part.type === 'tool-input-delta') {
      this.#argumentText += part.delta;
    } else if (part.type === 'tool-result') {
      this.#addCall(part, part.output);
    } else if (part.type === 'tool-error' && typeof part.input === 'object') {
      this.#addCall(part, errorResult(part.error)); // a call that could not be read was taken back: its input is a text
    }
  }

  #addCall({ toolName, input }: ToolResultPart | ToolErrorPart, result: string): void {
    const argumentText = this.#argumentText;
    this.#answer.push({ type: 'call', toolName, argumentText, input: input as Record<string, unknown>, result });
  }
}

/** Messages for the chat template; answers are encoded with their calls. */
export function toMessages(conversation: Conversation, tools: readonly Tool[], model: LoadedModel): Message[] {
  const messages: Message[] = [];
  if (conversation.system) messages.push({ role: 'system', content: conversation.system });
  for (const turn of conversation.turns) {
    const content = encodeAnswer(turn, tools, model);
    messages.push({ role: 'user', content: turn.user }, { role: 'assistant', content });
  }
  return messages;
}

export function describeTools(tools: readonly Tool[]) {
  return tools.map((tool) => ({ name: tool.name, description: tool.description, parameters: inputSchema(tool) }));
}

function encodeAnswer(
  { answer, ids }: Turn,
  tools: readonly Tool[],
  { tokenizer, format }: LoadedModel,
): readonly number[] {
  const encoded = answer.flatMap((part) => {
    if (part.type === 'text') return tokenizer.encode(part.text);
    const tool = tools.find(({ name }) => name === part.toolName);
    const formatted = () => (tool ? formatArguments(part.input, inputSchema(tool)) : JSON.stringify(part.input));
    return format.encodeCall(part.toolName, part.argumentText ?? formatted(), part.result);
  });
  return ids !== undefined && spelled(ids, tokenizer) === spelled(encoded, tokenizer) ? ids : encoded;
}

/** What ids read as, however they cut the text. A lone surrogate, which no decoded text holds, marks those without a text. */
function spelled(ids: readonly number[], tokenizer: Tokenizer): string {
  const detokenizer = new StreamingDetokenizer(tokenizer);
  const pieces = ids.map((id) =>
    tokenizer.bytesOf(id) === undefined ? `${detokenizer.flush()}\uD800${id};` : detokenizer.push(id),
  );
  return pieces.join('') + detokenizer.flush();
}

/** Turns of a conversation and how they become ids. Knows the template; evaluates nothing. */
import { z } from 'zod';
import type { Tool } from '../tools/tool.js';
import { formatArguments } from './calls/arguments.js';
import { inputSchema } from './execute-call.js';
import type { LoadedModel } from './load-model.js';
import type { StreamPart } from './parts.js';
import type { Message } from './text/chat-template.js';

const answerPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('call'),
    toolName: z.string(),
    input: z.record(z.string(), z.unknown()),
    result: z.string(),
  }),
]);
const turn = z.object({ user: z.string(), answer: z.array(answerPart) });

/** A conversation as plain JSON. */
export const conversationSchema = z.object({
  version: z.literal(1),
  system: z.string().optional(),
  turns: z.array(turn),
});
export type Conversation = z.infer<typeof conversationSchema>;
export type Turn = z.infer<typeof turn>;

/** Collects the parts of an answer into what is kept of it. */
export function recordPart(answer: Turn['answer'], part: StreamPart): void {
  const last = answer.at(-1);
  if (part.type === 'text-delta') {
    if (last?.type === 'text') last.text += part.text;
    else answer.push({ type: 'text', text: part.text });
  } else if (part.type === 'tool-result') {
    answer.push({ type: 'call', toolName: part.toolName, input: toRecord(part.input), result: part.output });
  } else if (part.type === 'tool-error' && typeof part.input === 'object') {
    answer.push({ type: 'call', toolName: part.toolName, input: toRecord(part.input), result: `error: ${part.error}` });
  }
}

/** Messages for the chat template; answers are encoded with their calls. */
export function toMessages(conversation: Conversation, tools: readonly Tool[], model: LoadedModel): Message[] {
  const messages: Message[] = [];
  if (conversation.system) messages.push({ role: 'system', content: conversation.system });
  for (const { user, answer } of conversation.turns) {
    messages.push({ role: 'user', content: user }, { role: 'assistant', content: encodeAnswer(answer, tools, model) });
  }
  return messages;
}

export function describeTools(tools: readonly Tool[]) {
  return tools.map((tool) => ({ name: tool.name, description: tool.description, parameters: inputSchema(tool) }));
}

function encodeAnswer(answer: Turn['answer'], tools: readonly Tool[], { tokenizer, format }: LoadedModel): number[] {
  return answer.flatMap((part) => {
    if (part.type === 'text') return tokenizer.encode(part.text);
    const tool = tools.find(({ name }) => name === part.toolName);
    const argumentText = tool ? formatArguments(part.input, inputSchema(tool)) : JSON.stringify(part.input);
    return format.encodeCall(part.toolName, argumentText, part.result);
  });
}

function toRecord(input: unknown): Record<string, unknown> {
  return input as Record<string, unknown>;
}

/** Everything the package exports, used as an app would use it. Compiled against the packed tarball; `main` is run, too. */
import {
  type Answer,
  type AnswerCall,
  type AnswerOptions,
  type ApprovalHandler,
  type ApprovalRequest,
  type Chat,
  type ChatOptions,
  type Conversation,
  defineTool,
  type Engine,
  type EngineInfo,
  type FinishPart,
  type FinishReason,
  type LoadOptions,
  type Opening,
  type Sampling,
  type Scores,
  type Sequence,
  type Step,
  type StreamPart,
  type Timing,
  type TokenMask,
  type Tool,
  type ToolContext,
  type ToolDefinition,
  ToolError,
  type ToolErrorPart,
  type ToolExample,
  Toolformer,
  type ToolResultPart,
  type TurnOptions,
  type Usage,
} from 'toolformer';
import { ByteTokenizer, ScriptedEngine, scriptedModel } from 'toolformer/testing';
import {
  apertium,
  type CalendarOptions,
  calculator,
  calendar,
  defaultTools,
  google,
  libretranslate,
  ServiceError,
  type ToolOutput,
  type TranslationProvider,
  type TranslationRequest,
  type TranslatorOptions,
  translationProviders,
  translator,
} from 'toolformer/tools';
import { z } from 'zod';

const input = z.object({ sku: z.string() });
const definition: ToolDefinition<typeof input> = {
  name: 'stock',
  description: 'Pieces of an article in stock',
  input,
  examples: [{ text: 'We still have 12 of A-17.', before: '12', input: { sku: 'A-17' } }],
  timeoutMs: 1000,
  approval: 'ask',
  callThreshold: 0.5,
  prepare: async () => {},
  run: async ({ sku }, { signal }: ToolContext): Promise<ToolOutput> => {
    signal.throwIfAborted();
    if (sku.length > 10) throw new ToolError('there is no such article');
    return 12;
  },
};
const stock: Tool<typeof input> = defineTool(definition);
const example: ToolExample<{ sku: string }> | undefined = stock.examples[0];

const upperCase: TranslationProvider = {
  name: 'upper case',
  baseUrl: 'none',
  translate: async ({ text }: TranslationRequest) => {
    if (text === '') throw new ServiceError(400);
    return text.toUpperCase();
  },
};
const clock: CalendarOptions = { timeZone: 'Asia/Seoul', now: () => new Date(0) };
const service: TranslatorOptions = { provider: 'apertium', baseUrl: 'http://127.0.0.1:2737' };
const tools: Tool[] = [
  ...defaultTools({
    translator: { provider: upperCase },
    calendar: clock,
  }),
  stock,
];
const others = [calculator(), calendar(), translator(service)];
const providers = [apertium(), google(), libretranslate(), translationProviders.google()];

const script = ['We have<|call|>stock(A-17)<|result|>', ' 12 pieces.', 'You are welcome.', 'Hello.'];
const requests: ApprovalRequest[] = [];
const approve: ApprovalHandler = (request) => requests.push(request) > 0;

export async function main(): Promise<{ answer: Answer; parts: string[]; conversation: Conversation }> {
  const load: LoadOptions = { model: scriptedModel(script, { contextLength: 1024 }), tools, onNotice: () => {} };
  const options: AnswerOptions = { approve, maxTokens: 64, temperature: 0, topK: 0, topP: 1, seed: 1, mode: 'chat' };
  await using agent = await Toolformer.load(load);
  const info: EngineInfo = agent.info;

  const answer: Answer = await agent.generate('How many A-17 do we have?', options);
  const call: AnswerCall | undefined = answer.calls[0];
  const usage: Usage = answer.usage;
  const timing: Timing = answer.timing;

  const parts: string[] = [];
  for await (const part of agent.stream('Thank you.', { signal: new AbortController().signal, maxCalls: 1 })) {
    parts.push(describe(part));
  }

  const turnOptions: TurnOptions = { maxTokens: 8 };
  const chatOptions: ChatOptions = { system: 'Be brief.' };
  const chat: Chat = agent.chat(chatOptions);
  await chat.send('Hello.', turnOptions);
  const conversation: Conversation = chat.export();
  agent.chat({ from: JSON.parse(JSON.stringify(conversation)) });
  await chat.close();
  void [info.device, call?.output, usage.evaluatedTokens, timing.firstTokenMs];
  return { answer, parts, conversation };
}

/** Every part, told apart by its literal field. */
function describe(part: StreamPart): string {
  switch (part.type) {
    case 'text-delta':
      return part.text;
    case 'tool-input-start':
      return part.toolName;
    case 'tool-input-delta':
      return part.delta;
    case 'tool-call':
    case 'tool-approval-request':
      return `${part.toolName}(${JSON.stringify(part.input)})`;
    case 'tool-result':
      return outcome(part);
    case 'tool-error':
      return outcome(part);
    case 'context-trim':
      return `${part.droppedTurns}`;
    case 'finish':
      return reason(part);
  }
}

function outcome(part: ToolResultPart | ToolErrorPart): string {
  return part.type === 'tool-result' ? part.output : part.error;
}

function reason({ finishReason }: FinishPart): FinishReason {
  return finishReason;
}

/** An engine of one's own needs nothing but these types. */
export class OwnSequence implements Sequence {
  readonly length = 0;
  readonly evaluatedTokens = 0;
  async step(_tokens: readonly number[], sampling: Sampling): Promise<Step> {
    const opening: Opening | undefined = sampling.opening;
    const mask: TokenMask | undefined = sampling.mask;
    return { token: mask?.[0] ?? 0, logprob: 0, opened: opening && 'rank' };
  }
  async truncate(): Promise<void> {}
  async fork(): Promise<Sequence> {
    return this;
  }
  async score(): Promise<Scores> {
    return { tokens: new Float32Array(), ids: [] };
  }
  async close(): Promise<void> {}
}

const tokenizer = new ByteTokenizer();
export const engine: Engine = new ScriptedEngine({ script: [[1]], vocabularySize: tokenizer.vocabularySize, eosId: 1 });
export const unused = { example, others, providers };

/** The loop of one answer: step, scan, execute, splice. Knows contexts, formats and tools; no models, no chats. */
import type { Tool } from '../tools/tool.js';
import { AnsweredCalls } from './answered-calls.js';
import type { ApprovalHandler } from './approval.js';
import type { CallFormat } from './calls/format.js';
import type { Context } from './context.js';
import type { Sampling } from './engine/engine.js';
import { type Outcome, type ReadableCall, readCall } from './execute-call.js';
import { Meter } from './meter.js';
import { OpenCall } from './open-call.js';
import type { FinishReason, StreamPart } from './parts.js';
import { CallScanner } from './scanner.js';
import { encodeResult, errorResult } from './splice.js';
import type { Tokenizer } from './text/tokenizer.js';

export interface RunOptions {
  tools: readonly Tool[];
  sampling: Pick<Sampling, 'temperature' | 'topK' | 'topP' | 'seed'>;
  maxTokens: number;
  maxCalls: number;
  callTopK: number;
  callThreshold: number;
  contextLength: number;
  loadMs: number;
  approve: ApprovalHandler;
  signal: AbortSignal;
}

/** A call that has not been closed by then is malformed. */
const LONGEST_CALL = 256; // tokens

/** Goes on from a context to which a prompt has been appended. What was said stays in it, whatever ends the answer. */
export async function* run(
  context: Context,
  tokenizer: Tokenizer,
  format: CallFormat,
  options: RunOptions,
): AsyncGenerator<StreamPart, void> {
  const { tools, signal } = options;
  const meter = new Meter(context, options.loadMs);
  const scanner = new CallScanner(format, tokenizer);
  const answered = new AnsweredCalls(options.approve);
  let call: OpenCall | undefined; // being written or run
  let calls = 0;
  let mayOpen = true;
  let finishReason: FinishReason = 'length';
  try {
    while (meter.outputTokens < options.maxTokens && context.length <= options.contextLength) {
      const canCall = mayOpen && tools.length > 0 && calls < options.maxCalls && !answered.isRepeating;
      const sampling = call
        ? inCall(format, call.allowed(tools), call.written, options)
        : inText(format, canCall, options);
      const step = await context.step(sampling, signal);
      meter.sampled();
      mayOpen = true;
      const event = scanner.push(step.token);
      if (event.type !== 'stop') context.append([step.token]); // before anything is told: a reader may leave at any part
      if (event.type === 'call-start') {
        call = new OpenCall(format, context.length - 1, meter.outputTokens - 1, step, options.callThreshold);
        calls++;
      }
      if ((event.type === 'text' || event.type === 'stop') && event.text !== '') {
        yield { type: 'text-delta', text: event.text };
      }
      if (event.type === 'stop') {
        finishReason = 'stop';
        break;
      }
      if (event.type === 'call-delta') {
        yield* call!.write(event.text);
      } else if (event.type === 'call-end') {
        const readable = await readCall(event.written, format, tools, signal);
        if ('error' in readable) yield* takeBack(readable.error);
        else if (answered.isThird(readable)) yield* takeBack('the same call was answered twice already');
        else yield* splice(readable);
      }
      if (call !== undefined && isTooLong(call)) yield* takeBack('the call was not closed');
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    finishReason = 'aborted';
  } finally {
    if (call !== undefined) {
      meter.takenBack(context.length - call.start, call.outputBefore);
      await context.truncate(call.start); // half a call would mislead what follows
    }
  }
  yield { type: 'finish', finishReason, usage: meter.usage, timing: meter.timing };

  function isTooLong({ start }: OpenCall): boolean {
    const isOver = meter.outputTokens >= options.maxTokens || context.length > options.contextLength;
    return isOver || context.length - start > LONGEST_CALL;
  }

  /** Takes a malformed call back: one position before it is stepped again, with the opening banned. */
  async function* takeBack(error: string): AsyncGenerator<StreamPart, void> {
    const { id, start, written, outputBefore } = call!;
    yield { type: 'tool-error', toolCallId: id, toolName: format.toolName(written) ?? '', input: written, error };
    meter.takenBack(context.length - start, outputBefore);
    await context.truncate(start);
    await context.stepBack();
    scanner.abandonCall();
    mayOpen = false;
    call = undefined;
  }

  /** Runs the call and puts the result's tokens, and only them, behind it. */
  async function* splice(readable: ReadableCall): AsyncGenerator<StreamPart, void> {
    const toolCallId = call!.id;
    const toolName = readable.tool.name;
    const { input } = readable;
    yield { type: 'tool-call', toolCallId, toolName, input };
    const start = performance.now();
    const outcome: Outcome = yield* answered.answer(readable, toolCallId, signal);
    const durationMs = performance.now() - start;
    meter.toolMs += durationMs;
    signal.throwIfAborted();
    const failed = 'error' in outcome;
    const text = failed ? errorResult(outcome.error) : outcome.output;
    const result = encodeResult(text, format, options.contextLength);
    context.append(result.ids);
    meter.spliced(result.ids.length);
    call = undefined;
    if (failed) yield { type: 'tool-error', toolCallId, toolName, input, error: outcome.error };
    else yield { type: 'tool-result', toolCallId, toolName, input, output: result.text, durationMs };
  }
}

function inText(
  format: CallFormat,
  canCall: boolean,
  { sampling, callTopK, callThreshold, tools }: RunOptions,
): Sampling {
  const threshold = Math.min(callThreshold, ...tools.map((tool) => tool.callThreshold ?? callThreshold));
  const opening = { ids: format.openingIds, topK: canCall ? callTopK : 0, threshold };
  return { ...sampling, banned: format.bannedInText, opening };
}

function inCall(format: CallFormat, tools: readonly Tool[], written: string, { sampling }: RunOptions): Sampling {
  const names = tools.map(({ name }) => name);
  const mask = format.mask(written, names);
  return { ...sampling, banned: format.bannedInCall, ...(mask && { mask }) };
}

/** Runs the calls of one answer and remembers them: one that was answered is not run again. One that failed is. */
import type { ApprovalHandler } from './approval.js';
import { executeCall, type Outcome, type ReadableCall } from './execute-call.js';
import { orAborted } from './interruptible.js';
import type { StreamPart } from './parts.js';

export class AnsweredCalls {
  readonly #approve: ApprovalHandler;
  readonly #outcomes = new Map<string, { outcome: Outcome; times: number }>();
  /** The model goes round in circles: nothing may open any more. */
  isRepeating = false;

  constructor(approve: ApprovalHandler) {
    this.#approve = approve;
  }

  isThird(call: ReadableCall): boolean {
    if ((this.#outcomes.get(keyOf(call))?.times ?? 0) < 2) return false;
    this.isRepeating = true;
    return true;
  }

  async *answer(call: ReadableCall, toolCallId: string, signal: AbortSignal): AsyncGenerator<StreamPart, Outcome> {
    const known = this.#outcomes.get(keyOf(call));
    const times = (known?.times ?? 0) + 1;
    if (known !== undefined && 'output' in known.outcome) {
      known.times = times;
      return known.outcome;
    }
    const outcome = (yield* this.#isAllowed(call, toolCallId, signal))
      ? await executeCall(call, signal)
      : { error: 'the user did not allow it' };
    this.#outcomes.set(keyOf(call), { outcome, times });
    return outcome;
  }

  async *#isAllowed(
    { tool, input }: ReadableCall,
    toolCallId: string,
    signal: AbortSignal,
  ): AsyncGenerator<StreamPart, boolean> {
    if (tool.approval === 'never') return true;
    const request = { type: 'tool-approval-request' as const, toolCallId, toolName: tool.name, input };
    yield request;
    return orAborted(Promise.resolve(this.#approve(request)), signal);
  }
}

function keyOf({ tool, input }: ReadableCall): string {
  return `${tool.name}(${JSON.stringify(input)})`;
}

/** A call while it is being written. */
import type { Tool } from '../tools/tool.js';
import type { CallFormat } from './calls/format.js';
import type { Step } from './engine/engine.js';
import type { StreamPart } from './parts.js';

export class OpenCall {
  /** Unique within a conversation. */
  readonly id: string;
  /** Position of the opening id. */
  readonly start: number;
  /** Sampled tokens that stand before it. */
  readonly outputBefore: number;
  written = '';
  readonly #format: CallFormat;
  readonly #step: Step;
  readonly #threshold: number;
  #isAnnounced = false;
  #told = 0; // characters of the arguments

  /** @param step that sampled the opening id */
  constructor(format: CallFormat, start: number, outputBefore: number, step: Step, threshold: number) {
    this.#format = format;
    this.id = `call-${start}`;
    this.start = start;
    this.outputBefore = outputBefore;
    this.#step = step;
    this.#threshold = threshold;
  }

  /**
   * The tools that may be named: one with a threshold of its own where the opening's probability exceeds it, the others
   * where the runtime's own rule opened the call.
   */
  allowed(tools: readonly Tool[]): readonly Tool[] {
    const { logprob, opened } = this.#step;
    const probability = Math.exp(logprob);
    const allowed = tools.filter(({ callThreshold }) =>
      callThreshold === undefined ? opened === 'rank' || probability > this.#threshold : probability > callThreshold,
    );
    return allowed.length > 0 ? allowed : tools;
  }

  /** Tells of the call as it grows: first the tool's name, then its arguments piece by piece. */
  *write(text: string): Generator<StreamPart, void> {
    this.written += text;
    const toolName = this.#format.toolName(this.written);
    if (toolName === undefined) return;
    if (!this.#isAnnounced) {
      this.#isAnnounced = true;
      yield { type: 'tool-input-start', toolCallId: this.id, toolName };
    }
    const written = this.written.slice(toolName.length + 1).replace(/\)$/, ''); // the last one may be the call's own
    const delta = written.slice(this.#told);
    this.#told = written.length;
    if (delta !== '') yield { type: 'tool-input-delta', toolCallId: this.id, delta };
  }
}

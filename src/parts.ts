/** What a stream is made of: plain objects, named as in the AI SDK's full stream. */

export type StreamPart =
  | { type: 'text-delta'; text: string }
  | { type: 'tool-input-start'; toolCallId: string; toolName: string }
  /** A further piece of what stands between the call's parentheses. */
  | { type: 'tool-input-delta'; toolCallId: string; delta: string }
  | { type: 'tool-call'; toolCallId: string; toolName: string; input: unknown }
  | ToolResultPart
  | ToolErrorPart
  | { type: 'tool-approval-request'; toolCallId: string; toolName: string; input: unknown }
  | { type: 'context-trim'; droppedTurns: number; droppedTokens: number }
  | FinishPart;

export interface ToolResultPart {
  type: 'tool-result';
  toolCallId: string;
  toolName: string;
  input: unknown;
  /** The text that was spliced into the context; the beginning of a result that is too long (see `ToolOutput`). */
  output: string;
  /** With the wait for approval. */
  durationMs: number;
}

/** A call that failed, or that could not be read (then nothing of it stays in the context). */
export interface ToolErrorPart {
  type: 'tool-error';
  toolCallId: string;
  toolName: string;
  /** What the tool got; of a call that could not be read the text, as it was written. */
  input: unknown;
  error: string;
}

export interface FinishPart {
  type: 'finish';
  finishReason: FinishReason;
  usage: Usage;
  timing: Timing;
}

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'aborted';

/** evaluated = prompt - cached + output + spliced + rolled back, the last sampled token aside; less where an abort cut a prompt or result short. */
export interface Usage {
  /** Positions of the prompt, with the conversation before it. */
  promptTokens: number;
  /** Those of the prompt that were in the cache already. */
  cachedTokens: number;
  /** Sampled tokens that stayed. */
  outputTokens: number;
  /** Tokens of results that went through the model. */
  splicedTokens: number;
  /** Positions of calls that were taken back. */
  rolledBackTokens: number;
  /** Counted where tensors are fed to the session, from their shapes. */
  evaluatedTokens: number;
}

export interface Timing {
  /** How long the model took to load; 0 where it was loaded before. */
  loadMs: number;
  firstTokenMs: number;
  /** Sampled tokens per second after the first, the time in tools aside. */
  tokensPerSecond: number;
  /** With the waits for approval. */
  toolMs: number;
}

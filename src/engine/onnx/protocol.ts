/** What the client and the session's thread or process say to each other. Plain data that survives a structured clone. */
import type { EngineInfo, Sampling, Scores, Step } from '../engine.js';

/** Everything the session needs to open a model; the reading of config files is done before. */
export interface SessionOptions {
  /** Shown in messages and in `EngineInfo`. */
  model: string;
  /** Path of the ONNX graph; its external weights lie beside it. */
  graph: string;
  device: string;
  dtype: string;
  contextLength: number;
  vocabularySize: number;
  layers: number;
  kvHeads: number;
  headSize: number;
  /** Threads of the CPU provider; 0 lets the runtime choose. */
  threads: number;
}

export type Request =
  | { kind: 'load'; options: SessionOptions }
  | { kind: 'open' }
  | { kind: 'step'; sequence: number; tokens: readonly number[]; sampling: Sampling }
  | { kind: 'truncate'; sequence: number; length: number }
  | { kind: 'fork'; sequence: number; length: number | undefined }
  | { kind: 'score'; sequence: number; tokens: readonly number[]; ids: readonly number[] }
  | { kind: 'closeSequence'; sequence: number }
  | { kind: 'close' };

/** What each request is answered with. Replies about a sequence carry its state, so that the client's view never lags. */
export interface Answers {
  load: EngineInfo;
  open: SequenceState;
  step: SequenceState & { step: Step };
  truncate: SequenceState;
  fork: SequenceState;
  score: SequenceState & { scores: Scores };
  closeSequence: undefined;
  close: undefined;
}

export interface SequenceState {
  sequence: number;
  length: number;
  evaluatedTokens: number;
}

export type ToHost = { id: number; request: Request } | { cancel: number };

export type ToClient =
  | { id: number; answer: Answers[keyof Answers] }
  | { id: number; error: SerializedError; state?: SequenceState };

export interface SerializedError {
  name: string;
  message: string;
}

/** A two-way channel of messages: a worker's port or a child process. */
export interface Port<Outgoing, Incoming> {
  send(message: Outgoing): void;
  receive(handler: (message: Incoming) => void): void;
  close(): void;
}

/** What a model is to the rest of the program: token ids in, the next token id out. Knows numbers; no text, no tools. */

/** A loaded model. Several sequences may be open at once; they share the weights. */
export interface Engine {
  readonly info: EngineInfo;
  open(): Promise<Sequence>;
  close(): Promise<void>;
}

export interface EngineInfo {
  /** Where the model came from: a directory, a hub id or `embedded`. */
  model: string;
  /** The execution provider in use, e.g. `cpu` or `webgpu`. */
  device: string;
  /** How the weights are stored: `q4`, `q8`, `f16`, `f32`, or `unknown` for an export that does not say. */
  dtype: string;
  /** Positions that fit into one sequence. */
  contextLength: number;
  vocabularySize: number;
}

/**
 * One context with its key-value cache. Calls on a sequence are answered in the order in which they are made.
 * Prompt, sampled token and tool result all enter through `step`.
 */
export interface Sequence {
  /** Positions in the cache. */
  readonly length: number;
  /** Positions evaluated so far, counted where tensors are fed to the session, from their shapes. */
  readonly evaluatedTokens: number;
  /**
   * Evaluates these tokens and no others, in chunks, then samples the next. The sampled token is not yet in the cache.
   * @throws {RangeError} where the context is full; the cache is then as it was.
   * @throws the signal's reason where it is aborted: the cache then holds the chunks that were finished.
   */
  step(tokens: readonly number[], sampling: Sampling, signal?: AbortSignal): Promise<Step>;
  /** Forgets everything from position `length` on. */
  truncate(length: number): Promise<void>;
  /** A second sequence with the same first positions (all of them by default). */
  fork(length?: number): Promise<Sequence>;
  /** Log-probability of each token after those before it, and of `ids` at each of the positions; the cache is left as it was. */
  score(tokens: readonly number[], ids?: readonly number[]): Promise<Scores>;
  close(): Promise<void>;
}

export interface Sampling {
  /** 0 is greedy. */
  temperature: number;
  /** Only the K most likely tokens are drawn from; 0 keeps all. */
  topK: number;
  /** Only the smallest set of tokens with at least this much probability is drawn from; 1 keeps all. */
  topP: number;
  /** Draws are a function of the seed and the position alone: the same seed gives the same text. */
  seed: number;
  /** Ids that must not be sampled. */
  banned?: readonly number[];
  /** When a call opens (Toolformer, section 4.2). Looks at the distribution before temperature. */
  opening?: Opening;
  mask?: TokenMask;
}

/** Opens a call when one of `ids` is among the `topK` most likely tokens, or their summed probability exceeds `threshold`. */
export interface Opening {
  ids: readonly number[];
  /** 0 bans the ids. */
  topK: number;
  /** From 0 to 1; 1 or more never triggers. */
  threshold: number;
}

/** Bit `id & 31` of word `id >>> 5` says whether the id may be sampled. Holds `ceil(vocabularySize / 32)` words. */
export type TokenMask = Uint32Array;

export interface Step {
  /** The sampled id. */
  token: number;
  /** Its natural-log probability under the model, before temperature and masks. */
  logprob: number;
  /** Which half of the opening rule chose it, if one did: its rank comes first. */
  opened: 'rank' | 'threshold' | undefined;
}

export interface Scores {
  /** Natural-log probability of `tokens[i]` given everything before it. The first of an empty sequence has none: NaN. */
  tokens: Float32Array; // [token]
  /** Natural-log probabilities of `ids` in place of `tokens[i]`. */
  ids: Float32Array[]; // [token][id]
}

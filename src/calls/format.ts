/** What a call format is: how a model spells a call, and how a result is spliced in after it. */
import type { TokenMask } from '../engine/engine.js';

export interface CallFormat {
  /** Ids whose sampling begins a call. */
  readonly openingIds: readonly number[];
  /** Ids that end an answer. */
  readonly stopIds: readonly number[];
  /** The id that closes a call; the result follows it. */
  readonly closingId: number;
  /** Control ids that have no place in text. */
  readonly bannedInText: readonly number[];
  /** Control ids that have no place inside a call. */
  readonly bannedInCall: readonly number[];
  /** Ids that may follow inside a call that so far reads `written`; undefined where anything may. */
  mask(written: string, toolNames: readonly string[]): TokenMask | undefined;
  /** The tool's name once it is complete. */
  toolName(written: string): string | undefined;
  /** A closed call's name and the text of its arguments, or undefined where it cannot be read. */
  parse(written: string): { name: string; argumentText: string } | undefined;
  /** Ids that follow the closing id: the result and what ends it. */
  encodeResult(result: string): number[];
  /** A whole answered call, from the opening id to the end of the result. */
  encodeCall(name: string, argumentText: string, result: string): number[];
}

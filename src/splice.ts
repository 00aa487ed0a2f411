/** A result's text to the ids that are spliced in, cut where it would crowd out the conversation. */
import type { CallFormat } from './calls/format.js';

/** At most this part of the context for one result. */
const LARGEST_SHARE = 0.25;

export function encodeResult(text: string, format: CallFormat, contextLength: number): { text: string; ids: number[] } {
  const limit = Math.floor(contextLength * LARGEST_SHARE);
  let shown = text;
  let ids = format.encodeResult(shown);
  while (ids.length > limit && shown.length > 2) {
    const kept = Math.floor((shown.length * limit) / ids.length) - 2;
    shown = `${shown.slice(0, Math.max(0, kept)).toWellFormed()} …`;
    ids = format.encodeResult(shown);
  }
  return { text: shown, ids };
}

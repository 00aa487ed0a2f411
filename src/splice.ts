/** A result's text to the ids that are spliced in, cut where it would crowd out the conversation. */
import type { CallFormat } from './calls/format.js';

/** At most this part of the context for one result. */
const LARGEST_SHARE = 0.25;

/** No text is denser than this: a page of a million characters need not be encoded to know that it is too long. */
export const MOST_CHARACTERS_A_TOKEN = 32;

export function encodeResult(text: string, format: CallFormat, contextLength: number): { text: string; ids: number[] } {
  const limit = Math.floor(contextLength * LARGEST_SHARE);
  const longest = limit * MOST_CHARACTERS_A_TOKEN;
  let shown = text.length > longest ? cut(text, longest) : text;
  let ids = format.encodeResult(shown);
  while (ids.length > limit && shown.length > 2) {
    shown = cut(shown, Math.floor((shown.length * limit) / ids.length) - 2);
    ids = format.encodeResult(shown);
  }
  return { text: shown, ids };
}

/** What the model reads of a call that failed: it can then tell the user the truth. */
export function errorResult(error: string): string {
  return `error: ${error}`;
}

function cut(text: string, length: number): string {
  const kept = text.slice(0, Math.max(0, length));
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept} …`;
}

/** The embedded model's format: `<|call|>name(arguments)<|result|>result<|end|>`, where the marks exist only as ids. */
import type { TokenMask } from '../engine/engine.js';
import type { Tokenizer } from '../text/tokenizer.js';
import type { CallFormat } from './format.js';
import { NameMasks } from './name-masks.js';

/** The marks: what opens a call, what closes it, what ends its result. */
export const CALL_TOKENS = ['<|call|>', '<|result|>', '<|end|>'] as const;

/** Undefined where the vocabulary has no such control tokens. */
export function inlineFormat(tokenizer: Tokenizer, stopIds: readonly number[]): CallFormat | undefined {
  const [call, closingId, end] = CALL_TOKENS.map((token) => tokenizer.controlId(token));
  if (call === undefined || closingId === undefined || end === undefined) return undefined;
  const controlIds = [...tokenizer.controlIds];
  const masks = new NameMasks(tokenizer, '(');
  const encodeResult = (result: string) => [...tokenizer.encode(result), end];
  return {
    openingIds: [call],
    stopIds,
    closingId,
    bannedInText: controlIds.filter((id) => id !== call && !stopIds.includes(id)),
    bannedInCall: controlIds.filter((id) => id !== closingId),
    mask: (written, toolNames): TokenMask | undefined => masks.after(written, toolNames),
    toolName: (written) => /^([^(]+)\(/.exec(written)?.[1],
    parse(written) {
      const match = /^([^(]+)\(([\s\S]*)\)$/.exec(written);
      return match ? { name: match[1]!, argumentText: match[2]! } : undefined;
    },
    encodeResult,
    encodeCall: (name, argumentText, result) => [
      call,
      ...tokenizer.encode(`${name}(${argumentText})`),
      closingId,
      ...encodeResult(result),
    ],
  };
}

/** The bytes that each token stands for, so that text can be streamed without ever showing half a character. */

/** The parts of tokenizer.json that say how tokens become text. */
export interface DecoderDescription {
  type?: string;
  decoders?: DecoderDescription[];
}

/** @returns bytes by token id: [vocabulary]; control tokens have none */
export function tokenBytes(
  vocabulary: ReadonlyMap<string, number>,
  controlIds: ReadonlySet<number>,
  decoder: DecoderDescription | null | undefined,
): (Uint8Array | undefined)[] {
  const toBytes = usesByteLevel(decoder) ? byteLevelBytes() : sentencePieceBytes;
  const table: (Uint8Array | undefined)[] = [];
  for (const [token, id] of vocabulary) table[id] = controlIds.has(id) ? undefined : toBytes(token);
  return table;
}

function usesByteLevel(decoder: DecoderDescription | null | undefined): boolean {
  return decoder?.type === 'ByteLevel' || (decoder?.decoders ?? []).some(usesByteLevel);
}

/** GPT-2's alphabet: printable characters stand for their own byte, others for code points from 256 on. */
function byteLevelBytes(): (token: string) => Uint8Array {
  const isPrintable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  const bytes = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte++) bytes.set(String.fromCharCode(isPrintable(byte) ? byte : next++), byte);
  const encoder = new TextEncoder();
  return (token) => {
    const values = Array.from(token, (character) => bytes.get(character));
    // An added token may hold characters outside the alphabet: it stands for itself.
    return values.includes(undefined) ? encoder.encode(token) : Uint8Array.from(values as number[]);
  };
}

/** SentencePiece: `▁` is a space, `<0xNN>` is a byte. */
function sentencePieceBytes(token: string): Uint8Array {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(token);
  if (byte) return Uint8Array.of(Number.parseInt(byte[1]!, 16));
  return new TextEncoder().encode(token.replaceAll('▁', ' '));
}

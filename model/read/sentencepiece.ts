/** The tokenizer of llama2.c (`tokenizer.bin`: SentencePiece BPE with byte fallback) as a Hugging Face tokenizer.json. */

const SPACE = '▁'; // SentencePiece's letter for a space
const CONTROLS = ['<unk>', '<s>', '</s>'];

interface Piece {
  text: string;
  score: number;
}

/** @throws {Error} naming `origin`, where the bytes do not hold exactly `vocabularySize` pieces. */
export function sentencePieceJson(bytes: Uint8Array, vocabularySize: number, origin: string): object {
  const pieces = readPieces(bytes, vocabularySize, origin);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: CONTROLS.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: SPACE },
        { type: 'Replace', pattern: { String: ' ' }, content: SPACE },
      ],
    },
    pre_tokenizer: null,
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } },
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: SPACE }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      vocab: Object.fromEntries(pieces.map(({ text }, id) => [text, id])),
      merges: merges(pieces),
    },
  };
}

export function sentencePieceConfig(contextLength: number): object {
  return {
    tokenizer_class: 'LlamaTokenizer',
    bos_token: '<s>',
    eos_token: '</s>',
    unk_token: '<unk>',
    add_bos_token: true,
    add_eos_token: false,
    clean_up_tokenization_spaces: false,
    model_max_length: contextLength,
  };
}

/** int32 longest piece, then for each piece: float32 score, int32 byte length, bytes. */
function readPieces(bytes: Uint8Array, vocabularySize: number, origin: string): Piece[] {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const pieces: Piece[] = [];
  let offset = 4;
  try {
    while (pieces.length < vocabularySize) {
      const length = data.getInt32(offset + 4, true);
      const text = decoder.decode(new Uint8Array(bytes.buffer, bytes.byteOffset + offset + 8, length));
      if (offset + 8 + length > bytes.length) throw new RangeError();
      pieces.push({
        text: CONTROLS[pieces.length] ?? text.replaceAll(' ', SPACE),
        score: data.getFloat32(offset, true),
      });
      offset += 8 + length;
    }
  } catch {
    throw new Error(
      `${origin} does not fit the checkpoint: it breaks off at piece ${pieces.length} of ${vocabularySize}`,
    );
  }
  if (offset === bytes.length) return pieces;
  throw new Error(`${origin} does not fit the checkpoint: it holds more than its ${vocabularySize} pieces`);
}

/** Every way to put a piece together from two others, the best-scored piece first: the order in which SentencePiece merges. */
function merges(pieces: readonly Piece[]): [string, string][] {
  const known = new Set(pieces.slice(CONTROLS.length).map(({ text }) => text));
  return pieces
    .filter(({ text }) => !/^<0x[0-9A-F]{2}>$/.test(text))
    .slice(CONTROLS.length)
    .sort((a, b) => b.score - a.score)
    .flatMap(({ text }) => {
      const letters = [...text];
      const splits = letters
        .slice(1)
        .map((_, i): [string, string] => [letters.slice(0, i + 1).join(''), letters.slice(i + 1).join('')]);
      return splits.filter(([left, right]) => known.has(left) && known.has(right));
    });
}

/**
 * Block quantisation, symmetric: a weight is (integer - zero) * scale, zero = 2^(bits - 1), one scale a block.
 * The last block of a row is filled up with zeros.
 */

/** `values` [row, columns] to `integers` [row, blocks, block * bits / 8] (the lower nibble first) and `scales` [row, blocks]. */
export function encodeBlocks(
  values: Float32Array,
  columns: number,
  bits: 4 | 8,
  block: number,
): { integers: Uint8Array<ArrayBuffer>; scales: Float32Array<ArrayBuffer> } {
  const rows = values.length / columns;
  const count = Math.ceil(columns / block);
  const scales = new Float32Array(rows * count);
  const integers = new Uint8Array((rows * count * block * bits) / 8).fill(bits === 4 ? 0x88 : 0x80); // zeros
  const zero = 2 ** (bits - 1);
  const chooseScale = bits === 4 ? bestScale : plainScale;
  for (let i = 0; i < scales.length; i++) {
    const row = Math.floor(i / count) * columns;
    const start = row + (i % count) * block;
    const end = Math.min(start + block, row + columns);
    const scale = chooseScale(values, start, end);
    scales[i] = scale;
    const inverse = scale === 0 ? 0 : 1 / scale;
    for (let j = start; j < end; j++) {
      const integer = zero + clamp(values[j]! * inverse, zero);
      const position = i * block + j - start;
      if (bits === 8) integers[position] = integer;
      else integers[position >> 1] = position & 1 ? (integers[position >> 1]! & 15) | (integer << 4) : 0x80 | integer;
    }
  }
  return { integers, scales };
}

/** The element of the largest magnitude gets the integer -128, which has no positive twin. */
function plainScale(values: Float32Array, start: number, end: number): number {
  return Math.fround(peak(values, start, end) / -128);
}

/**
 * Four bits: of a few starting scales, the one whose integers come closest to the values once the scale is refined by
 * least squares. Takes a twentieth off the error of the plain rule (peak / -8) and costs a few times as much.
 */
function bestScale(values: Float32Array, start: number, end: number): number {
  const largest = peak(values, start, end);
  if (largest === 0) return 0;
  let best = 0;
  let most = 0;
  for (const range of RANGES) {
    const inverse = range / largest;
    let dot = 0;
    let norm = 0;
    for (let i = start; i < end; i++) {
      const integer = clamp(values[i]! * inverse, 8);
      dot += integer * values[i]!;
      norm += integer * integer;
    }
    const explained = (dot * dot) / norm; // of the sum of squares, by dot / norm, the best scale for these integers
    if (explained > most) {
      most = explained;
      best = dot / norm;
    }
  }
  return Math.fround(best);
}

const RANGES = [-8, -8.7, -7.4, -6.8, 7.4, 6.8];

function peak(values: Float32Array, start: number, end: number): number {
  let largest = 0;
  for (let i = start; i < end; i++) if (Math.abs(values[i]!) > Math.abs(largest)) largest = values[i]!;
  return largest;
}

/** The nearest integer of -zero … zero - 1. Adding and taking away 1.5 * 2^52 rounds a double. */
function clamp(value: number, zero: number): number {
  const integer = value + ROUNDING - ROUNDING;
  return integer < -zero ? -zero : integer >= zero ? zero - 1 : integer;
}

const ROUNDING = 1.5 * 2 ** 52;

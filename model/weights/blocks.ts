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
  const integers = new Uint8Array((rows * count * block * bits) / 8);
  const zero = 2 ** (bits - 1);
  for (let i = 0; i < scales.length; i++) {
    const start = Math.floor(i / count) * columns + (i % count) * block;
    const slice = values.subarray(start, Math.min(start + block, Math.floor(i / count) * columns + columns));
    const scale = bits === 4 ? bestScale(slice) : largest(slice) / -zero;
    scales[i] = scale;
    const base = i * block;
    for (let j = 0; j < block; j++) {
      const integer = zero + nearest(slice[j] ?? 0, scale, zero);
      if (bits === 8) integers[base + j] = integer;
      else integers[(base + j) >> 1]! |= integer << (4 * (j & 1));
    }
  }
  return { integers, scales };
}

/** The element of the largest magnitude, with its sign: it gets the integer -zero, which has no positive twin. */
function largest(values: Float32Array): number {
  let best = 0;
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) > Math.abs(best)) best = values[i]!;
  return best;
}

/**
 * Four bits: of a few starting scales, each refined once by least squares, the one with the least squared error.
 * Takes about a tenth off the error of the plain rule (largest / -8).
 */
function bestScale(values: Float32Array): number {
  const peak = largest(values);
  if (peak === 0) return 0;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const range of RANGES) {
    let scale = Math.fround(peak / range);
    let dot = 0;
    let norm = 0;
    for (let i = 0; i < values.length; i++) {
      const integer = nearest(values[i]!, scale, 8);
      dot += integer * values[i]!;
      norm += integer * integer;
    }
    if (norm > 0) scale = Math.fround(dot / norm);
    let error = 0;
    for (let i = 0; i < values.length; i++) error += (values[i]! - nearest(values[i]!, scale, 8) * scale) ** 2;
    if (error < least) {
      least = error;
      best = scale;
    }
  }
  return best;
}

const RANGES = [-8, -8.7, -7.4, -6.8, 7.4, 6.8];

/** The integer of -zero … zero - 1 nearest to value / scale. */
function nearest(value: number, scale: number, zero: number): number {
  const integer = scale === 0 ? 0 : Math.round(value / scale);
  return integer < -zero ? -zero : integer >= zero ? zero - 1 : integer;
}

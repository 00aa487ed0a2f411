/** How weights can be stored. */

/** Blocks of 4- or 8-bit integers with a scale each, half floats, floats. */
export const DTYPES = ['q4', 'q8', 'f16', 'f32'] as const;
export type Dtype = (typeof DTYPES)[number];

/** Weights that share a scale, for `q4` and `q8`. */
export const BLOCKS = [16, 32, 64, 128] as const;
export type Block = (typeof BLOCKS)[number];

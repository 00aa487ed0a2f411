/** Chooses the next token from the logits of one position. Knows nothing of sessions or text. */
import type { Sampling, Step } from '../engine.js';

/**
 * @param logits of one position: [vocabulary]; left unchanged
 * @param position of the sampled token in its sequence; with the seed it decides the draw
 * @throws {Error} where no token may be sampled or the logits are not numbers
 */
export function sample(logits: Float32Array, sampling: Sampling, position: number): Step {
  const normaliser = logSumExp(logits);
  if (!Number.isFinite(normaliser)) {
    throw new Error(
      'The model gave no usable probabilities (NaN or infinite logits): its weights are damaged or overflow',
    );
  }
  const opening = sampling.mask === undefined ? openingChoice(logits, normaliser, sampling) : undefined;
  const token = opening?.token ?? draw(allowedLogits(logits, sampling), sampling, position);
  return { token, logprob: logits[token]! - normaliser, opened: opening?.rule };
}

/** Natural logarithm of the sum of `exp(logits)`: what turns a logit into a log-probability. */
export function logSumExp(logits: Float32Array): number {
  let maximum = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) if (logits[id]! > maximum) maximum = logits[id]!;
  let sum = 0;
  for (let id = 0; id < logits.length; id++) sum += Math.exp(logits[id]! - maximum);
  return maximum + Math.log(sum);
}

/** The opening id to force, by the rule of Toolformer (arXiv 2302.04761, section 4.2), or undefined. */
function openingChoice(
  logits: Float32Array,
  normaliser: number,
  { opening, banned = [] }: Sampling,
): { token: number; rule: 'rank' | 'threshold' } | undefined {
  if (opening === undefined || opening.topK === 0) return undefined;
  let best: number | undefined;
  let probability = 0;
  for (const id of opening.ids) {
    if (banned.includes(id)) continue;
    probability += Math.exp(logits[id]! - normaliser);
    if (best === undefined || logits[id]! > logits[best]!) best = id;
  }
  if (best === undefined) return undefined;
  let rank = 0;
  for (let id = 0; id < logits.length && rank < opening.topK; id++) if (logits[id]! > logits[best]!) rank++;
  if (rank < opening.topK) return { token: best, rule: 'rank' };
  return probability > opening.threshold ? { token: best, rule: 'threshold' } : undefined;
}

/** The logits with everything that may not be drawn at -Infinity. An opening that did not trigger is not drawn either. */
function allowedLogits(logits: Float32Array, { banned = [], opening, mask }: Sampling): Float32Array {
  const barred = mask === undefined ? [...banned, ...(opening?.ids ?? [])] : banned;
  if (barred.length === 0 && mask === undefined) return logits;
  const allowed = logits.slice();
  for (const id of barred) allowed[id] = Number.NEGATIVE_INFINITY;
  if (mask !== undefined) {
    for (let id = 0; id < allowed.length; id++) {
      if (((mask[id >>> 5]! >>> (id & 31)) & 1) === 0) allowed[id] = Number.NEGATIVE_INFINITY;
    }
  }
  return allowed;
}

function draw(logits: Float32Array, { temperature, topK, topP, seed }: Sampling, position: number): number {
  const best = argmax(logits);
  if (temperature === 0) return best;
  const weights = new Float32Array(logits.length); // unnormalised probabilities; the most likely has 1
  for (let id = 0; id < logits.length; id++) weights[id] = Math.exp((logits[id]! - logits[best]!) / temperature);
  const candidates = nucleus(weights, topK, topP);
  let total = 0;
  for (const id of candidates) total += weights[id]!;
  let remaining = uniform(seed, position) * total;
  for (const id of candidates) {
    remaining -= weights[id]!;
    if (remaining < 0) return id;
  }
  return best;
}

/** The ids that are drawn from, the most likely first where top-k or top-p cut. */
function nucleus(weights: Float32Array, topK: number, topP: number): number[] {
  let total = 0;
  for (const weight of weights) total += weight;
  // Tokens this unlikely hold at most (1 - topP) of the mass together: they cannot belong to the nucleus, so they are not sorted.
  const floor = ((1 - topP) * total) / weights.length;
  const ids: number[] = [];
  for (let id = 0; id < weights.length; id++) if (weights[id]! > floor) ids.push(id);
  if (topK === 0 && topP >= 1) return ids;
  ids.sort((left, right) => weights[right]! - weights[left]! || left - right);
  if (topK > 0 && ids.length > topK) ids.length = topK;
  if (topP >= 1) return ids;
  const limit = topP * total;
  let sum = 0;
  for (let count = 0; count < ids.length; count++) {
    sum += weights[ids[count]!]!;
    if (sum >= limit) return ids.slice(0, count + 1);
  }
  return ids;
}

function argmax(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  if (logits[best] === Number.NEGATIVE_INFINITY) throw new Error('Every token is banned at this position');
  return best;
}

/** A number from 0 to 1 (1 excluded) that depends on the seed and the position alone (two rounds of splitmix32). */
function uniform(seed: number, position: number): number {
  let state = (Math.imul(seed | 0, 0x9e3779b9) + Math.imul(position + 1, 0x85ebca6b)) | 0;
  for (let round = 0; round < 2; round++) {
    state = (state + 0x9e3779b9) | 0;
    state = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    state = Math.imul(state ^ (state >>> 15), 0x735a2d97);
    state ^= state >>> 15;
  }
  return (state >>> 0) / 4294967296;
}

/** The public library. */
export type { Engine, EngineInfo, Opening, Sampling, Scores, Sequence, Step, TokenMask } from './engine/engine.js';

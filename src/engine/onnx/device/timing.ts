/** Times a few steps of a model on one device, in a process of its own: what the native code prints or breaks stays here. */
import type { SessionOptions } from '../protocol.js';
import { ModelSession } from '../session.js';

const PROMPT_TOKENS = 64;
const DECODED_TOKENS = 24;

/** What the parent gets: the time of a short answer, prompt and decoding together. */
export type Timing = { answerMs: number } | { error: string };

process.once('message', async (options: SessionOptions) => {
  const timing = await time(options).catch((error: Error): Timing => ({ error: error.message }));
  process.send!(timing, () => process.disconnect());
});

async function time(options: SessionOptions): Promise<Timing> {
  const session = await ModelSession.load(options);
  const prompt = Array.from({ length: PROMPT_TOKENS }, (_, index) => index % options.vocabularySize);
  let answerMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 2; round++) {
    // The first round also compiles shaders; the better one counts.
    const cache = session.newCache();
    const start = performance.now();
    await session.run(cache, prompt, 1);
    for (let step = 0; step < DECODED_TOKENS; step++) await session.run(cache, [step % options.vocabularySize], 1);
    answerMs = Math.min(answerMs, performance.now() - start);
    cache.release();
  }
  await session.release();
  return { answerMs };
}

/** Whether the WebGPU path says what the CPU says, a call that is taken back included; without a GPU, in software. */
import { describeTools } from '#dist/src/conversation.js';
import { loadModel } from '#dist/src/load-model.js';
import { defaultTools } from '#dist/tools/index.js';
import { GREEDY, model, printTable } from '../helpers/bench.js';
import { softwareGpu } from '../helpers/software-gpu.js';

const TOKENS = 24;
/** Where two tokens are this near (natural logarithms of their probabilities), the rounding of q8 activations on the CPU decides. */
const NEAR = 0.1;
const QUESTIONS = [
  'A ticket costs 12 pounds. How much do 5 tickets cost?',
  'What is 37 times 48?',
  'How do you say "good morning" in French?',
  'Nora had 40 stamps and gave 12 of them away. How many are left?',
];

const gpu = softwareGpu();
if (gpu === undefined) {
  console.log('\nWebGPU: skipped, no SwiftShader here (test/setup-optional.sh installs it)');
} else {
  Object.assign(process.env, gpu);
  const webgpu = await load('webgpu');
  const onGpu = await writeAll(webgpu);
  await webgpu.engine.close();
  const cpu = await load('cpu');
  const onCpu = await writeAll(cpu);
  const partings = [];
  for (const [index, question] of QUESTIONS.entries()) {
    const tokens = onGpu.answers[index]?.map(({ token }) => token) ?? [];
    const at = onCpu.answers[index]?.findIndex(({ token }, step) => token !== tokens[step]) ?? -1;
    if (at === -1) continue;
    const gap = await gapBetween(cpu.engine, onCpu.answers[index]?.[at], tokens[at]);
    partings.push([question, at, gap.toFixed(3)]);
    if (!(gap < NEAR)) process.exitCode = 1;
  }
  await cpu.engine.close();
  printTable(
    'WebGPU in software (SwiftShader) against the CPU, greedy, with a call taken back',
    ['', 'WebGPU', 'CPU'],
    [
      [
        'answers with the same tokens',
        `${QUESTIONS.length - partings.length} of ${QUESTIONS.length}`,
        QUESTIONS.length,
      ],
      ['tokens evaluated', onGpu.evaluated, onCpu.evaluated],
      ['ms a token', onGpu.ms, onCpu.ms],
    ],
  );
  if (partings.length > 0)
    printTable(
      'Where they part: how much more likely the CPU takes its own token to be than the other (ln p − ln q)',
      ['question', 'tokens before', 'difference'],
      partings,
    );
}

function load(/** @type {string} */ device) {
  return loadModel(model, { device, isolation: 'process', threads: 2, onNotice: () => {} });
}

/** @typedef {{ token: number, context: number[] }} Written A token and what it was written after. */

/** @param {Awaited<ReturnType<typeof load>>} model */
async function writeAll({ engine, template }) {
  const answers = [];
  let [evaluated, ms] = [0, 0];
  for (const question of QUESTIONS) {
    const sequence = await engine.open();
    const prompt = template.render([{ role: 'user', content: question }], describeTools(defaultTools()));
    const start = performance.now();
    const written = await write(sequence, prompt);
    ms += performance.now() - start;
    evaluated += sequence.evaluatedTokens;
    answers.push(written);
    await sequence.close();
  }
  return { answers, evaluated, ms: ms / evaluated };
}

/**
 * The first token; a call that begins with it and is taken back; an answer without it.
 * @param {import('#dist/src/engine/engine.js').Sequence} sequence @param {number[]} prompt
 */
async function write(sequence, prompt) {
  /** @type {Written[]} */
  const written = [];
  const first = await sequence.step(prompt, GREEDY);
  const opening = { ids: [first.token], topK: 1, threshold: 1 }; // what comes anyway is taken for the opening of a call
  await greedy({ ...GREEDY, opening }, 7);
  await greedy({ ...GREEDY, banned: [first.token] }, TOKENS + 1);
  return [{ token: first.token, context: prompt }, ...written];

  /** @param {import('#dist/src/engine/engine.js').Sampling} sampling for the first of the tokens @param {number} count */
  async function greedy(sampling, count) {
    await sequence.truncate(prompt.length - 1);
    const context = [...prompt];
    let { token } = await sequence.step(prompt.slice(-1), sampling);
    for (let step = 1; ; step++) {
      written.push({ token, context: [...context] });
      if (step === count) return;
      context.push(token);
      ({ token } = await sequence.step([token], GREEDY));
    }
  }
}

/**
 * How much more likely an engine takes its token to be than the other one.
 * @param {import('#dist/src/engine/engine.js').Engine} engine @param {Written | undefined} written @param {number | undefined} other
 */
async function gapBetween(engine, written, other) {
  if (written === undefined || other === undefined) return Number.NaN;
  const sequence = await engine.open();
  const { ids } = await sequence.score([...written.context, written.token], [written.token, other]);
  await sequence.close();
  const [own = Number.NaN, others = Number.NaN] = ids.at(-1) ?? [];
  return own - others;
}

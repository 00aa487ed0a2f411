/** Whether the WebGPU path says what the CPU says, a call that is taken back included; without a GPU, in software. */
import { describeTools } from '#dist/src/conversation.js';
import { loadModel } from '#dist/src/load-model.js';
import { defaultTools } from '#dist/tools/index.js';
import { GREEDY, model, printTable } from '../helpers/bench.js';
import { softwareGpu } from '../helpers/software-gpu.js';

const TOKENS = 24;
const QUESTION = 'A ticket costs 12 pounds. How much do 5 tickets cost?';

const gpu = softwareGpu();
if (gpu === undefined) {
  console.log('\nWebGPU: skipped, no SwiftShader here (test/setup-optional.sh installs it)');
} else {
  Object.assign(process.env, gpu);
  const [onGpu, onCpu] = [await write('webgpu'), await write('cpu')];
  const same = onGpu.ids.findIndex((id, index) => id !== onCpu.ids[index]);
  printTable(
    'WebGPU in software (SwiftShader) against the CPU, greedy, with a call taken back',
    ['', 'WebGPU', 'CPU'],
    [
      ['same tokens', same === -1 ? `all ${onGpu.ids.length}` : `the first ${same}`, onCpu.ids.length],
      ['evaluated', onGpu.evaluated, onCpu.evaluated],
      ['ms a token', onGpu.ms, onCpu.ms],
    ],
  );
  if (same !== -1) process.exitCode = 1;
}

/** @param {string} device */
async function write(device) {
  const { engine, template } = await loadModel(model, { device, isolation: 'process', threads: 2, onNotice: () => {} });
  const sequence = await engine.open();
  const prompt = template.render([{ role: 'user', content: QUESTION }], describeTools(defaultTools()));
  const first = await sequence.step(prompt, GREEDY);
  const opening = { ids: [first.token], topK: 1, threshold: 1 }; // what comes anyway is taken for the opening of a call
  await sequence.truncate(prompt.length - 1);
  const opened = await sequence.step(prompt.slice(-1), { ...GREEDY, opening });
  const call = await greedy(opened.token, 6);
  await sequence.truncate(prompt.length - 1);
  const again = await sequence.step(prompt.slice(-1), { ...GREEDY, banned: [opened.token] });
  const start = performance.now();
  const text = await greedy(again.token, TOKENS);
  const ms = (performance.now() - start) / TOKENS;
  await engine.close();
  return { ids: [first.token, opened.token, ...call, again.token, ...text], evaluated: sequence.evaluatedTokens, ms };

  /** @param {number} token @param {number} count */
  async function greedy(token, count) {
    const ids = [];
    for (let step = 0; step < count; step++) {
      ({ token } = await sequence.step([token], GREEDY));
      ids.push(token);
    }
    return ids;
  }
}

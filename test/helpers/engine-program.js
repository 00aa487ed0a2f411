/**
 * A program that uses the engine and ends in one of several ways: node engine-program.js SESSION_OPTIONS ISOLATION ENDING.
 * It never closes the engine, as programs do that forget it.
 */
import { OnnxEngine } from '#dist/src/engine/onnx/client.js';

const [options, isolation, ending] = process.argv.slice(2);
const sampling = { temperature: 0, topK: 0, topP: 1, seed: 0 };
const engine = await OnnxEngine.load(JSON.parse(options ?? ''), isolation === 'process' ? 'process' : 'thread');
const sequence = await engine.open();
const prompt = Array.from({ length: 500 }, (_, index) => 3 + (index % 500));

/** An answer token by token; it has no end of its own. */
async function* answer() {
  let next = [1];
  for (;;) {
    const { token } = await sequence.step(next, sampling);
    yield token;
    next = [token];
    if (sequence.length > 400) await sequence.truncate(1);
  }
}

/** Prompts without end: the session is inside a native run nearly all the time. */
async function readOnAndOn() {
  for (;;) {
    await sequence.step(prompt, sampling);
    await sequence.truncate(0);
  }
}

if (ending === 'open') {
  await sequence.step([1], sampling);
} else if (ending === 'break') {
  for await (const token of answer()) if (token !== 0 && sequence.length > 5) break;
} else if (ending === 'unread') {
  void sequence.step(prompt, sampling); // nobody waits for it
} else {
  void readOnAndOn();
  await (await engine.open()).step([1], sampling);
  const afterMs = Number(process.argv[5]);
  setTimeout(() => {
    if (ending === 'exit') process.exit(7);
    if (ending === 'error') throw new Error('an error of the program');
  }, afterMs);
}
console.log('running');

/**
 * What a model can do with its tools, and without them, on the questions of test/skills or of another folder of such files.
 * node test/bench/skills.js [--model FOLDER] [--questions FOLDER] [--only arithmetic,dates] [--limit N] [--failures] [--json]
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Toolformer } from 'toolformer';
import { defaultTools } from 'toolformer/tools';

const SKILLS = ['arithmetic', 'one-step', 'two-step', 'three-step', 'translation', 'dates', 'no-call', 'completion'];
const NOW = new Date('2026-11-24T14:05:00Z');

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string', default: 'embedded' },
    questions: { type: 'string', default: fileURLToPath(new URL('../skills', import.meta.url)) },
    only: { type: 'string', default: SKILLS.join(',') },
    limit: { type: 'string', default: '1000' },
    failures: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const service = await startTranslationService();
const { port } = /** @type {import('node:net').AddressInfo} */ (service.address());
const tools = defaultTools({
  translator: { provider: 'libretranslate', baseUrl: `http://127.0.0.1:${port}` },
  calendar: { now: () => NOW, timeZone: 'UTC' },
});
const withTools = await Toolformer.load({ model: flags.model, device: 'cpu', tools });
const withoutTools = await Toolformer.load({ model: flags.model, device: 'cpu', tools: [] });
/** @type {Record<string, { on: number, off: number, of: number }>} */
const results = {};
for (const skill of flags.only.split(',')) {
  const questions = read(skill).slice(0, Number(flags.limit));
  results[skill] = { on: 0, off: 0, of: questions.length };
  for (const question of questions) {
    const on = await ask(withTools, question);
    if (isRight(skill, question, on)) results[skill].on++;
    else if (flags.failures) report(skill, question, on);
    if (skill !== 'no-call' && isRight(skill, question, await ask(withoutTools, question))) results[skill].off++;
  }
}
await Promise.all([withTools.close(), withoutTools.close()]);
service.close();
if (flags.json) console.log(JSON.stringify(results));
else print();

/** @param {string} skill */
function read(skill) {
  const text = readFileSync(join(flags.questions, `${skill}.jsonl`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** @param {Toolformer} agent @param {any} question */
function ask(agent, question) {
  return question.question === undefined
    ? agent.generate(question.text, { mode: 'complete', maxTokens: 64 })
    : agent.generate(question.question, { maxTokens: 200 });
}

/** @param {string} skill @param {any} question @param {import('toolformer').Answer} answer */
function isRight(skill, question, answer) {
  switch (skill) {
    case 'no-call':
      return answer.calls.length === 0;
    case 'translation':
      return answer.calls.some((call) => isTranslation(call, question) && answer.text.includes(call.output ?? '\0'));
    case 'dates':
      return new RegExp(`(?<![\\d,]|\\d\\.)${question.answer}(?![\\d,]*\\d|\\.\\d)`).test(answer.text);
    case 'completion':
      return isNumber(numbers(answer.text)[0], question.answer);
    default:
      return isNumber(numbers(answer.text).at(-1), question.answer);
  }
}

/** @param {import('toolformer').AnswerCall} call @param {any} question */
function isTranslation({ toolName, input }, { text, to }) {
  const asked = /** @type {{ text: string, to: string }} */ (input);
  return toolName === 'translator' && asked.text === text && asked.to.toLowerCase() === to.toLowerCase();
}

/** @param {string} text */
function numbers(text) {
  return (text.match(/-?\d+(?:,\d{3})*(?:\.\d+)?/g) ?? []).map((number) => number.replaceAll(',', ''));
}

/** Equal, or the true number rounded to the digits that are shown. @param {string | undefined} shown @param {number | string} answer */
function isNumber(shown, answer) {
  if (shown === undefined) return false;
  if (typeof answer === 'string') return shown === answer;
  const difference = Math.abs(Number(shown) - answer);
  const decimals = shown.split('.')[1]?.length ?? 0;
  return (
    difference <= 1e-9 * Math.abs(answer) ||
    (difference <= 0.5000001 * 10 ** -decimals && difference <= 1e-2 * Math.abs(answer))
  );
}

/** @param {string} skill @param {any} question @param {import('toolformer').Answer} answer */
function report(skill, question, answer) {
  const calls = answer.calls.map(
    ({ toolName, input, output, error }) => `${toolName}(${JSON.stringify(input)}) → ${output ?? error}`,
  );
  console.error(
    `${skill}: ${question.question ?? question.text}\n  expected ${question.answer ?? question.text ?? 'no call'}, got ${answer.text} ${calls.join('; ')}`,
  );
}

function print() {
  console.log('skill         tools on                  tools off');
  for (const [skill, { on, off, of }] of Object.entries(results)) {
    console.log(`${skill.padEnd(13)} ${share(on, of).padEnd(25)} ${skill === 'no-call' ? '' : share(off, of)}`);
  }
}

/** With its 95 % interval (Wilson). @param {number} right @param {number} of */
function share(right, of) {
  const z = 1.96;
  const p = right / of;
  const middle = (p + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const reach = (z * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of);
  return `${(100 * p).toFixed(1)} % (${(100 * (middle - reach)).toFixed(0)}–${(100 * (middle + reach)).toFixed(0)}, ${of})`;
}

/** Speaks LibreTranslate's protocol; "translates" into words that no model has seen: the letters of each word turned round. */
function startTranslationService() {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { q } = JSON.parse(body);
    const translatedText = q.replace(/\p{L}+/gu, (/** @type {string} */ word) =>
      [...word.toLowerCase()].reverse().join(''),
    );
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ translatedText }));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

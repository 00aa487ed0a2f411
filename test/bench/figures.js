/**
 * The READMEs' table of figures, from figures.json beside this file. `node test/bench/figures.js` writes it into both.
 *
 * figures.json: `{ "version": "0.1.0", "date": "2026-11-24", "machine": "2 cores of …",
 *   "rows": [{ "bench": "skills.js", "en": "what was measured", "ko": "…", "value": "97 %" }] }`;
 * a value that needs words is `{ "en": "…", "ko": "…" }`, and so may `machine` be.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {'en' | 'ko'} Language
 * @typedef {string | Record<Language, string>} Words
 * @typedef {{ bench: string, en: string, ko: string, value: Words }} Row
 * @typedef {{ version: string, date: string, machine: Words, rows: Row[] }} Figures
 */

export const figuresFile = fileURLToPath(new URL('figures.json', import.meta.url));
export const readmes = /** @type {Record<Language, string>} */ ({
  en: fileURLToPath(new URL('../../README.md', import.meta.url)),
  ko: fileURLToPath(new URL('../../README.ko.md', import.meta.url)),
});
const BETWEEN = /(?<=<!-- figures -->\n)[\s\S]*?(?=<!-- \/figures -->)/;

/** @returns {Figures | undefined} undefined where nothing was recorded yet */
export function readFigures() {
  return existsSync(figuresFile) ? JSON.parse(readFileSync(figuresFile, 'utf8')) : undefined;
}

/** @param {string} readme @param {Figures} figures @param {Language} language */
export function withFigures(readme, figures, language) {
  if (!BETWEEN.test(readme)) throw new Error('Expected the marks <!-- figures --> and <!-- /figures -->');
  return readme.replace(BETWEEN, () => `${table(figures, language)}\n`);
}

/** @param {Figures} figures @param {Language} language */
function table({ version, date, machine, rows }, language) {
  const words = (/** @type {Words} */ text) => (typeof text === 'string' ? text : text[language]);
  const heading = {
    en: ['What', 'Measured', 'With', `Version ${version}, ${date}, on ${words(machine)}.`],
    ko: ['항목', '측정값', '스크립트', `버전 ${version}, ${date}, ${words(machine)}에서 측정했습니다.`],
  }[language];
  const lines = rows.map((row) => `| ${row[language]} | ${words(row.value)} | \`test/bench/${row.bench}\` |`);
  const [what, measured, script, note] = heading;
  return [note, '', `| ${what} | ${measured} | ${script} |`, '| --- | --- | --- |', ...lines].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = readFigures();
  if (figures === undefined) throw new Error(`${figuresFile} is missing`);
  for (const language of /** @type {Language[]} */ (['en', 'ko'])) {
    const path = readmes[language];
    writeFileSync(path, withFigures(readFileSync(path, 'utf8'), figures, language));
  }
}

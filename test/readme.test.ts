/** The READMEs hold what they say: code runs, commands run, flags exist, figures are those that were recorded. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '#dist/src/cli/program.js';
import { type Language, readFigures, readmes, withFigures } from './bench/figures.js';
import { root, settledCache } from './helpers/embedded.js';

interface Block {
  language: string;
  code: string;
  isRun: boolean;
}

const english = await readFile(readmes.en, 'utf8');
const korean = await readFile(readmes.ko, 'utf8');
const code = blocks(english).filter(({ language }) => language === 'js');
const commands = blocks(english)
  .filter(({ language, isRun }) => language === 'bash' && isRun)
  .flatMap(({ code }) => code.trim().split('\n'))
  .map((line) => line.replace('npm ci && ', ''))
  .filter((line) => line !== 'npm test' && !line.includes('npm i toolformer')); // what runs this, and the package's test

let project: string; // a project that has installed this package
let cache: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'toolformer-readme-'));
  cache = await settledCache();
  await mkdir(join(project, 'node_modules'));
  await symlink(root, join(project, 'node_modules/toolformer'));
  await symlink(join(root, 'node_modules/zod'), join(project, 'node_modules/zod'));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await Promise.all(code.map((block, index) => writeFile(join(project, `block-${index + 1}.js`), block.code)));
});
afterAll(() => Promise.all([project, cache].map((folder) => rm(folder, { recursive: true, force: true }))));

describe('the code of the README', () => {
  it('type-checks', async () => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const flags = ['--strict', '--allowJs', '--checkJs', '--noEmit', '--module', 'nodenext', '--target', 'es2023'];
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const files = code.map((_, index) => `block-${index + 1}.js`);
    const { stdout } = await run(process.execPath, [compiler, ...flags, ...types, ...files]).catch((error) => error);
    expect(stdout).toBe('');
  });

  it.each(code.map((block, index) => [index + 1, block.code] as const))(
    'block %i runs and ends',
    async (number, code) => {
      const { stdout, stderr } = await run(process.execPath, [`block-${number}.js`]);
      expect(stderr).toBe('');
      checkNumbers(code, stdout);
    },
  );
});

describe('the commands of the README', () => {
  it.each(commands)('%s', async (line) => {
    const program = `npx() { shift; "${process.execPath}" "${join(root, 'dist/src/cli/main.js')}" "$@"; }`;
    const inCheckout = line.startsWith('npm');
    const { stdout } = await run(
      'bash',
      ['-euo', 'pipefail', '-c', `${program}\n${line}`],
      inCheckout ? root : project,
    );
    expect(stdout.trim()).not.toBe('');
    if (!line.includes('--help')) checkNumbers(line, stdout);
  });

  it('use flags that exist', () => {
    const program = createProgram([]);
    const known = [program, ...program.commands].flatMap(({ options }) => options.map(({ long }) => long));
    const named = [...`${english}${korean}`.matchAll(/(?<=[`\s])--[a-z][a-z-]*/g)].map(([flag]) => flag);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((flag) => ![...known, '--help', '--version'].includes(flag))).toEqual([]);
  });
});

describe('the two READMEs', () => {
  it('have the same code, apart from comments', () => {
    const withoutComments = (readme: string) => blocks(readme).map(({ code }) => code.replace(/ \/\/ .*$/gm, ''));
    expect(withoutComments(korean)).toEqual(withoutComments(english));
  });

  it('have the same sections', () => {
    expect(korean.match(/^##? /gm)).toEqual(english.match(/^##? /gm));
  });

  it('show the figures that were recorded', () => {
    const figures = readFigures();
    if (figures === undefined) return;
    const shown = { en: english, ko: korean };
    for (const language of ['en', 'ko'] satisfies Language[]) {
      expect(shown[language], 'run node test/bench/figures.js').toBe(withFigures(shown[language], figures, language));
    }
  });
});

/** Every question that is asked is answered with its number. */
function checkNumbers(asked: string, output: string): void {
  const numbers: [string, RegExp][] = [
    ['24 trays of 18', /\b127\b/],
    ['17.5% of 240', /\b42\b/],
    ['37 times 48', /\b1,?776\b/],
    ['March 1, 2026 to May 9', /\b69\b/],
    ['24 rows of 18', /\b432\b/],
  ];
  for (const [question, number] of numbers) if (asked.includes(question)) expect(output).toMatch(number);
}

function blocks(readme: string): Block[] {
  return [...readme.matchAll(/(<!-- not run: .+ -->\n)?```(\w*)\n([\s\S]*?)```/g)].map(
    ([, notRun, language, code]) => ({
      language: language!,
      code: code!,
      isRun: notRun === undefined,
    }),
  );
}

function run(program: string, words: string[], cwd = project) {
  const env = { ...process.env, TOOLFORMER_CACHE: cache };
  return promisify(execFile)(program, words, { cwd, env, timeout: 50_000 });
}

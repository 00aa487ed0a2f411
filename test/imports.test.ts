/** Imports point one way: `tools/` and `model/` are leaves, `src/` is the trunk; each dependency has its place. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './helpers/embedded.js';

interface Import {
  from: string;
  to: string;
  /** Loaded only when it is used, or types, which are never loaded. */
  isLate: boolean;
}

const imports: Import[] = [];
for (const folder of ['src', 'tools', 'model']) {
  for (const name of await readdir(join(root, folder), { recursive: true })) {
    if (!/\.tsx?$/.test(name)) continue;
    const from = join(folder, name);
    const source = await readFile(join(root, from), 'utf8');
    for (const [statement, early, late] of source.matchAll(
      /^(?:import|export|\}).*?\bfrom '([^']+)'|\bimport\('([^']+)'/gm,
    )) {
      const specifier = (early ?? late)!;
      const isOwn = specifier.startsWith('.');
      imports.push({
        from,
        to: isOwn ? relative(root, resolve(root, dirname(from), specifier)) : specifier,
        isLate: early === undefined || /^\w+ type /.test(statement),
      });
    }
  }
}

/** Imports of what `to` matches, from outside the places where it belongs. */
function strays(to: RegExp, places: RegExp, among = imports): string[] {
  const found = among.filter((one) => to.test(one.to) && !places.test(one.from));
  return found.map((one) => `${one.from} imports ${one.to}`);
}

it('finds the imports', () => {
  expect(imports.length).toBeGreaterThan(100);
  expect(imports).toContainEqual({ from: 'src/index.ts', to: 'tools/tool.js', isLate: false });
  expect(imports).toContainEqual({ from: 'src/toolformer.ts', to: 'tools/index.js', isLate: true });
});

it('tools and model import nothing of the rest', () => {
  expect(strays(/^src\//, /^src\//)).toEqual([]);
  expect(strays(/^tools\//, /^(tools|src)\//)).toEqual([]);
  expect(strays(/^model\//, /^(model|src)\//)).toEqual([]);
});

it('only the command line imports the command line', () => {
  expect(strays(/^src\/cli\//, /^src\/cli\//)).toEqual([]);
});

it('the loop and the agent load a concrete tool only when it is used', () => {
  const early = imports.filter(({ isLate }) => !isLate);
  expect(strays(/^tools\/(?!tool\.js)/, /^(tools|src\/cli)\//, early)).toEqual([]);
  expect(strays(/^mathjs|^@vitalets/, /^$/, early)).toEqual([]);
});

it('Node itself is needed only by the command line, the engine and readers of files', () => {
  const places = /^(src\/(cli|terminal|server|engine\/onnx)\/|src\/model-directory\.ts|model\/)/;
  expect(strays(/^node:/, places)).toEqual([]);
});

it.each([
  ['onnxruntime-node', /^src\/engine\/onnx\//],
  ['commander', /^src\/cli\//],
  ['cli-progress', /^src\/cli\//],
  ['mathjs', /^tools\/calculator/],
  ['@vitalets/google-translate-api', /^tools\/translator\//],
  ['@huggingface/tokenizers', /^src\/text\//],
  ['@huggingface/jinja', /^src\/text\//],
])('%s is imported in one place', (name, place) => {
  expect(strays(new RegExp(`^${name}($|/)`), place)).toEqual([]);
});

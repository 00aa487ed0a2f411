import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

interface Import {
  from: string;
  to: string;
  /** `import()`: only when it is needed. */
  isDynamic: boolean;
  /** `import type`: gone once it is built. */
  isType: boolean;
}

const files = ['src', 'tools', 'model'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).replaceAll('\\', '/'))
    .filter((name) => /\.tsx?$/.test(name)),
);
const imports = files.flatMap(importsOf);

/** Files that read files, start threads or processes, or ask for the machine: what another platform does otherwise. */
const PLATFORM = [
  'src/cache-directory.ts',
  'src/model-directory.ts',
  'src/engine/onnx/channel.ts',
  'src/engine/onnx/thread.ts',
  'src/engine/onnx/runtime.ts',
  'src/engine/onnx/device/',
  'src/cli/',
  'src/terminal/',
  'src/server/',
  'model/config.ts',
  'model/convert.ts',
  'model/target.ts',
  'model/read/',
  'model/hub/',
  'model/weights/write.ts',
];

describe('imports point one way', () => {
  test('tools know nothing of the runtime or of models', () => {
    expect(offending('tools/', (to) => /^(src|model)\//.test(to))).toEqual([]);
  });

  test('models know nothing of the runtime or of tools', () => {
    expect(offending('model/', (to) => /^(src|tools)\//.test(to))).toEqual([]);
  });

  test('the runtime knows what a tool is, and no tool', () => {
    const concrete = imports.filter(
      ({ from, to, isDynamic }) =>
        from.startsWith('src/') &&
        to.startsWith('tools/') &&
        to !== 'tools/tool.ts' &&
        !from.startsWith('src/cli/') &&
        !isDynamic,
    );
    expect(concrete.map(arrow)).toEqual([]);
    expect(imports.filter(({ from }) => from === 'src/toolformer.ts').map(({ to }) => to)).toContain('tools/index.ts');
  });

  test('the loop knows no engine, no file and no command', () => {
    const loop = ['run', 'scanner', 'open-call', 'answered-calls', 'execute-call', 'splice', 'context', 'meter'];
    const reached = loop.flatMap((name) => [...reach(`src/${name}.ts`)]);
    expect(reached.filter((to) => /^src\/(engine\/onnx|cli|load-model|model-directory)/.test(to))).toEqual([]);
  });

  test('what Node alone has is imported only where a platform is spoken to', () => {
    const isPlatform = (from: string) =>
      PLATFORM.some((name) => (name.endsWith('/') ? from.startsWith(name) : from === name));
    const strangers = imports.filter(({ from, to }) => to.startsWith('node:') && !isPlatform(from));
    expect(strangers.map(arrow)).toEqual([]);
  });

  test('there is no circle, types aside', () => {
    for (const file of files) expect([...reach(file)], `what ${file} imports`).not.toContain(file);
  });
});

test.each([
  ['onnxruntime-node', /^src\/engine\/onnx\//],
  ['commander', /^src\/cli\//],
  ['cli-progress', /^src\/cli\//],
  ['mathjs', /^tools\/calculator/],
  ['@vitalets/google-translate-api', /^tools\/translator\//],
  ['@huggingface/tokenizers', /^src\/text\//],
  ['@huggingface/jinja', /^src\/text\//],
])('%s is imported in one place', (name, place) => {
  const users = imports.filter(({ to }) => to === name || to.startsWith(`${name}/`));
  expect(users.length).toBeGreaterThan(0);
  expect(users.filter(({ from }) => !place.test(from)).map(arrow)).toEqual([]);
});

test('only the command line imports the command line', () => {
  const users = imports.filter(({ from, to }) => to.startsWith('src/cli/') && !from.startsWith('src/cli/'));
  expect(users.map(arrow)).toEqual([]);
});

test('every file says in its first lines what it is', () => {
  const silent = files.filter((file) => !/^(#!.*\n)?\/\*\*/.test(readFileSync(join(root, file), 'utf8')));
  expect(silent).toEqual([]);
});

function offending(folder: string, isForbidden: (to: string) => boolean): string[] {
  return imports.filter(({ from, to }) => from.startsWith(folder) && isForbidden(to)).map(arrow);
}

function arrow({ from, to }: Import): string {
  return `${from} → ${to}`;
}

/** Every file that is loaded along with this one. */
function reach(file: string, seen = new Set<string>()): Set<string> {
  for (const { from, to, isDynamic, isType } of imports) {
    if (from !== file || isDynamic || isType || seen.has(to)) continue;
    seen.add(to);
    reach(to, seen);
  }
  return seen;
}

function importsOf(from: string): Import[] {
  const source = readFileSync(join(root, from), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statements = source.matchAll(
    /^(?:import|export)\b[^;'"]*?(?:from\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  );
  return [...statements].map(([statement, fixed, dynamic]) => {
    const isType = /^(import|export) type\b/.test(statement);
    const name = (fixed ?? dynamic)!;
    const isOwn = name.startsWith('.');
    const to = isOwn
      ? relative(root, join(root, dirname(from), name))
          .replaceAll('\\', '/')
          .replace(/\.js$/, '.ts')
      : name;
    return {
      from,
      to: isOwn && !files.includes(to) ? to.replace(/\.ts$/, '.tsx') : to,
      isDynamic: dynamic !== undefined,
      isType,
    };
  });
}

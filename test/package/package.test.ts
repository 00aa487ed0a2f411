/** What people get: the packed tarball, installed into an empty project. Needs the npm registry (or npm's cache). */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../helpers/embedded.js';

const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const typeRoots = join(root, 'node_modules/@types');
const LARGEST = 24e6; // bytes of the tarball; the embedded model has at most 16 MB

let folder: string;
let project: string;
let packed: { filename: string; size: number; files: { path: string }[] };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'toolformer-package-'));
  project = join(folder, 'project');
  // Without scripts: `npm test` has built dist, and other tests are using it.
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root);
  packed = JSON.parse(stdout)[0];
  await cp(join(root, 'test/package/consumer.ts'), join(project, 'consumer.ts'));
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const tarball = join(folder, packed.filename);
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], project);
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the tarball', () => {
  it('holds what it must', () => {
    const paths = packed.files.map(({ path }) => path);
    const must = [
      'package.json',
      'README.md',
      'README.ko.md',
      'LICENSE',
      'CHANGELOG.md',
      'dist/src/cli/main.js',
      'model/embedded/model.onnx',
    ];
    expect(must.filter((path) => !paths.includes(path))).toEqual([]);
  });

  it('holds nothing else', () => {
    const wanted =
      /^(package\.json|README(\.ko)?\.md|LICENSE|(CHANGELOG|CONTRIBUTING)\.md|examples\/[^/]+\.js|dist\/.+\.(js|d\.ts)|model\/embedded\/[^/]+)$/;
    expect(packed.files.map(({ path }) => path).filter((path) => !wanted.test(path))).toEqual([]);
    expect(packed.files.filter(({ path }) => /(^|\/)(test|train)\//.test(path))).toEqual([]);
  });

  it('is small', () => {
    console.log(`${packed.filename}: ${(packed.size / 1e6).toFixed(1)} MB, ${packed.files.length} files`);
    expect(packed.size).toBeLessThan(LARGEST);
  });
});

describe('installed into an empty project', () => {
  it.each(['toolformer', 'toolformer/tools', 'toolformer/testing'])('%s can be imported', async (name) => {
    const source = `console.log(Object.keys(await import('${name}')).sort().join())`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', source], project);
    const expected: Record<string, string[]> = {
      toolformer: ['Toolformer', 'defineTool'],
      'toolformer/tools': ['calculator', 'calendar', 'defaultTools', 'translator'],
      'toolformer/testing': ['ByteTokenizer', 'ScriptedEngine', 'scriptedModel'],
    };
    expect(stdout.trim().split(',')).toEqual(expect.arrayContaining(expected[name]!));
  });

  it('npx toolformer answers --version', async () => {
    const { stdout } = await run('npx', ['--no-install', 'toolformer', '--version'], project);
    expect(stdout.trim()).toBe(version);
  });

  it('npx toolformer answers with the embedded model', async () => {
    const words = ['toolformer', '--device', 'cpu', 'What is 37 times 48?'];
    const { stdout } = await run('npx', ['--no-install', ...words], project);
    expect(stdout).toMatch(/\b1,?776\b/);
  });

  it('needs no declarations but its own and zod', async () => {
    const home = join(project, 'node_modules/toolformer');
    const { exports } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
    const entries = ['.', './tools', './testing'].map((name) => join(home, exports[name].types));
    expect([...(await packagesNamedFrom(entries))]).toEqual(['zod']);
  });

  it('consumer.ts uses every name that is exported', async () => {
    const consumer = await readFile(join(project, 'consumer.ts'), 'utf8');
    const declarations = ['src/index', 'tools/index', 'src/testing'].map((name) => join(root, 'dist', `${name}.d.ts`));
    const sources = await Promise.all(declarations.map((path) => readFile(path, 'utf8')));
    const lists = sources.flatMap((source) =>
      [...source.matchAll(/^export (?:type )?\{([^}]+)\}/gm)].map(([, list]) => list!),
    );
    const names = lists
      .flatMap((list) => list.split(',').map((name) => name.replace(/.* as |\btype\b/g, '').trim()))
      .filter(Boolean);
    expect(names).toContain('Toolformer');
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(consumer))).toEqual([]);
  });

  // Without skipLibCheck: every declaration that is reached is checked, ours and zod's.
  it.each([
    ['Node', ['--lib', 'es2023', '--types', 'node', '--typeRoots', typeRoots]],
    ['a browser', ['--lib', 'es2023,dom,dom.asynciterable,esnext.disposable', '--types', '']],
  ])('its declarations pass tsc --strict with the types of %s', async (_, types) => {
    const flags = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--outDir', 'out', ...types];
    const compiled = await run(process.execPath, [compiler, ...flags, 'consumer.ts'], project).catch(({ stdout }) => ({
      stdout,
    }));
    expect(compiled.stdout).toBe('');
  });

  it('the compiled program runs', async () => {
    const source = `console.log(JSON.stringify(await (await import('./out/consumer.js')).main()))`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', source], project);
    const { answer, parts, conversation } = JSON.parse(stdout);
    expect(answer.text).toBe('We have 12 pieces.');
    expect(answer.calls).toMatchObject([{ toolName: 'stock', input: { sku: 'A-17' }, output: '12' }]);
    expect(parts.join('')).toBe('You are welcome.stop');
    expect(conversation).toMatchObject({ version: 1, system: 'Be brief.' });
  });
});

/** Names of the packages that declarations import, followed through our own files. */
async function packagesNamedFrom(files: string[], seen = new Set<string>(), names = new Set<string>()) {
  for (const file of files) {
    if (seen.has(file)) continue;
    seen.add(file);
    await stat(file);
    const source = await readFile(file, 'utf8');
    const specifiers = [...source.matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)].map((match) => match[1]!);
    for (const name of specifiers.filter((specifier) => !specifier.startsWith('.'))) names.add(name);
    const own = specifiers.filter((specifier) => specifier.startsWith('.'));
    const next = own.map((specifier) => join(dirname(file), specifier.replace(/\.js$/, '.d.ts')));
    await packagesNamedFrom(next, seen, names);
  }
  return names;
}

/** Runs a program as a user would: without what `npm test` puts into the environment. */
function run(program: string, words: string[], cwd: string) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|config_(local_prefix|onnxruntime))/.test(name),
  );
  const env = {
    ...Object.fromEntries(inherited),
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    TOOLFORMER_CACHE: join(folder, 'cache'),
  };
  return promisify(execFile)(program, words, { cwd, env, timeout: 240_000, maxBuffer: 64e6 });
}

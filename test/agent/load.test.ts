import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Toolformer } from '#dist/src/index.js';
import { type RandomModel, randomModel } from '../helpers/random-model.js';
import { stock } from './helpers.js';

let folder: string;
let files: RandomModel;
beforeAll(async () => {
  files = await randomModel();
  folder = await mkdtemp(join(tmpdir(), 'toolformer-load-'));
});
afterAll(async () => {
  await files?.remove();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A copy of the model to be broken. */
async function copy(name: string, change: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(folder, name);
  await cp(files.directory, path, { recursive: true });
  await change(path);
  return path;
}

async function edit(path: string, change: (json: Record<string, unknown>) => void): Promise<void> {
  const json = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  change(json);
  await writeFile(path, JSON.stringify(json));
}

/** The one line that says why the model cannot be loaded. */
async function failure(model: string): Promise<string> {
  const loading = Toolformer.load({ model, device: 'cpu' });
  const message = await loading.then(
    async (agent) => {
      await agent.close();
      return '';
    },
    (error: Error) => error.message,
  );
  expect(message).not.toContain('\n');
  return message.replaceAll(folder, '');
}

describe('a model that cannot be used says why in one line', () => {
  test('where there is no such folder', async () => {
    expect(await failure(join(folder, 'nowhere'))).toBe(
      'There is no model at /nowhere: expected "embedded" or a folder with config.json, tokenizer.json and model.onnx',
    );
  });

  test('where it is a file', async () => {
    const path = join(folder, 'file');
    await writeFile(path, '');
    expect(await failure(path)).toMatch(/^.*file.* (is a file|cannot be read|is missing|not a folder)/);
  });

  test.each(['config.json', 'tokenizer.json', 'tokenizer_config.json'])('where %s is missing', async (name) => {
    const path = await copy(`without-${name}`, (path) => rm(join(path, name)));
    expect(await failure(path)).toBe(`/without-${name}/${name} is missing`);
  });

  test('where the graphs are missing', async () => {
    const path = await copy('without-graphs', async (path) => {
      await rm(join(path, 'model.onnx'));
      await rm(join(path, 'model.rows.onnx'));
    });
    expect(await failure(path)).toMatch(/^\/without-graphs\/model\.onnx is missing/);
  });

  test('where the weights are missing', async () => {
    const path = await copy('without-weights', (path) => rm(join(path, 'model.onnx_data')));
    expect(await failure(path)).toMatch(/model\.onnx_data/);
  });

  test('where the graph is none', async () => {
    const path = await copy('no-graph', (path) => writeFile(join(path, 'model.rows.onnx'), 'not a graph'));
    expect(await failure(path)).toMatch(/^\/no-graph\/model\.rows\.onnx cannot be used: /);
  });

  test.each([
    ['config.json', 'is not JSON'],
    ['tokenizer.json', 'is not JSON'],
    ['tokenizer_config.json', 'is not JSON'],
    ['generation_config.json', 'is not JSON'],
  ])('where %s %s', async (name, what) => {
    const path = await copy(`broken-${name}`, (path) => writeFile(join(path, name), '{"a":'));
    expect(await failure(path)).toMatch(`/broken-${name}/${name} ${what}`);
  });

  test('where it is of another architecture', async () => {
    const path = await copy('other', (path) =>
      edit(join(path, 'config.json'), (json) => {
        json.architectures = ['GPT2LMHeadModel'];
      }),
    );
    expect(await failure(path)).toBe(
      '/other/config.json describes the architecture GPT2LMHeadModel; only LlamaForCausalLM is supported',
    );
  });

  test.each([
    ['num_hidden_layers', 1, '1, 2 and 8'],
    ['head_dim', 16, '2, 2 and 16'],
    ['num_key_value_heads', 4, '2, 4 and 8'],
  ])('where the graph is another one than config.json describes (%s)', async (field, value, described) => {
    const path = await copy(`other-${field}`, (path) =>
      edit(join(path, 'config.json'), (json) => {
        json[field] = value;
      }),
    );
    expect(await failure(path)).toBe(
      `/other-${field}/model.rows.onnx cannot be used: it has 2 layers, 2 key-value heads of size 8; config.json says ${described}`,
    );
  });

  test('where what config.json says beside the architecture is nonsense', async () => {
    const path = await copy('nonsense', (path) =>
      edit(join(path, 'config.json'), (json) => {
        json.toolformer = 5;
      }),
    );
    expect(await failure(path)).toMatch(/^\/nonsense\/config\.json: `toolformer`: /);
  });

  test('where the tokenizer does not fit the vocabulary', async () => {
    const path = await copy('unfit', (path) =>
      edit(join(path, 'tokenizer.json'), (json) => {
        (json.added_tokens as object[]).push({ id: 400, content: '<|more|>', special: true });
      }),
    );
    expect(await failure(path)).toBe('/unfit: tokenizer.json has 401 tokens, but config.json says vocab_size 272');
  });

  test('where the tokenizer is of no known kind', async () => {
    const path = await copy('strange', (path) =>
      edit(join(path, 'tokenizer.json'), (json) => {
        json.model = { type: 'Runes', vocab: {} };
      }),
    );
    expect(await failure(path)).toMatch(/^\/strange\/tokenizer\.json: `model\.type`: /);
  });

  test('where the chat template is missing or broken', async () => {
    const without = await copy('no-template', (path) =>
      edit(join(path, 'tokenizer_config.json'), (json) => {
        delete json.chat_template;
      }),
    );
    expect(await failure(without)).toMatch(/^\/no-template: this model has no chat template/);
    const broken = await copy('broken-template', (path) =>
      edit(join(path, 'tokenizer_config.json'), (json) => {
        json.chat_template = '{% for %}';
      }),
    );
    expect(await failure(broken)).toMatch(/^\/broken-template: the chat template cannot be used: /);
  });
});

test('a tokenizer that the library cannot build is named', async () => {
  const path = await copy('unbuilt', (path) =>
    edit(join(path, 'tokenizer.json'), (json) => {
      json.pre_tokenizer = { type: 'Tea leaves' };
    }),
  );
  expect(await failure(path)).toMatch(/^\/unbuilt: tokenizer\.json cannot be used: /);
});

test('a model that loads answers, and closing it twice does no harm', async () => {
  const agent = await Toolformer.load({ model: files.directory, device: 'cpu', tools: [] });
  expect(agent.info).toMatchObject({ model: files.directory, device: 'cpu', dtype: 'f32', vocabularySize: 272 });
  const [first, second] = [
    await agent.generate('Hi', { maxTokens: 20, temperature: 1, seed: 3 }),
    await agent.generate('Hi', { maxTokens: 20, temperature: 1, seed: 3 }),
  ];
  expect(first.text).not.toBe('');
  expect(second.text).toBe(first.text);
  expect(first.timing.loadMs).toBeGreaterThan(0);
  await Promise.all([agent.close(), agent.close()]);
  await agent.close();
  await expect(agent.generate('Hi')).rejects.toThrow('The engine is closed');
});

test.each<[string, object, string]>([
  ['tools that are none', { tools: [{}] }, 'Expected `tools` to be an array of what `defineTool` gave, got [{}]'],
  [
    'a tool alone',
    { tools: 'calculator' },
    'Expected `tools` to be an array of what `defineTool` gave, got "calculator"',
  ],
  [
    'tools that `defineTool` never saw',
    { tools: [{ name: 'it', description: 'it', input: stock.input, run: () => '' }] },
    'Expected `tools` to be an array of what `defineTool` gave',
  ],
  ['another isolation', { isolation: 'none' }, "Expected `isolation` to be 'thread' or 'process', got \"none\""],
  ['threads without end', { threads: 1e9 }, 'Expected `threads` to be a whole number from 0 to 256, got 1000000000'],
  [
    'a misspelled option',
    { modle: 'embedded' },
    'Expected options among model, device, tools, isolation, threads, onNotice, got `modle`',
  ],
  ['no model', { model: 5 }, 'Expected `model` to be a text or a loaded model, got 5'],
])('%s is refused before anything is loaded', async (_, options, message) => {
  await expect(Toolformer.load(options)).rejects.toThrow(TypeError);
  await expect(Toolformer.load(options)).rejects.toThrow(message);
});

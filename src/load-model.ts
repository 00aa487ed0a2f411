/** From a model's name to everything an answer needs: engine, tokenizer, chat template, call format. */
import type { CallFormat } from './calls/format.js';
import { CALL_TOKENS, inlineFormat } from './calls/inline.js';
import type { Engine } from './engine/engine.js';
import type { Isolation } from './engine/onnx/channel.js';
import { OnnxEngine } from './engine/onnx/client.js';
import { loadOnChosenDevice } from './engine/onnx/device/choose.js';
import type { SessionOptions } from './engine/onnx/protocol.js';
import { runtimeVersion } from './engine/onnx/runtime.js';
import { graphFor, knowsCalls, type ModelDirectory, readModelDirectory } from './model-directory.js';
import { ChatTemplate } from './text/chat-template.js';
import { ModelTokenizer, type Tokenizer } from './text/tokenizer.js';

export interface LoadedModel {
  engine: Engine;
  tokenizer: Tokenizer;
  template: ChatTemplate;
  format: CallFormat;
  loadMs: number;
}

export interface LoadModelOptions {
  device: string;
  /** Default: a thread on the CPU, a process elsewhere: graphics drivers print, and now and then they crash. */
  isolation: Isolation | undefined;
  /** Threads of the CPU provider; 0 lets the runtime choose. */
  threads: number;
  onNotice: (line: string) => void;
}

/** @throws {Error} with one line that says what is missing or does not fit */
export async function loadModel(model: string, options: LoadModelOptions): Promise<LoadedModel> {
  const start = performance.now();
  runtimeVersion();
  const directory = await readModelDirectory(model);
  if (!knowsCalls(directory)) throw new Error(noCalls(directory.path));
  const optionsFor = (device: string) => sessionOptions(directory, device, options.threads);
  const loadOn = async (device: string) =>
    OnnxEngine.load(await optionsFor(device), options.isolation ?? (device === 'cpu' ? 'thread' : 'process'));
  const engine =
    options.device === 'auto' ? loadOnChosenDevice(optionsFor, options.onNotice, loadOn) : loadOn(options.device);
  try {
    const text = readText(directory); // while the session loads in its thread
    return { engine: await engine, ...text, loadMs: performance.now() - start };
  } catch (error) {
    await engine.then((loaded) => loaded.close()).catch(() => {});
    throw error;
  }
}

async function sessionOptions(directory: ModelDirectory, device: string, threads: number): Promise<SessionOptions> {
  const { config, name, dtype } = directory;
  return {
    model: name,
    graph: await graphFor(directory, device),
    device,
    dtype,
    contextLength: config.contextLength,
    vocabularySize: config.vocabularySize,
    layers: config.layers,
    kvHeads: config.kvHeads,
    headSize: config.headSize,
    threads,
  };
}

function readText({ path, config, tokenizer: file, tokenizerConfig, eosIds }: ModelDirectory) {
  const tokenizer = named(`${path}: tokenizer.json`, () => new ModelTokenizer(file, tokenizerConfig));
  if (tokenizer.vocabularySize > config.vocabularySize) {
    throw new Error(
      `${path}: tokenizer.json has ${tokenizer.vocabularySize} tokens, but config.json says vocab_size ${config.vocabularySize}`,
    );
  }
  const { bos_token, eos_token, chat_template } = tokenizerConfig;
  const special = { bos_token: spelling(bos_token), eos_token: spelling(eos_token) };
  const eosId = special.eos_token === '' ? undefined : tokenizer.controlId(special.eos_token);
  const stopIds = eosIds.length > 0 ? eosIds : eosId === undefined ? [] : [eosId];
  const format = inlineFormat(tokenizer, stopIds);
  if (format === undefined || !chat_template) {
    throw new Error(noCalls(path));
  }
  const template = named(`${path}: the chat template`, () => new ChatTemplate(chat_template, special, tokenizer));
  return { tokenizer, template, format };
}

function noCalls(path: string): string {
  return `${path}: this model has no chat template with call tokens (${CALL_TOKENS.join(', ')}); other formats are not supported yet`;
}

/** What a library says of a broken file lacks the file's name. */
function named<Value>(what: string, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    throw new Error(`${what} cannot be used: ${error instanceof Error ? error.message : error}`);
  }
}

function spelling(token: string | { content: string } | null | undefined): string {
  return typeof token === 'string' ? token : (token?.content ?? '');
}

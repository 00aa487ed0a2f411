/** One ONNX session and the way tokens go through it. Knows graphs and tensors; no sampling, no messages. */
import './telemetry.js';
import './half-floats.js';

import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { type CacheLayout, type KeyValueCache, keyName, valueName } from './cache.js';
import { type CacheType, FeedbackCache } from './feedback-cache.js';
import { lastRows } from './logits.js';
import { NativeGate } from './native-gate.js';
import type { SessionOptions } from './protocol.js';
import { RowsCache } from './rows-cache.js';

/** Warnings of native code are none of the user's business; errors come as exceptions. */
const ONLY_FATAL = 4;

export class ModelSession {
  readonly options: SessionOptions;
  readonly #session: InferenceSession;
  readonly #gate: NativeGate;
  readonly #layout: CacheLayout;
  readonly #cacheType: CacheType | 'rows';
  readonly #idType: 'int64' | 'int32';

  private constructor(options: SessionOptions, session: InferenceSession, gate: NativeGate) {
    this.options = options;
    this.#session = session;
    this.#gate = gate;
    const { layers, kvHeads, headSize } = options;
    this.#layout = { layers, kvHeads, headSize, inputNames: session.inputNames };
    const inputs = new Map(session.inputMetadata.map((input) => [input.name, input]));
    const past = inputs.get(keyName(layers - 1, 'past_key_values'));
    const ids = inputs.get('input_ids');
    if (!past?.isTensor || !ids?.isTensor) {
      throw new Error(`it lacks the inputs input_ids and past_key_values.0 to ${layers - 1} (key and value)`);
    }
    const layersFound = session.inputNames.filter((name) => /^past_key_values\.\d+\.key$/.test(name)).length;
    const [, kvHeadsFound, , headSizeFound] = past.shape; // numbers, or names of dimensions that are open
    const isOther = (found: unknown, expected: number) => typeof found === 'number' && found !== expected;
    if (isOther(layersFound, layers) || isOther(kvHeadsFound, kvHeads) || isOther(headSizeFound, headSize)) {
      throw new Error(
        `it has ${layersFound} layers, ${kvHeadsFound} key-value heads of size ${headSizeFound}; config.json says ${layers}, ${kvHeads} and ${headSize}`,
      );
    }
    const logits = session.outputMetadata.find(({ name }) => name === 'logits');
    const vocabulary = logits?.isTensor ? logits.shape.at(-1) : undefined;
    if (isOther(vocabulary, options.vocabularySize)) throw new Error(otherVocabulary(vocabulary, options));
    this.#cacheType = inputs.has('attention_bias') ? 'rows' : past.type === 'float16' ? 'float16' : 'float32';
    this.#idType = ids.type === 'int32' ? 'int32' : 'int64';
  }

  /** @throws {Error} with one line that names the device or the graph that cannot be used, and why */
  static async load(options: SessionOptions, gate = new NativeGate()): Promise<ModelSession> {
    const { device, graph } = options;
    const offered = listSupportedBackends().map(({ name }) => name);
    if (!offered.includes(device)) {
      const platform = `${process.platform}-${process.arch}`;
      throw new Error(`The device ${device} is not offered on ${platform}; there are ${offered.join(', ')}`);
    }
    let session: InferenceSession | undefined;
    try {
      session = await gate.pass(() => InferenceSession.create(graph, sessionSettings(options)));
      const model = new ModelSession(options, session, gate);
      if (device !== 'cpu') await model.#tryOut();
      return model;
    } catch (error) {
      await session?.release();
      const what = device === 'cpu' ? graph : `The device ${device}`;
      throw new Error(`${what} cannot be used: ${reasonOf(error)}`);
    }
  }

  newCache(): KeyValueCache {
    return this.#cacheType === 'rows' ? new RowsCache(this.#layout) : new FeedbackCache(this.#layout, this.#cacheType);
  }

  /** Whether going back a single position costs this session a new evaluation, so that callers should keep states for it. */
  get needsCheckpoints(): boolean {
    return this.options.device === 'webgpu';
  }

  /**
   * Evaluates tokens after what the cache holds and appends them to it.
   * @param logitsToKeep how many of the last positions' logits are wanted: 1 to `tokens.length`
   * @returns [logitsToKeep, vocabulary] and the number of positions that were fed
   */
  async run(cache: KeyValueCache, tokens: readonly number[], logitsToKeep: number): Promise<RunResult> {
    const inputIds = this.#tokenTensor(tokens);
    const feeds: Record<string, Tensor> = { input_ids: inputIds, ...cache.feeds(tokens.length) };
    if (this.#layout.inputNames.includes('num_logits_to_keep')) {
      feeds.num_logits_to_keep = new Tensor('int64', BigInt64Array.of(BigInt(logitsToKeep)), []);
    }
    const outputs = await this.#gate.pass(() => this.#session.run(feeds));
    const logits = outputs.logits as Tensor;
    const vocabulary = logits.dims.at(-1);
    if (vocabulary !== this.options.vocabularySize) {
      throw new Error(`${this.options.graph} cannot be used: ${otherVocabulary(vocabulary, this.options)}`); // left open until now
    }
    cache.append(outputs, tokens.length);
    return { logits: lastRows(logits, logitsToKeep), evaluatedTokens: inputIds.dims[1]! };
  }

  async release(): Promise<void> {
    await this.#gate.pass(() => this.#session.release());
  }

  /** A device that lacks an operation or a number type says so at the first run, not at load. */
  async #tryOut(): Promise<void> {
    const cache = this.newCache();
    await this.run(cache, [0], 1);
    cache.release();
  }

  #tokenTensor(tokens: readonly number[]): Tensor {
    const shape = [1, tokens.length];
    return this.#idType === 'int64'
      ? new Tensor('int64', BigInt64Array.from(tokens, BigInt), shape)
      : new Tensor('int32', Int32Array.from(tokens), shape);
  }
}

function sessionSettings({ device, threads, layers }: SessionOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    logSeverityLevel: ONLY_FATAL,
    ...(threads > 0 && { intraOpNumThreads: threads }),
    interOpNumThreads: 1,
    // Threads that spin between runs starve the main thread on small machines.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    // WebGPU is the only provider whose tensors can stay on the device in Node.
    ...(device === 'webgpu' && { preferredOutputLocation: outputLocations(layers) }),
  };
}

/** Causes that a user can mend, said in the user's words. */
const CAUSES: readonly [RegExp, string][] = [
  [/Failed to load shared library/, 'its libraries are not installed'],
  [
    /Failed to get a WebGPU adapter/,
    'no WebGPU adapter was found; it takes a graphics driver and, on Linux, the Vulkan loader (package libvulkan1)',
  ],
];

/** The runtime's messages begin with source positions and conditions: the sentence that tells the cause stands last. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const known = CAUSES.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return known[1];
  return text
    .replace(/^[\s\S]*was false\. /, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function otherVocabulary(found: unknown, { vocabularySize }: SessionOptions): string {
  return `it has a vocabulary of ${found} tokens; config.json says ${vocabularySize}`;
}

export interface RunResult {
  logits: Float32Array; // [logitsToKeep, vocabulary]
  evaluatedTokens: number;
}

/** Keys and values stay on the device; only logits come back. The names must be known before the session exists. */
function outputLocations(layers: number): Record<string, 'cpu' | 'gpu-buffer'> {
  const locations: Record<string, 'cpu' | 'gpu-buffer'> = { logits: 'cpu' };
  for (let layer = 0; layer < layers; layer++) {
    locations[keyName(layer, 'present')] = 'gpu-buffer';
    locations[valueName(layer, 'present')] = 'gpu-buffer';
  }
  return locations;
}

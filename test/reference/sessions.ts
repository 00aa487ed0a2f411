/** Drives the two graphs of a converted model in the plainest way: no engine, no reuse of buffers. */
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type LlamaConfig, readLlamaConfig } from '#dist/model/config.js';

export interface GraphSession {
  /** The logits [kept][vocabulary] of the last `keep` of these tokens; 0 keeps all. */
  step(tokens: readonly number[], keep?: number): Promise<number[][]>;
  release(): Promise<void>;
}

export async function openGraphs(directory: string): Promise<{ standard: GraphSession; rows: GraphSession }> {
  const { config } = await readLlamaConfig(join(directory, 'config.json'));
  return { standard: await openStandard(directory, config), rows: await openRows(directory, config) };
}

/** `model.onnx`: `present` goes back in as `past_key_values`. */
export async function openStandard(directory: string, config: LlamaConfig): Promise<GraphSession> {
  const session = await open(directory, 'model.onnx');
  const empty = () => floats(new Float32Array(0), [1, config.kvHeads, 0, config.headSize]);
  let past: Record<string, Tensor> = Object.fromEntries(
    cacheNames(config).map((name) => [`past_key_values.${name}`, empty()]),
  );
  let length = 0;
  return {
    async step(tokens, keep = 0) {
      const total = length + tokens.length;
      const outputs = await session.run({
        ...inputs(tokens, length, keep),
        attention_mask: integers(Array(total).fill(1), [1, total]),
        ...past,
      });
      past = Object.fromEntries(
        cacheNames(config).map((name) => [`past_key_values.${name}`, outputs[`present.${name}`] as Tensor]),
      );
      length = total;
      return split(outputs.logits as Tensor);
    },
    release: () => session.release(),
  };
}

/** `model.rows.onnx`: the new rows are appended; row 0 is a dummy that is never seen. */
export async function openRows(directory: string, config: LlamaConfig): Promise<GraphSession> {
  const session = await open(directory, 'model.rows.onnx');
  const row = config.kvHeads * config.headSize;
  const cache = new Map(cacheNames(config).map((name) => [name, Array.from({ length: row }, () => 1e3)]));
  let length = 0;
  return {
    async step(tokens, keep = 0) {
      const past = [...cache].map(([name, values]): [string, Tensor] => [
        `past_key_values.${name}`,
        floats(Float32Array.from(values), [length + 1, config.kvHeads, 1, config.headSize]),
      ]);
      const bias = tokens.flatMap((_, i) =>
        Array.from({ length: 1 + length + tokens.length }, (_, column) =>
          column === 0 || column > 1 + length + i ? -1e9 : 0,
        ),
      );
      const outputs = await session.run({
        ...inputs(tokens, length, keep),
        attention_bias: floats(Float32Array.from(bias), [tokens.length, 1 + length + tokens.length]),
        ...Object.fromEntries(past),
      });
      for (const [name, values] of cache) values.push(...((outputs[`present.${name}`] as Tensor).data as Float32Array));
      length += tokens.length;
      return split(outputs.logits as Tensor);
    },
    release: () => session.release(),
  };
}

function open(directory: string, name: string): Promise<InferenceSession> {
  return InferenceSession.create(join(directory, name), { intraOpNumThreads: 1, logSeverityLevel: 3 });
}

function inputs(tokens: readonly number[], start: number, keep: number): Record<string, Tensor> {
  return {
    input_ids: integers(tokens, [1, tokens.length]),
    position_ids: integers(
      tokens.map((_, i) => start + i),
      [1, tokens.length],
    ),
    num_logits_to_keep: integers([keep], []),
  };
}

function cacheNames({ layers }: LlamaConfig): string[] {
  return Array.from({ length: layers }, (_, layer) => [`${layer}.key`, `${layer}.value`]).flat();
}

function integers(values: readonly number[], shape: number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), shape);
}

function floats(values: Float32Array, shape: number[]): Tensor {
  return new Tensor('float32', values, shape);
}

function split({ data, dims }: Tensor): number[][] {
  const vocabulary = dims[2]!;
  return Array.from({ length: dims[1]! }, (_, i) => [
    ...(data as Float32Array).subarray(i * vocabulary, (i + 1) * vocabulary),
  ]);
}

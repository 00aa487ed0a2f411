/** `toolformer convert SOURCE DIR`: weights of a LLaMA to a model folder, with a progress bar. */
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import { BLOCKS, type Block, DTYPES, type Dtype } from '../../model/weights/dtype.js';
import { ExitCode, notice } from './exit.js';
import { interruption } from './interruption.js';

interface ConvertFlags {
  dtype: Dtype;
  block: Block;
  force?: true;
}

export function convertCommand(): Command {
  return new Command('convert')
    .description('turn the weights of a LLaMA into a model folder')
    .argument('<source>', 'a Hugging Face folder (config.json, *.safetensors), or a llama2.c checkpoint (.bin)')
    .argument('<directory>', 'the model folder to write')
    .addOption(new Option('--dtype <type>', 'how weights are stored').choices(DTYPES).default('q4'))
    .option('--block <n>', `weights that share a scale, for q4 and q8: ${BLOCKS.join(', ')}`, parseBlock, 32)
    .option('--force', 'overwrite the folder')
    .exitOverride()
    .action(run);
}

async function run(source: string, directory: string, { dtype, block, force }: ConvertFlags): Promise<void> {
  const { convert } = await import('../../model/convert.js');
  const { knowsCalls, readModelDirectory } = await import('../model-directory.js');
  const { CALL_TOKENS } = await import('../calls/inline.js');
  const { signal, wasInterrupted, dispose } = interruption();
  const bar = process.stderr.isTTY ? new SingleBar(BAR) : undefined;
  let size = 0;
  try {
    const onProgress = (done: number, total: number) => {
      size = total;
      if (!bar) return;
      const payload = { megabytes: megabytes(done), totalMegabytes: megabytes(total) };
      if (bar.isActive) bar.update(done, payload);
      else bar.start(total, done, payload);
    };
    await convert({ source, directory, dtype, block, overwrite: force === true, onProgress, signal });
    bar?.stop();
    notice(`Wrote ${directory}: ${dtype}, ${megabytes(size)} MB.`);
    if (!knowsCalls(await readModelDirectory(directory))) notice(noCalls(CALL_TOKENS));
  } catch (error) {
    bar?.stop();
    if (!wasInterrupted()) throw error;
    notice('Interrupted; nothing was written.');
    process.exitCode = ExitCode.interrupted;
  } finally {
    dispose();
  }
}

function noCalls(tokens: readonly string[]): string {
  return `It cannot answer yet: so far toolformer runs only models with a chat template and the call tokens ${tokens.join(', ')}.`;
}

const BAR = {
  format: 'Converting {bar} {percentage}% | {megabytes} of {totalMegabytes} MB | {eta_formatted} left',
  barCompleteChar: '█',
  barIncompleteChar: '░',
  stream: process.stderr,
};

function parseBlock(text: string): Block {
  const block = BLOCKS.find((block) => String(block) === text);
  if (block === undefined) throw new InvalidArgumentError(`Expected one of ${BLOCKS.join(', ')}.`);
  return block;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

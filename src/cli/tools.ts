/** Which tools the flags and settings ask for. */
import { defaultTools, translationProviders } from '../../tools/index.js';
import type { Tool } from '../../tools/tool.js';
import { UsageError } from './exit.js';

/** @param names from `--tools`; false for `--no-tools`, undefined for the default ones */
export function chooseTools(names: string[] | false | undefined): readonly Tool[] {
  if (names === false) return [];
  const tools = defaultTools({ translator: translatorSettings() });
  if (names === undefined) return tools;
  const wanted = new Set(names.map((name) => name.trim()).filter((name) => name !== ''));
  const known = tools.map(({ name }) => name).join(', ');
  if (wanted.size === 0) throw new UsageError(`--tools names no tool; there are ${known}, and --no-tools for none`);
  return [...wanted].map((name) => {
    const tool = tools.find((candidate) => candidate.name === name);
    if (tool === undefined) throw new UsageError(`there is no tool ${name}; there are ${known}`);
    return tool;
  });
}

function translatorSettings() {
  const { TOOLFORMER_TRANSLATOR: name, TOOLFORMER_TRANSLATOR_URL: baseUrl } = process.env;
  const names = Object.keys(translationProviders);
  if (name && !names.includes(name)) {
    throw new UsageError(`TOOLFORMER_TRANSLATOR is ${name}; it can be ${names.join(', ')}`);
  }
  if (baseUrl && !/^https?:$/.test(protocolOf(baseUrl))) {
    throw new UsageError(`TOOLFORMER_TRANSLATOR_URL is ${baseUrl}; it can be an http or https address`);
  }
  return { ...(name && { provider: name as keyof typeof translationProviders }), ...(baseUrl && { baseUrl }) };
}

function protocolOf(address: string): string {
  return URL.canParse(address) ? new URL(address).protocol : '';
}

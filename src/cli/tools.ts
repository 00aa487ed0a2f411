/** Which tools the flags and settings ask for. */
import { defaultTools, translationProviders } from '../../tools/index.js';
import type { Tool } from '../../tools/tool.js';
import { UsageError } from './exit.js';

/** @param names from `--tools`; false for `--no-tools`, undefined for the default ones */
export function chooseTools(names: string[] | false | undefined): readonly Tool[] {
  if (names === false) return [];
  const tools = defaultTools({ translator: translatorSettings() });
  if (names === undefined) return tools;
  return names.map((name) => {
    const tool = tools.find((candidate) => candidate.name === name.trim());
    if (tool === undefined) {
      throw new UsageError(`there is no tool ${name.trim()}; there are ${tools.map((known) => known.name).join(', ')}`);
    }
    return tool;
  });
}

function translatorSettings() {
  const { TOOLFORMER_TRANSLATOR: name, TOOLFORMER_TRANSLATOR_URL: baseUrl } = process.env;
  const names = Object.keys(translationProviders);
  if (name && !names.includes(name)) {
    throw new UsageError(`TOOLFORMER_TRANSLATOR is ${name}; it can be ${names.join(', ')}`);
  }
  return { ...(name && { provider: name as keyof typeof translationProviders }), ...(baseUrl && { baseUrl }) };
}

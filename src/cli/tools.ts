/** Which tools the flags and settings ask for. */
import { defaultTools } from '../../tools/index.js';
import type { Tool } from '../../tools/tool.js';
import { UsageError } from './exit.js';

export async function chooseTools(names: string[] | false | undefined): Promise<readonly Tool[]> {
  if (names === false) return [];
  const tools = defaultTools();
  if (names === undefined) return tools;
  return names.map((name) => {
    const tool = tools.find((candidate) => candidate.name === name.trim());
    if (tool === undefined) {
      throw new UsageError(`there is no tool ${name.trim()}; there are ${tools.map((known) => known.name).join(', ')}`);
    }
    return tool;
  });
}

import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { giveChatTokens } from '../helpers/chat-model.js';
import { type ChildOptions, runNode } from '../helpers/child.js';
import { convertStories } from '../helpers/stories.js';

const stories = await convertStories();
const chatty = await convertStories();
await giveChatTokens(chatty.directory);
const agentProgram = fileURLToPath(new URL('../helpers/agent-program.js', import.meta.url));
const program = fileURLToPath(new URL('../helpers/engine-program.js', import.meta.url));

describe.each(['thread', 'process'] as const)('a program that never closes its engine, in a %s,', (isolation) => {
  const run = (ending: string, afterMs = 0, options?: ChildOptions) =>
    runNode([program, JSON.stringify(stories.options()), isolation, ending, String(afterMs)], options);

  test.each(['open', 'break', 'unread'])('ends by itself (%s)', async (ending) => {
    const ended = await run(ending);
    expect(ended).toMatchObject({ code: 0, signal: null, stdout: 'running\n', stderr: '' });
    expect(await sessionsOf(stories.directory)).toEqual([]);
  });

  test('ends when it is interrupted in mid-answer', async () => {
    const ended = await run('interrupted', 0, { signal: { at: 'running', name: 'SIGINT' } });
    expect(ended).toMatchObject({ code: null, signal: 'SIGINT', stderr: '' });
    expect(await sessionsOf(stories.directory)).toEqual([]);
  });

  // At several moments, so that some fall into a native run: that used to abort the process.
  test.each(isolation === 'thread' ? [0, 3, 8, 20] : [3])('may exit in mid-answer (after %d ms)', async (afterMs) => {
    expect(await run('exit', afterMs)).toMatchObject({ code: 7, signal: null, stderr: '' });
  });

  test('may fail in mid-answer with its own error', async () => {
    const ended = await run('error', 5);
    expect(ended).toMatchObject({ code: 1, signal: null });
    expect(ended.stderr).toContain('an error of the program');
    expect(ended.stderr).not.toContain('terminate');
  });
});

describe.each(['thread', 'process'] as const)('a program that never closes its agent, in a %s,', (isolation) => {
  const run = (ending: string, options?: ChildOptions) =>
    runNode([agentProgram, chatty.directory, isolation, ending], options);

  test.each(['end', 'break'])('ends by itself (%s)', async (ending) => {
    expect(await run(ending)).toMatchObject({ code: 0, signal: null, stdout: 'running\n', stderr: '' });
    expect(await sessionsOf(chatty.directory)).toEqual([]);
  });

  test('ends when it is interrupted in mid-answer', async () => {
    const ended = await run('interrupted', { signal: { at: 'running', name: 'SIGINT' } });
    expect(ended).toMatchObject({ code: null, signal: 'SIGINT', stderr: '' });
    expect(await sessionsOf(chatty.directory)).toEqual([]);
  });

  test('may fail while it reads the answer', async () => {
    const ended = await run('error');
    expect(ended).toMatchObject({ code: 1, signal: null });
    expect(ended.stderr).toContain('an error of the program');
  });
});

/** Process ids of sessions of this model that are still there (Linux; nothing elsewhere). */
async function sessionsOf(directory: string): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  for (let attempt = 0; ; attempt++) {
    const alive: string[] = [];
    for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const maps = await readFile(`/proc/${id}/maps`, 'utf8').catch(() => '');
      if (maps.includes(directory)) alive.push(id);
    }
    if (alive.length === 0 || attempt === 20) return alive;
    await new Promise((resolve) => setTimeout(resolve, 50)); // a child process hears of its parent's end a moment later
  }
}

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Printer } from '#dist/src/cli/printer.js';
import type { StreamPart } from '#dist/src/index.js';

let printed: string;
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const HOSTILE = 'a\u001b[2J\u009b2J\r\u0007\u007f\tb\nc';
const call = { toolCallId: 'call-1', toolName: 'echo', input: {} };
const parts: StreamPart[] = [
  { type: 'text-delta', text: HOSTILE },
  { type: 'tool-input-start', toolCallId: 'call-1', toolName: 'echo' },
  { type: 'tool-input-delta', toolCallId: 'call-1', delta: `${HOSTILE})` },
  { type: 'tool-result', ...call, output: HOSTILE, durationMs: 1 },
  { type: 'tool-error', ...call, error: HOSTILE },
];

async function print(options: { json?: boolean; isTerminal: boolean }): Promise<void> {
  const printer = new Printer({ json: false, showCalls: true, ...options });
  for (const part of parts) expect(await printer.print(part)).toBe(true);
}

const CONTROL = /[^\P{Cc}\t\n]/u;

test('a terminal obeys no control character of a model or a tool', async () => {
  await print({ isTerminal: true });
  expect(printed).not.toMatch(CONTROL);
  expect(printed.split('a␛[2J\ufffd2J␍␇␡\tb\nc')).toHaveLength(5);
});

test('a file gets the text as it is', async () => {
  await print({ isTerminal: false });
  expect(printed.split(HOSTILE)).toHaveLength(5);
});

test('JSON holds no control character and reads as it was', async () => {
  await print({ json: true, isTerminal: true });
  expect(printed).not.toMatch(CONTROL);
  const lines = printed.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(parts);
});

test('nothing more is printed once standard output is broken', async () => {
  const printer = new Printer({ json: false, showCalls: false, isTerminal: false });
  expect(await printer.print({ type: 'text-delta', text: 'heard' })).toBe(true);
  process.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  expect(await printer.print({ type: 'text-delta', text: 'unheard' })).toBe(false);
  expect(printed).toBe('heard');
});

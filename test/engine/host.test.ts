import { expect, test, vi } from 'vitest';
import { serve } from '#dist/src/engine/onnx/host.js';
import type { Request, ToClient, ToHost } from '#dist/src/engine/onnx/protocol.js';
import { ModelSession } from '#dist/src/engine/onnx/session.js';
import { convertStories } from '../helpers/stories.js';

const stories = await convertStories();

test('a session that cannot be released is an error, and the port is closed all the same', async () => {
  let receive: (message: ToHost) => void = () => {};
  const sent: ToClient[] = [];
  const close = vi.fn();
  const onMessage = (handler: typeof receive) => {
    receive = handler;
  };
  serve({ send: (message) => sent.push(message), receive: onMessage, close });
  const answered = async (id: number, request: Request) => {
    receive({ id, request });
    return vi.waitUntil(() => sent.find((message) => message.id === id), { timeout: 30_000 });
  };
  expect(await answered(0, { kind: 'load', options: stories.options() })).toHaveProperty('answer');
  expect(close).not.toHaveBeenCalled();
  const release = vi.spyOn(ModelSession.prototype, 'release').mockRejectedValue(new Error('device lost'));
  expect(await answered(1, { kind: 'close' })).toHaveProperty('error.message', 'device lost');
  release.mockRestore();
  await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
});

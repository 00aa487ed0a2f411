import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { OnnxEngine } from '#dist/src/engine/onnx/client.js';
import { giveChatTokens } from '../../helpers/chat-model.js';
import { runNode } from '../../helpers/child.js';
import { convertStories } from '../../helpers/stories.js';

const stories = await convertStories();
await giveChatTokens(stories.directory);
const main = fileURLToPath(new URL('../../../dist/src/cli/main.js', import.meta.url));

const answer = (device: string, isolation: string) =>
  runNode(
    [main, '--model', stories.directory, '--device', device, '--isolation', isolation, '--max-tokens', '4', 'Hi'],
    {
      env: { VK_ICD_FILENAMES: '/none.json', VK_DRIVER_FILES: '/none.json' },
    },
  );

test.each(['thread', 'process'])(
  'the model answers on the CPU in a %s, with nothing of the runtime on standard error',
  async (isolation) => {
    const stderr = 'The answer was cut off after 4 tokens (--max-tokens).\n';
    expect(await answer('cpu', isolation)).toMatchObject({ code: 0, stderr, stdout: expect.stringMatching(/\S/) });
  },
);

describe.each(['thread', 'process'])(
  'a device that was named is used or refused in one line (in a %s):',
  (isolation) => {
    test.skipIf(process.platform !== 'linux')('webgpu without a driver, and what it prints stays unseen', async () => {
      const { code, stdout, stderr } = await answer('webgpu', isolation);
      expect(stderr).toMatch(/^toolformer: The device webgpu cannot be used: no WebGPU adapter was found[^\n]*\n$/);
      expect([code, stdout]).toEqual([1, '']);
    });

    test.skipIf(process.platform !== 'linux')('one that this platform does not offer', async () => {
      const { code, stdout, stderr } = await answer('coreml', isolation);
      expect(stderr).toMatch(/^toolformer: The device coreml is not offered on linux-\w+; there are [\w, ]+\n$/);
      expect([code, stdout]).toEqual([1, '']);
    });
  },
);

test('a device that nobody knows is refused by the library too', async () => {
  const load = OnnxEngine.load({ ...stories.options('standard'), device: 'abacus' });
  await expect(load).rejects.toThrow('The device abacus is not offered on');
});

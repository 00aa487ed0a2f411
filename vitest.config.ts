import { defineConfig } from 'vitest/config';

const { TEST_REPORT } = process.env; // a file to write a JSON report to, beside what is printed

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks', // worker threads that end inside a native run abort the process; forks keep each file's engine to itself
    maxWorkers: 2,
    env: { ORT_DISABLE_TELEMETRY: '1' }, // for tests that run onnxruntime themselves
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', ...(TEST_REPORT ? [['json', { outputFile: TEST_REPORT }] as const] : [])],
  },
});

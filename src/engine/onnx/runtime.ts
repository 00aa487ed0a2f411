/** The installed onnxruntime-node. It is an optional dependency: its install script can fail where a package mirror is closed. */
import { createRequire } from 'node:module';

/** @throws {Error} that says how to install it, where it is missing */
export function runtimeVersion(): string {
  try {
    return (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version;
  } catch {
    throw new Error(
      'onnxruntime-node is not installed: run ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node',
    );
  }
}

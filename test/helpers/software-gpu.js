/** A Vulkan driver in software, so that the WebGPU path can be tested without a GPU. Installed by test/setup-optional.sh. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const PLACES = ['/usr/lib/chromium/vk_swiftshader_icd.json', '/opt/google/chrome/vk_swiftshader_icd.json'];

/** Environment variables that make it the only driver; undefined where it is not installed. */
export function softwareGpu() {
  const driver = PLACES.find((place) => existsSync(place));
  if (driver === undefined) return undefined;
  return {
    VK_ICD_FILENAMES: driver,
    VK_DRIVER_FILES: driver,
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? tmpdir(), // layers of the Vulkan loader complain without one
  };
}

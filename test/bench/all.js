/** `npm run bench [-- --model FOLDER]`: every script in this folder, one after the other, so that they do not disturb each other. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NO_BENCHES = ['all.js', 'figures.js'];
const folder = fileURLToPath(new URL('.', import.meta.url));

const benches = readdirSync(folder).filter((name) => name.endsWith('.js') && !NO_BENCHES.includes(name));
for (const name of benches.sort()) {
  console.log(`\n## ${name}`);
  const { status } = spawnSync(process.execPath, [`${folder}${name}`, ...process.argv.slice(2)], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

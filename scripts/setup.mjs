// Brings a fresh clone to a state in which turbo can run: installs the frozen dependencies when the lockfile changed.
// Never touches anything outside the repository and needs nothing but Node and npm.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.cache', 'bitnetmcu-lockfile.sha256');
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Node ${process.versions.node} found, 20.19 or newer wanted: install a current Node and run this again.`,
  );
  process.exit(1);
}

const hash = createHash('sha256')
  .update(readFileSync(join(root, 'pnpm-lock.yaml')))
  .digest('hex');
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8').trim() : '';
if (installed !== hash) {
  console.log('Installing dependencies (pnpm, frozen lockfile); about a minute on a cold cache …');
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // One string through the shell, because on Windows npx is a batch file; nothing in it comes from outside.
  const result = spawnSync(
    `npx -y --loglevel=error ${packageManager} install --frozen-lockfile --reporter=append-only`,
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: true,
      env: { ...process.env, CI: 'true', npm_config_update_notifier: 'false' },
    },
  );
  if (result.status !== 0) {
    console.error('\nThe installation failed. Is the npm registry reachable? Run `npm run setup` to try again.');
    process.exit(result.status ?? 1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${hash}\n`);
}

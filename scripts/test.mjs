// `npm test`: builds, tests every package and example but for the long tests, and says what was left out because a program is missing.
// `npm run test:long` (with --long): the long tests alone.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { isPresent, SYSTEM_PACKAGES } from './system-packages.mjs';
import { collectTests, REPORTS } from './test-results.mjs';
import { root } from './workspace.mjs';

const isLong = process.argv[2] === '--long';
const task = isLong ? ['test:long', ...process.argv.slice(3)] : ['test', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'turbo.mjs'), ...task], { stdio: 'inherit' });
console.log(isLong ? 'Long tests' : 'Tests');
const { passed, failed, skipped } = collectTests([isLong ? REPORTS.long : REPORTS.test]);
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
const missing = SYSTEM_PACKAGES.filter(([, probe]) => !isPresent(probe)).map(([name]) => name);
if (skipped.length > 0 && missing.length > 0) {
  console.log(
    `Tests are skipped where these are not installed (names of Debian packages): ${missing.join(', ')}. CI runs them.`,
  );
}
if (!isLong) console.log('The long tests are left out: `npm run test:long`.');
process.exit(status ?? 1);

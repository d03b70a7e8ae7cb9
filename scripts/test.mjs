// `npm test`: builds, tests every package and example, and says what was left out because a program is missing.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { isPresent, SYSTEM_PACKAGES } from './system-packages.mjs';
import { collectTests } from './test-results.mjs';
import { root } from './workspace.mjs';

const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'turbo.mjs'), 'test', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
console.log('Tests');
const { passed, failed, skipped } = collectTests();
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
const missing = SYSTEM_PACKAGES.filter(([, probe]) => !isPresent(probe)).map(([name]) => name);
if (skipped.length > 0 && missing.length > 0) {
  console.log(
    `Tests are skipped where these are not installed (names of Debian packages): ${missing.join(', ')}. CI runs them.`,
  );
}
process.exit(status ?? 1);

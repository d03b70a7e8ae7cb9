// Runs tasks by turbo with the workspace's own pnpm on PATH (turbo asks the package manager for the package graph).
import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tasks = process.argv.slice(2);
const turbo = join(root, 'node_modules', 'turbo', 'bin', 'turbo');
// One failing package must not keep the others from being tested.
const OPTIONS = ['--concurrency=2', '--log-order=grouped', '--log-prefix=none', '--continue=dependencies-successful'];
const result = spawnSync(process.execPath, [turbo, 'run', ...OPTIONS, ...tasks], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
  },
});
if (result.error) {
  console.error(`turbo could not be started (${result.error.message}): run \`npm run setup\`.`);
}
process.exit(result.status ?? 1);

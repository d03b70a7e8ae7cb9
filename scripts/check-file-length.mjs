// No file of hand-written code is longer than 300 lines, tests and scripts included: a longer one has two subjects.
//   node scripts/check-file-length.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handWrittenFilesAndTests } from './count-lines.mjs';
import { capture, root } from './workspace.mjs';

const MOST_LINES = 300;

/** Scripts of all folders, the examples' too. */
function scripts() {
  const listing = capture('git', ['ls-files', '-z', '*.mjs', '*.cjs', '*.js', '*.mts'], { cwd: root });
  const paths = listing.split('\0').filter((path) => path !== '');
  return paths.map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').trimEnd().split('\n').length }));
}

const long = [...handWrittenFilesAndTests(), ...scripts()].filter(({ lines }) => lines > MOST_LINES);
for (const { path, lines } of long) {
  console.error(`${path} has ${lines} lines, at most ${MOST_LINES} wanted: divide it by subject`);
  process.exitCode = 1;
}

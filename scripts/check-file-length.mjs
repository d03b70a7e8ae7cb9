// No file of hand-written code is longer than 300 lines, tests and scripts included: a longer one has two subjects.
//   node scripts/check-file-length.mjs
import { handWrittenFilesAndTests, scripts } from './count-lines.mjs';

const MOST_LINES = 300;

const long = [...handWrittenFilesAndTests(), ...scripts()].filter(({ lines }) => lines > MOST_LINES);
for (const { path, lines } of long) {
  console.error(`${path} has ${lines} lines, at most ${MOST_LINES} wanted: divide it by subject`);
  process.exitCode = 1;
}

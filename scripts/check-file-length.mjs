// No file of hand-written code is longer than 300 lines: a longer one has two subjects.
//   node scripts/check-file-length.mjs
import { handWrittenFiles } from './count-lines.mjs';

const MOST_LINES = 300;
/** Files that still have to be divided, with the length that they must not grow beyond. Nothing is added here. */
const STILL_LONGER = {
  'packages/mcu-runtime/c/src/bnm_run.c': 306,
  'packages/mcu-runtime/simulator/src/run.h': 315,
  'packages/mcu-runtime/src/sim/machine.ts': 360,
  'packages/models/src/accumulator-bounds.ts': 316,
  'packages/models/src/conformance/random-model.ts': 307,
  'packages/trainer/native/kernels/chain-convolution.h': 313,
  'packages/trainer/native/kernels/chain.h': 383,
  'packages/trainer/native/kernels/convolution.h': 324,
  'packages/trainer/src/engine/tfjs/tfjs-network.ts': 310,
  'packages/trainer/src/training/run.ts': 339,
};

const files = handWrittenFiles();
const lengths = new Map(files.map(({ path, lines }) => [path, lines]));
const complaints = [
  ...files.flatMap(({ path, lines }) => {
    const most = STILL_LONGER[path] ?? MOST_LINES;
    return lines > most ? [`${path} has ${lines} lines, at most ${most} wanted: divide it by subject`] : [];
  }),
  ...Object.keys(STILL_LONGER).flatMap((path) =>
    (lengths.get(path) ?? 0) > MOST_LINES ? [] : [`${path} is short enough now: take it out of STILL_LONGER`],
  ),
];
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;

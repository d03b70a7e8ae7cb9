// Looks at a folder of WAV files in class folders: parts, classes, rate, window.
import { join } from 'node:path';
import { classFiles, classFolders, SOUNDS } from '../class-files.js';
import type { DataSpecInput } from '../data-spec.js';
import { LoadBudget } from '../load-budget.js';
import { readRecordings } from '../wav/read-recordings.js';
import { windowOf } from '../wav/windows-of-recordings.js';
import { folderAssumptions, holdsClassFiles, partsOf, requireTwoClasses } from './class-parts.js';
import type { Assumption, InspectedKind, Overrides } from './inspection.js';

/** A rate that is proposed where the recordings have another. */
const LOW_RATE = 8000;
/** Values of a spectrum, and what is kept of it. */
const SPECTRUM = { window: 256, hop: 256, frame: 256, features: ['mel:16'] } as const;

/** For anomalies, which are found by giving back what was read, a sample is a spectrum where nothing else is asked for. */
function spectraFor(overrides: Overrides): typeof SPECTRUM | undefined {
  const asked = ['window', 'features', 'frame', 'filters'].some((key) => overrides[key] !== undefined);
  return overrides.task === 'anomaly' && !asked ? SPECTRUM : undefined;
}

export const inspectRecordings: InspectedKind = {
  title: 'a folder of WAV recordings in one folder for each class',
  matches: (found) => holdsClassFiles(found, SOUNDS),
  async inspect({ path, entries }, overrides) {
    const parts = partsOf(entries);
    const train = parts ? join(path, parts.train) : path;
    const labels = await classFolders(train, SOUNDS);
    const { files } = await classFiles(train, labels, SOUNDS);
    requireTwoClasses(train, labels, files, overrides);
    const given = overrides as {
      rate?: number;
      window?: number;
      hop?: number;
      groupEnd?: string;
      skipDamaged?: boolean;
    };
    const options = { rate: given.rate, groupEnd: given.groupEnd, skipDamaged: given.skipDamaged ?? false };
    const { recordings, rate, notes } = await readRecordings(train, labels, options, new LoadBudget());
    const spectra = spectraFor(overrides);
    const { window, hop } = windowOf(recordings, rate, { ...spectra, ...given });
    const seconds = (values: number) => `${Number((values / rate).toPrecision(3))} s`;
    const own: Assumption[] = [
      {
        what: `rate: ${rate} samples a second`,
        because: given.rate === undefined ? 'the lowest that occurs' : 'as asked',
        change: `--data-rate ${rate > LOW_RATE ? LOW_RATE : 2 * LOW_RATE}`,
      },
      {
        what: `samples: windows of ${window} values (${seconds(window)}), a new one every ${hop} (${seconds(hop)})`,
        because:
          given.window !== undefined ? 'as asked' : spectra ? 'a spectrum each' : 'a second, or the longest recording',
        change: `--window ${Math.max(1, window >> 1)} --hop ${Math.max(1, window >> 2)}`,
      },
      ...(spectra
        ? [
            {
              what: `features: ${spectra.features.join(', ')}`,
              because: 'what is normal is given back whole, and a sound has too many values',
              change: '--features bands:16, or --window 256 --features mel:8',
            },
          ]
        : []),
      {
        what: `what belongs together: ${given.groupEnd === undefined ? 'a file' : `files whose names agree up to '${given.groupEnd}'`}`,
        because: 'it is all in the training or all in the test part',
        change: '--data-group-end _',
      },
    ];
    const spec = {
      kind: 'recordings',
      train,
      ...(parts?.test && { test: join(path, parts.test) }),
      rate,
      window,
      hop,
      ...(spectra && { features: [...spectra.features], frame: spectra.frame }),
      ...overrides,
    } as DataSpecInput;
    return { spec, assumptions: folderAssumptions({ labels, files, parts, notes }, 'recordings', own) };
  },
};

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

/** Of other tasks: log-mel of frames of some 32 ms. The values themselves are many times as much memory, and are learned from worse. */
const MEL = ['mel:16'];
/** Hz that log-mel is made of at most where no rate is asked for: what tells sounds apart lies mostly below the half. */
const MEL_RATE = 16_000;
/** Windows are a second at most; shorter ones than this share of it have too few frames. */
const LEAST_WINDOW = 1 / 8;
/** In place of features: the values themselves. */
const NO_FEATURES = 'none';

/** For anomalies, which are found by giving back what was read, a sample is a spectrum where nothing else is asked for. */
function spectraFor(overrides: Overrides): typeof SPECTRUM | undefined {
  const asked = ['window', 'features', 'frame', 'filters'].some((key) => overrides[key] !== undefined);
  return overrides.task === 'anomaly' && !asked ? SPECTRUM : undefined;
}

/** Whether log-mel stands where nothing else was asked for. */
function mayBeMel(overrides: Overrides): boolean {
  const asked = ['features', 'filters', 'rawType'].some((key) => overrides[key] !== undefined);
  return overrides.task !== 'anomaly' && !asked;
}

/** What is asked for, without the word that stands for no features. */
function withoutNone({ features, ...others }: Overrides): Overrides {
  const isNone = Array.isArray(features) && features.length === 1 && features[0] === NO_FEATURES;
  return features === undefined || isNone ? others : { ...others, features };
}

function featuresAssumption(features: readonly string[], isSpectrum: boolean): Assumption {
  return {
    what: `features: ${features.join(', ')}`,
    because: isSpectrum
      ? 'what is normal is given back whole, and a sound has too many values'
      : 'the spectrum over time, in place of thousands of values',
    change: isSpectrum
      ? '--features bands:16, or --window 256 --features mel:8'
      : `--features mel:8, --features rms,crossings,bands:8, or --features ${NO_FEATURES} for the values themselves`,
  };
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
    const spectra = spectraFor(overrides);
    const look = async (mostRate?: number) => {
      const read = await readRecordings(train, labels, { ...options, mostRate }, new LoadBudget());
      return { ...read, mostRate, ...windowOf(read.recordings, read.rate, { ...spectra, ...given }) };
    };
    let found = await look(mayBeMel(overrides) ? MEL_RATE : undefined);
    const isMel = found.mostRate !== undefined && found.window >= LEAST_WINDOW * found.rate;
    // Recordings as they are keep their rate.
    if (found.mostRate !== undefined && !isMel) found = await look();
    const { rate, mostRate, window, hop, notes } = found;
    const features = spectra?.features ?? (isMel ? MEL : undefined);
    const seconds = (values: number) => `${Number((values / rate).toPrecision(3))} s`;
    const own: Assumption[] = [
      {
        what: `rate: ${rate} samples a second`,
        because:
          given.rate !== undefined
            ? 'as asked'
            : rate === mostRate
              ? 'what log-mel is made of at most'
              : 'the lowest that occurs',
        change: `--data-rate ${rate > LOW_RATE ? LOW_RATE : 2 * LOW_RATE}`,
      },
      {
        what: `samples: windows of ${window} values (${seconds(window)}), a new one every ${hop} (${seconds(hop)})`,
        because:
          given.window !== undefined ? 'as asked' : spectra ? 'a spectrum each' : 'a second, or the longest recording',
        change: `--window ${Math.max(1, window >> 1)} --hop ${Math.max(1, window >> 2)}`,
      },
      ...(features ? [featuresAssumption(features, spectra !== undefined)] : []),
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
      ...(features && { features: [...features] }),
      ...(spectra && { frame: spectra.frame }),
      ...withoutNone(overrides),
    } as DataSpecInput;
    return { spec, assumptions: folderAssumptions({ labels, files, parts, notes }, 'recordings', own) };
  },
};

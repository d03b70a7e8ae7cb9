// What is measured of a run, as columns of a table: one record a measure.
import type { FinishedRun } from '../run/run-record.js';
import type { ReportedFigures } from './experiment.js';

/** A number of each finished run, in the unit in which it is shown. */
export interface Measure {
  readonly title: string;
  readonly unit: '%' | 'nats' | 'bytes' | 'bits';
  /** Digits behind the point. */
  readonly digits: number;
  readonly better: 'higher' | 'lower' | 'neither';
  readonly meaning: string;
  /** Set where only studies that name it show it. */
  readonly special?: true;
  of(run: FinishedRun): number | undefined;
  reported?(figures: ReportedFigures): number | undefined;
}

const percent = (share: number | undefined) => (share === undefined ? undefined : 100 * share);

export const MEASURES = {
  test: {
    ...{ title: 'test', unit: '%', digits: 2, better: 'higher' },
    meaning: 'accuracy of the integer network on the test part, after the last epoch',
    of: ({ test }) => percent(test?.accuracy),
    reported: ({ test }) => test,
  },
  floatTest: {
    ...{ title: 'test, as trained', unit: '%', digits: 2, better: 'higher' },
    meaning: 'the same of the network as it is trained, with quantized weights and float sums',
    of: ({ floatTest }) => percent(floatTest?.accuracy),
  },
  validation: {
    ...{ title: 'validation', unit: '%', digits: 2, better: 'higher' },
    meaning: 'accuracy of the integer network on held-out training samples: what choices are made by',
    of: ({ validation }) => percent(validation?.integer.accuracy),
  },
  train: {
    ...{ title: 'train', unit: '%', digits: 2, better: 'higher' },
    meaning: 'accuracy over the steps of the last epoch, on augmented samples',
    of: ({ epochs }) => percent(epochs.at(-1)?.train.accuracy),
    reported: ({ train }) => train,
  },
  testLoss: {
    ...{ title: 'test loss', unit: 'nats', digits: 4, better: 'lower' },
    meaning: 'cross-entropy of the network as it is trained on the test part',
    of: ({ floatTest }) => floatTest?.loss,
    reported: ({ testLoss }) => testLoss,
  },
  trainLoss: {
    ...{ title: 'train loss', unit: 'nats', digits: 4, better: 'lower' },
    meaning: 'loss over the steps of the last epoch, on augmented samples',
    of: ({ epochs }) => epochs.at(-1)?.train.loss,
    reported: ({ trainLoss }) => trainLoss,
  },
  active: {
    ...{ title: 'active', unit: '%', digits: 1, better: 'neither' },
    meaning: 'activations above zero, as the next layer of the integer network reads them',
    of: ({ activity }) => percent(activity),
    reported: ({ active }) => active,
  },
  weightBytes: {
    ...{ title: 'weights', unit: 'bytes', digits: 0, better: 'lower' },
    meaning: 'packed weights',
    of: ({ weightBytes }) => weightBytes,
  },
  codeBits: {
    ...{ title: 'entropy', unit: 'bits', digits: 3, better: 'lower', special: true },
    meaning: 'of the weight codes of hidden linear layers, bits a weight',
    of: ({ hiddenCodes }) => hiddenCodes?.own,
  },
  neighbourBits: {
    ...{ title: 'by the neighbour', unit: 'bits', digits: 3, better: 'lower', special: true },
    meaning: 'bits of a weight code given that of the neuron before, with the table of their counts',
    of: ({ hiddenCodes }) => hiddenCodes?.byNeighbour,
  },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as MeasureName[];

export function measureOf(name: MeasureName): Measure {
  return MEASURES[name];
}

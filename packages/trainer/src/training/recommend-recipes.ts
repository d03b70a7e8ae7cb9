// How each kind of samples is trained: one record a kind. The figures were chosen by cross-validation (bench/own-data), never on test parts.
import type { Task } from '@bitnetmcu/models/internal';
import type { TrainingConfigInput } from './config.js';
import type { SampleKind } from './sample-kind.js';

type Augmentation = Exclude<NonNullable<TrainingConfigInput['augmentation']>, 'signal' | 'table'>;

export interface Recipe {
  /** Size of the preset for so many training samples of so many values. */
  readonly sizeFor: (trainingSamples: number, values: number) => 's' | 'm' | 'l';
  /** Optimizer steps of the whole run, as far as the bounds of epochs allow. */
  readonly steps: number;
  readonly leastEpochs: number;
  readonly mostEpochs: number;
  readonly learningRate: number;
  readonly optimizer: NonNullable<TrainingConfigInput['optimizer']>;
  readonly labelSmoothing: number;
  /** By task: values that are to be found must not be changed by what changes the sample. */
  readonly augmentations: Readonly<Record<Task, Augmentation>>;
}

/** Beyond it the weights of size m fill most of 16 kB of flash. */
const MANY_COLUMNS = 256;

const TABLE_NOISE = { kind: 'table', noise: 0.4 } as const;
const SIGNAL_CHANGES = { kind: 'signal', noise: 0.05, gain: 0.1, shift: 0.03, stretch: 0.05 } as const;
const SMALL_DEFORMATIONS: Augmentation = { rotation: 10, translation: 0.1, scale: [0.9, 1.1] };

export const RECIPES: Readonly<Record<SampleKind, Recipe>> = {
  table: {
    // Each value of a row costs as many weights as the hidden layer has outputs.
    sizeFor: (_, values) => (values > MANY_COLUMNS ? 's' : 'm'),
    steps: 3000,
    leastEpochs: 20,
    mostEpochs: 400,
    learningRate: 3e-3,
    optimizer: { kind: 'adamw', weightDecay: 0.5 },
    labelSmoothing: 0.1,
    augmentations: {
      classification: TABLE_NOISE,
      multiLabel: TABLE_NOISE,
      regression: TABLE_NOISE,
      // What is to be given back is the sample with its noise: none is learned away.
      anomaly: 'none',
    },
  },
  signal: {
    sizeFor: () => 'm',
    steps: 4000,
    leastEpochs: 20,
    mostEpochs: 300,
    learningRate: 3e-3,
    optimizer: { kind: 'adamw', weightDecay: 1 },
    labelSmoothing: 0.1,
    augmentations: {
      classification: SIGNAL_CHANGES,
      multiLabel: SIGNAL_CHANGES,
      // A factor or another speed may change the value that is to be found.
      regression: { ...SIGNAL_CHANGES, gain: 0, stretch: 0 },
      anomaly: 'none',
    },
  },
  image: {
    sizeFor: (samples) => (samples < 1000 ? 's' : 'm'),
    steps: 6000,
    leastEpochs: 30,
    mostEpochs: 200,
    learningRate: 2e-3,
    optimizer: { kind: 'adam' },
    labelSmoothing: 0.05,
    augmentations: {
      classification: SMALL_DEFORMATIONS,
      multiLabel: SMALL_DEFORMATIONS,
      regression: 'none',
      anomaly: 'none',
    },
  },
};

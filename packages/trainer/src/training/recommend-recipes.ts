// How each kind of samples is trained: one record a kind. The figures were chosen by cross-validation (bench/own-data), never on test parts.
import type { TrainingConfigInput } from './config.js';
import type { SampleKind } from './sample-kind.js';

export interface Recipe {
  /** Size of the preset for so many training samples. */
  readonly sizeFor: (trainingSamples: number) => 's' | 'm' | 'l';
  /** Optimizer steps of the whole run, as far as the bounds of epochs allow. */
  readonly steps: number;
  readonly leastEpochs: number;
  readonly mostEpochs: number;
  readonly learningRate: number;
  readonly optimizer: NonNullable<TrainingConfigInput['optimizer']>;
  readonly labelSmoothing: number;
  /** Absent: what the kind of samples has by default. */
  readonly augmentation?: TrainingConfigInput['augmentation'];
  readonly augmentationText: string;
}

export const RECIPES: Readonly<Record<SampleKind, Recipe>> = {
  table: {
    sizeFor: () => 'm',
    steps: 3000,
    leastEpochs: 20,
    mostEpochs: 400,
    learningRate: 3e-3,
    optimizer: { kind: 'adamw', weightDecay: 0.3 },
    labelSmoothing: 0.1,
    augmentation: 'none',
    augmentationText: 'no augmentation',
  },
  signal: {
    sizeFor: () => 'm',
    steps: 3000,
    leastEpochs: 20,
    mostEpochs: 400,
    learningRate: 3e-3,
    optimizer: { kind: 'adamw', weightDecay: 0.3 },
    labelSmoothing: 0.1,
    augmentation: 'none',
    augmentationText: 'no augmentation',
  },
  image: {
    sizeFor: (samples) => (samples < 1000 ? 's' : 'm'),
    steps: 6000,
    leastEpochs: 30,
    mostEpochs: 200,
    learningRate: 1e-3,
    optimizer: { kind: 'adam' },
    labelSmoothing: 0,
    augmentationText: 'augmentation: small rotations, shifts and changes of size',
  },
};

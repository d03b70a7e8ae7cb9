// From a data set to a training configuration that suits it, and what was assumed for it, in sentences for people.
import type { Dataset } from '../data/dataset.js';
import type { Assumption } from '../data/inspect/inspection.js';
import type { TrainingConfigInput } from './config.js';
import { RECIPES, type Recipe } from './recommend-recipes.js';
import { SAMPLE_NOUNS, sampleKind } from './sample-kind.js';

export interface Recommendation {
  /** All but `data`, `seed` and `output`. */
  readonly config: TrainingConfigInput & Required<Pick<TrainingConfigInput, 'network' | 'epochs' | 'batchSize'>>;
  readonly assumptions: readonly Assumption[];
}

/** Below it every sample is worth more in training than as a judge; the test part judges. */
const FEWEST_FOR_VALIDATION = 400;
const VALIDATION_SHARE = 0.1;
const MOST_VALIDATION = 5000;

/**
 * A configuration for own data: network, validation, batches, epochs, learning rate, loss and augmentation, from kind and number of samples.
 * The same data give the same configuration.
 */
export function recommendTraining(dataset: Pick<Dataset, 'shape' | 'labels' | 'train' | 'raw'>): Recommendation {
  const kind = sampleKind(dataset);
  const recipe = RECIPES[kind];
  const { count } = dataset.train;
  const validation =
    count < FEWEST_FOR_VALIDATION ? 0 : Math.min(MOST_VALIDATION, Math.round(VALIDATION_SHARE * count));
  const trained = count - validation;
  const size = recipe.sizeFor(trained);
  const network = `${kind}-${size}` as const;
  const batchSize = batchFor(trained);
  const epochs = epochsFor(recipe, trained, batchSize);
  const samples = `${count} training samples`;
  return {
    config: {
      network,
      validation,
      batchSize,
      epochs,
      learningRate: recipe.learningRate,
      schedule: { kind: 'cosine', end: 0 },
      optimizer: recipe.optimizer,
      loss: [{ kind: 'crossEntropy', labelSmoothing: recipe.labelSmoothing }],
      ...(recipe.augmentation !== undefined && { augmentation: recipe.augmentation }),
    },
    assumptions: [
      {
        what: `network ${network}`,
        because: `${SAMPLE_NOUNS[kind]} of ${dataset.shape.join('×')} values, ${samples}`,
        change: `--preset ${kind}-s, ${kind}-m, ${kind}-l, or --network FILE`,
      },
      validation === 0
        ? {
            what: 'no samples held out for validation',
            because: `of ${samples} none can be spared; the test part judges`,
            change: '--validation COUNT',
          }
        : {
            what: `${validation} samples held out for validation`,
            because: `${validation === MOST_VALIDATION ? 'as many as are useful' : 'a tenth'} of ${samples}`,
            change: '--validation COUNT',
          },
      {
        what: `${epochs} epochs in batches of ${batchSize}`,
        because: `about ${Math.ceil(trained / batchSize) * epochs} steps suit ${SAMPLE_NOUNS[kind]}`,
        change: '--epochs, --batch-size, --learning-rate',
      },
      { what: recipe.augmentationText, because: `samples are ${SAMPLE_NOUNS[kind]}`, change: '--augmentation' },
    ],
  };
}

/** Few samples want many small steps: a power of two near 1/60 of them. */
function batchFor(samples: number): number {
  const exponent = Math.round(Math.log2(samples / 60));
  return 2 ** Math.min(7, Math.max(4, exponent));
}

function epochsFor({ steps, mostEpochs, leastEpochs }: Recipe, samples: number, batchSize: number): number {
  const wanted = Math.ceil(steps / Math.ceil(samples / batchSize));
  return Math.min(mostEpochs, Math.max(leastEpochs, wanted));
}

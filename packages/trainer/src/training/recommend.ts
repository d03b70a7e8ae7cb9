// From a data set to a training configuration that suits it, and what was assumed for it, in sentences for people.
import { elementCount, type PresetName, type Task, taskOf } from '@bitnetmcu/models/internal';
import type { Dataset } from '../data/dataset.js';
import { fitInput } from '../data/fit.js';
import type { Assumption } from '../data/inspect/inspection.js';
import type { TrainingConfigInput } from './config.js';
import { presetForData } from './preset-for-data.js';
import { RECIPES, type Recipe } from './recommend-recipes.js';
import { SAMPLE_NOUNS, type SampleKind, sampleKind } from './sample-kind.js';
import type { ReadSamples } from './smaller-samples.js';
import { type SizeChoice, sizeThatFits } from './smallest-part.js';
import { stratifiedNumbers } from './validation-split.js';

export interface Recommendation {
  /** All but `data`, `seed` and `output`. */
  readonly config: TrainingConfigInput & {
    readonly network: PresetName;
    readonly validation: number;
    readonly epochs: number;
    readonly batchSize: number;
  };
  readonly assumptions: readonly Assumption[];
}

type Looked = Pick<Dataset, 'shape' | 'labels' | 'train' | 'raw' | 'output' | 'frontEnd'> & ReadSamples;

/** Below it every sample is worth more in training than as a judge; the test part judges. */
const FEWEST_FOR_VALIDATION = 400;
const VALIDATION_SHARE = 0.1;
const MOST_VALIDATION = 5000;
/** Normal samples that only say how far from its input a normal sample may be. */
const THRESHOLD_SHARE = 0.2;
/** The largest class this many times the smallest: from here on each class counts as much as the others. */
const UNBALANCED = 2;

/**
 * A configuration for own data: network, validation, batches, epochs, learning rate, loss and augmentation, from kind, number and classes of the
 * samples. The same data give the same configuration.
 */
export function recommendTraining(dataset: Looked): Recommendation {
  const kind = sampleKind(dataset);
  const recipe = RECIPES[kind];
  const { count } = dataset.train;
  const validation = validationFor(dataset);
  const trained = count - validation;
  const choice = chooseNetwork(kind, recipe.sizeFor(trained, elementCount(dataset.shape)), dataset);
  const batchSize = batchFor(trained);
  const augmentation = recipe.augmentations[taskOf(dataset)];
  const stepsPerEpoch = Math.ceil((trained * passesOf(augmentation)) / batchSize);
  const epochs = epochsFor(recipe, stepsPerEpoch);
  const { loss, assumed } = lossFor(recipe, dataset);
  return {
    config: {
      network: choice.network,
      validation,
      batchSize,
      epochs,
      learningRate: recipe.learningRate,
      schedule: { kind: 'cosine', end: 0 },
      optimizer: recipe.optimizer,
      augmentation,
      ...(loss && { loss }),
    },
    assumptions: [
      networkAssumption(kind, choice, dataset),
      validationAssumption(validation, wantedValidation(dataset), count),
      {
        what: `${epochs} epochs in batches of ${batchSize}`,
        because: `${epochs * stepsPerEpoch} steps, of about ${recipe.steps} that suit ${SAMPLE_NOUNS[kind]}`,
        change: '--epochs, --batch-size, --learning-rate',
      },
      {
        what: describeAugmentation(augmentation),
        because: `samples are ${SAMPLE_NOUNS[kind]}`,
        change: `--augmentation none${kind === 'image' ? '' : `, --augmentation-noise SHARE`}`,
      },
      ...assumed,
    ],
  };
}

/** Sizes of tables go by columns alone, which are all that their memory depends on. */
function chooseNetwork(kind: SampleKind, size: 's' | 'm' | 'l', dataset: Looked): SizeChoice {
  if (kind === 'table') return { network: `table-${size}` };
  // Pixels are given back by linear layers: maxima of convolutions forget where what they found was.
  if (givesImagesBack(kind, dataset)) return { network: 'table-s', because: 'linear layers give a small image back' };
  return sizeThatFits(kind, size, dataset);
}

function givesImagesBack(kind: SampleKind, dataset: Looked): boolean {
  return kind === 'image' && taskOf(dataset) === 'anomaly';
}

function networkAssumption(kind: SampleKind, { network, because }: SizeChoice, dataset: Looked): Assumption {
  const { shape, train } = dataset;
  const fit = fitInput(shape, presetForData(network, dataset).input.shape);
  const made = fit.kind === 'resize' ? `, made smaller to ${[fit.channels, ...fit.to].join('×')}` : '';
  const presetsOf = givesImagesBack(kind, dataset) ? 'table' : kind;
  const samples = `${train.count} ${SAMPLE_NOUNS[kind]} of ${shape.join('×')} values to train with${made}`;
  return {
    what: `network ${network}`,
    because: because === undefined ? samples : `${samples}; ${because}`,
    change: `--preset ${['s', 'm', 'l'].map((size) => `${presetsOf}-${size}`).join(', ')}, or --network FILE`,
  };
}

/** Few samples are all worth more in training; of anomalies a fifth sets the threshold, which the trained ones would set too low. */
function validationFor(dataset: Looked): number {
  const wanted = wantedValidation(dataset);
  // What belongs together is held out as a whole, or not at all.
  return wanted > 0 && stratifiedNumbers(dataset.train, wanted, 0).length === 0 ? 0 : wanted;
}

function wantedValidation(dataset: Looked): number {
  const { count } = dataset.train;
  if (taskOf(dataset) === 'anomaly') return Math.min(MOST_VALIDATION, Math.round(THRESHOLD_SHARE * count));
  return count < FEWEST_FOR_VALIDATION ? 0 : Math.min(MOST_VALIDATION, Math.round(VALIDATION_SHARE * count));
}

function validationAssumption(validation: number, wanted: number, count: number): Assumption {
  const change = '--validation COUNT';
  if (validation === 0) {
    const because =
      wanted === 0
        ? `none of ${count} training samples can be spared; the test part judges`
        : 'a class is in one recording or group only, and these stay whole; the test part judges';
    return { what: 'no samples held out for validation', because, change };
  }
  const share =
    validation === MOST_VALIDATION ? 'more would judge no better' : `${Math.round((100 * validation) / count)} %`;
  return { what: `${validation} samples held out for validation`, because: `${share} of ${count}`, change };
}

/** Few samples want many small steps: a power of two near 1/60 of them. */
function batchFor(samples: number): number {
  return 2 ** Math.min(7, Math.max(4, Math.round(Math.log2(samples / 60))));
}

function epochsFor({ steps, mostEpochs, leastEpochs }: Recipe, stepsPerEpoch: number): number {
  return Math.min(mostEpochs, Math.max(leastEpochs, Math.ceil(steps / stepsPerEpoch)));
}

type Augmentation = Recipe['augmentations'][Task];

/** How often an epoch has each sample. */
function passesOf(augmentation: Augmentation): number {
  return typeof augmentation === 'string' ? 1 : (augmentation.plain ?? 1) + (augmentation.copies ?? 1);
}

function describeAugmentation(augmentation: Augmentation): string {
  if (typeof augmentation === 'string') return 'no augmentation';
  if (!('kind' in augmentation)) return 'augmentation: small rotations, shifts and changes of size';
  return augmentation.kind === 'table'
    ? 'augmentation: a little noise'
    : 'augmentation: a little noise, small shifts and changes of speed and size';
}

/** Of classes cross entropy, which the task of other samples has in its place. */
function lossFor(
  { labelSmoothing }: Recipe,
  dataset: Looked,
): { loss?: TrainingConfigInput['loss']; assumed: readonly Assumption[] } {
  if (taskOf(dataset) !== 'classification') return { assumed: [] };
  const counts = new Array<number>(dataset.labels.length).fill(0);
  for (const label of dataset.train.labels) counts[label]!++;
  const present = counts.filter((count) => count > 0);
  const [least, most] = [Math.min(...present), Math.max(...present)];
  if (most < UNBALANCED * least) return { loss: [{ kind: 'crossEntropy', labelSmoothing }], assumed: [] };
  const [rare, frequent] = [dataset.labels[counts.indexOf(least)]!, dataset.labels[counts.indexOf(most)]!];
  return {
    loss: [{ kind: 'crossEntropy', labelSmoothing, classWeights: 'balanced' }],
    assumed: [
      {
        what: 'every class counts as much as the others',
        because: `${frequent} has ${most} training samples, ${rare} ${least}`,
        change: "--loss '[{kind: crossEntropy}]'",
      },
    ],
  };
}

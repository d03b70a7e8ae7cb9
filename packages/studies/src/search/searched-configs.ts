// From a data set to the space that is searched for it, and from a point of that to a training configuration.
import type { NetworkSpec } from '@bitnetmcu/models';
import { elementCount, presets, type Task } from '@bitnetmcu/models/internal';
import {
  type DataSpecInput,
  type Dataset,
  parseTrainingConfig,
  type TrainingConfig,
  type TrainingConfigInput,
} from '@bitnetmcu/trainer';
import { recommendTraining } from '@bitnetmcu/trainer/internal';
import { StudyError } from '../errors.js';
import type { Genes } from '../samplers/space.js';
import type { SearchBudget } from './budget.js';
import { certainViolation } from './cost-model.js';
import { imageSpace } from './image-space.js';
import type { NetworkSpace } from './network-space.js';
import { signalSpace, tableSpace } from './value-spaces.js';

/** Held out where the recommendation would spare none: a search has nothing else to choose by. */
const FEW_VALIDATION = 0.25;
/** Factors of all widths that are tried on a network that is too large. */
const WIDTHS = Array.from({ length: 16 }, (_, i) => 0.85 ** i);

export interface SearchedConfigs {
  readonly networks: NetworkSpace;
  /** Of the longest runs. */
  readonly epochs: number;
  /**
   * The configuration of a point, made narrower until it may keep the budget; undefined where that is not enough.
   * @param width factor of all channels and widths to begin with; default 1
   */
  config(genes: Genes, width?: number): (TrainingConfig & { readonly network: NetworkSpec }) | undefined;
}

export interface SearchedConfigsOptions {
  readonly dataset: Pick<Dataset, 'shape' | 'labels' | 'train' | 'raw' | 'output'>;
  /** What the configuration names it by. */
  readonly data: DataSpecInput;
  readonly budget: SearchBudget;
  /** Of weights and order of samples, the same of all runs. */
  readonly seed: number;
  /** Of the longest runs; default: as recommended for the data, of images more where there is time. */
  readonly epochs?: number | undefined;
  /** How long the search may take. */
  readonly seconds?: number | undefined;
}

/** @throws StudyError `invalid-study` for data that networks of other sizes cannot be searched for */
export function searchedConfigs({
  dataset,
  data,
  budget,
  seed,
  epochs,
  seconds = 0,
}: SearchedConfigsOptions): SearchedConfigs {
  const { config } = recommendTraining(dataset);
  const kind = samplesOf(config.network);
  const task: Task = dataset.output?.task ?? 'classification';
  if (task === 'anomaly' && kind === 'image') {
    throw new StudyError(
      'invalid-study',
      'Networks for anomalies of images were asked for: classes, values or labels of images wanted, or anomalies of tables and signals. A network for anomalies gives back its input, whose size cannot be searched for.',
    );
  }
  const outputs = task === 'anomaly' ? elementCount(dataset.shape) : dataset.labels.length;
  const validation = config.validation === 0 ? FEW_VALIDATION : config.validation;
  const held = validation < 1 ? Math.round(validation * dataset.train.count) : validation;
  const searched = {
    shape: dataset.shape,
    outputs,
    trained: dataset.train.count - held,
    task,
    batchSize: config.batchSize,
  };
  const longest = epochs ?? Math.round(config.epochs * (kind === 'image' ? patience(seconds) : 1));
  const networks = { image: imageSpace, table: tableSpace, signal: signalSpace }[kind](searched, longest);
  const { loss } = config;
  const common: TrainingConfigInput = {
    ...(loss && { loss }),
    data,
    validation,
    seed,
    splitSeed: seed,
    engine: 'auto',
  };
  return {
    networks,
    epochs: longest,
    config(genes, first = 1) {
      for (const width of WIDTHS) {
        const network = networks.network(genes, first * width);
        if (certainViolation(network, budget) > 0) continue;
        const recipe = networks.recipe(genes);
        return { ...parseTrainingConfig({ ...common, ...recipe, ...lossOf(loss, recipe.loss), network }), network };
      }
      return undefined;
    },
  };
}

/** Small networks on deformed images still gain after the epochs that are recommended: up to four times as many, for an hour. */
function patience(seconds: number): number {
  return Math.min(4, Math.max(1, seconds / 900));
}

/** Samples are what the preset that is recommended for them is for. */
function samplesOf(network: keyof typeof presets): 'image' | 'table' | 'signal' {
  const preset = presets[network];
  return 'samples' in preset ? preset.samples : 'image';
}

type Loss = TrainingConfigInput['loss'];

/** The recipe's loss with the class weights that the data want. */
function lossOf(recommended: Loss, searched: Loss): { loss?: Loss } {
  if (searched === undefined) return {};
  const balanced = recommended?.some((term) => term.kind === 'crossEntropy' && term.classWeights === 'balanced');
  if (!balanced) return { loss: searched };
  return {
    loss: searched.map((term) =>
      term.kind === 'crossEntropy' ? { ...term, classWeights: 'balanced' as const } : term,
    ),
  };
}

// The quick form of an experiment: the same configurations on a few hundred samples for an epoch or two. It says whether everything runs.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { type Dataset, loadDataset, type Samples, type TrainingConfigInput } from '@bitnetmcu/trainer';
import { mergePatch } from '../study/merge-patch.js';
import type { Experiment, ExperimentStudy } from './experiment.js';

const TRAIN_SAMPLES = 640;
const TEST_SAMPLES = 200;
const MOST_EPOCHS = 2;
export const quickSeeds = 1;

/** Data in the place of MNIST. */
export type QuickData = NonNullable<TrainingConfigInput['data']>;

/**
 * Writes the first images of MNIST into a folder.
 * @throws TrainerError `data-not-found` where MNIST cannot be had
 */
export async function writeQuickData(folder: string): Promise<QuickData> {
  const dataset = await loadDataset({ kind: 'mnist' });
  mkdirSync(folder, { recursive: true });
  const [trainImages, trainLabels] = writePart(folder, 'train', dataset, TRAIN_SAMPLES);
  const [testImages, testLabels] = writePart(folder, 'test', dataset, TEST_SAMPLES);
  return { kind: 'idx', trainImages, trainLabels, testImages, testLabels };
}

function writePart(folder: string, part: 'train' | 'test', dataset: Dataset, count: number): [string, string] {
  const samples: Samples = dataset[part];
  const [height, width] = dataset.shape.slice(-2) as [number, number];
  const images = join(folder, `${part}-images.idx`);
  const labels = join(folder, `${part}-labels.idx`);
  writeFileAtomic(images, idx([count, height, width], samples.bytes.subarray(0, count * height * width)));
  writeFileAtomic(labels, idx([count], Uint8Array.from(samples.labels.subarray(0, count))));
  return [images, labels];
}

/** Bytes as an IDX file: two zeros, type 8 (unsigned byte), the number of dimensions and each as 32 bits, big-endian. */
function idx(dimensions: readonly number[], content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, 8, dimensions.length]);
  for (const [i, size] of dimensions.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, content]);
}

/** The experiment as its quick form: other data, epochs and seeds, the same configurations. */
export function quickForm(experiment: Experiment, data: QuickData): Experiment {
  const shortened = (config: TrainingConfigInput): TrainingConfigInput => ({
    ...config,
    ...{ data, epochs: Math.min(config.epochs ?? MOST_EPOCHS, MOST_EPOCHS) },
  });
  const quickStudy = (study: ExperimentStudy): ExperimentStudy => {
    const base = shortened(study.base);
    const [first, ...rest] = study.configurations.map(({ quick = {}, config = {}, ...one }) => {
      const merged = mergePatch(config, quick) as TrainingConfigInput;
      return { ...one, config: { ...merged, epochs: shortened({ ...base, ...merged }).epochs } };
    });
    return { ...study, base, seeds: quickSeeds, configurations: [first!, ...rest] };
  };
  const [study, ...studies] = experiment.studies;
  return {
    ...experiment,
    ...(experiment.teachers && {
      teachers: experiment.teachers.map((teacher) => ({ ...teacher, config: shortened(teacher.config) })),
    }),
    studies: [quickStudy(study), ...studies.map(quickStudy)],
  };
}

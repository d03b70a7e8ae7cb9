// A small data set that a tiny network learns, in idx files, so that processes of their own can load it; and requests of runs with it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTrainingConfig, Random, type TrainingConfig, type TrainingConfigInput } from '@bitnetmcu/trainer';

const SIDE = 12;

/** Stripes across or down, with noise. */
function stripes(count: number, seed: number): { images: Uint8Array; labels: Uint8Array } {
  const random = new Random(seed);
  const images = new Uint8Array(count * SIDE * SIDE);
  const labels = Uint8Array.from({ length: count }, () => random.nextBelow(2));
  for (let i = 0; i < images.length; i++) {
    const at = i % (SIDE * SIDE);
    const position = labels[Math.floor(i / (SIDE * SIDE))] ? at % SIDE : Math.floor(at / SIDE);
    images[i] = (position % 3 === 0 ? 60 : 0) + random.nextBelow(190);
  }
  return { images, labels };
}

function idx(dimensions: readonly number[], content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, 8, dimensions.length]);
  for (const [i, size] of dimensions.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, content]);
}

/** Writes the files; gives the data of a configuration. */
export function writeStripedFiles(folder: string, train = 1200, test = 200): TrainingConfig['data'] {
  const write = (name: string, count: number, seed: number) => {
    const { images, labels } = stripes(count, seed);
    const paths = [join(folder, `${name}-images.idx`), join(folder, `${name}-labels.idx`)] as const;
    writeFileSync(paths[0], idx([count, SIDE, SIDE], images));
    writeFileSync(paths[1], idx([count], labels));
    return paths;
  };
  const [trainImages, trainLabels] = write('train', train, 1);
  const [testImages, testLabels] = write('test', test, 2);
  return parseTrainingConfig({ data: { kind: 'idx', trainImages, trainLabels, testImages, testLabels } }).data;
}

/** A network of two layers, as a configuration of `train`. */
export function stripedConfig(data: TrainingConfig['data'], change: TrainingConfigInput = {}): TrainingConfig {
  return parseTrainingConfig({
    network: {
      name: 'stripes',
      input: { shape: [1, SIDE, SIDE] },
      layers: [
        { type: 'flatten', name: 'pixels' },
        { type: 'linear', name: 'fc1', outputs: 16, weights: { format: '4bitsym' } },
        { type: 'activation', name: 'relu', function: 'relu' },
        { type: 'linear', name: 'fc2', outputs: 2, weights: { format: '4bitsym' } },
      ],
    },
    data,
    epochs: 4,
    batchSize: 32,
    augmentation: 'none',
    ...change,
  });
}

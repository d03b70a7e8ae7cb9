// A study of a network of one layer in a folder, with the data beside it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths are relative to the file, which lies beside the folder of the data. */
const DATA = `{ kind: idx, trainImages: data/train-images.idx, trainLabels: data/train-labels.idx,
          testImages: data/test-images.idx, testLabels: data/test-labels.idx }`;
const NETWORK = `
    name: bars
    input: { shape: [1, 16, 16] }
    layers:
      - { type: flatten, name: pixels }
      - { type: linear, name: fc, outputs: 4, weights: { format: 4bitsym } }`;

/** Writes bars.yaml into `folder`, where writeSyntheticIdx has made `data`. */
export function writeStudy(folder: string, rest: string, epochs = 2): void {
  const text = `name: bars\nbase:\n  network: ${NETWORK}\n  data: ${DATA}\n  epochs: ${epochs}\n  augmentation: none\n${rest}`;
  writeFileSync(join(folder, 'bars.yaml'), text);
}

// A small learnable data set: stripes across or down, with noise.
import { type Dataset, makeDataset } from '../../data/dataset.js';
import { Random } from '../../random.js';

const SIDE = 6;

/** 6×6 images of two classes. */
export function stripedDataset(train = 300, test = 60): Dataset {
  const random = new Random(99);
  const part = (count: number) => {
    const bytes = new Uint8Array(count * SIDE * SIDE);
    const labels = new Uint16Array(count);
    for (let image = 0; image < count; image++) {
      labels[image] = random.nextBelow(2);
      for (let y = 0; y < SIDE; y++) {
        for (let x = 0; x < SIDE; x++) {
          const bright = (labels[image] ? x : y) % 3 === 0;
          bytes[(image * SIDE + y) * SIDE + x] = (bright ? 150 : 0) + random.nextBelow(100);
        }
      }
    }
    return { count, bytes, labels };
  };
  return makeDataset({
    name: 'stripes',
    train: part(train),
    test: part(test),
    shape: [1, SIDE, SIDE],
    labels: ['across', 'down'],
  });
}

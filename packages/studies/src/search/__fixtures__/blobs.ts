// A data set whose classes are easy to tell: each has a pattern of its own, and noise over it.
import type { Shape } from '@bitnetmcu/models';
import { type Dataset, makeDataset, Random } from '@bitnetmcu/trainer';

const CLASSES = 3;

export function blobs(shape: Shape, train = 300, test = 60): Dataset {
  const features = shape.reduce((product, side) => product * side, 1);
  const random = new Random(7);
  const patterns = Array.from({ length: CLASSES }, () =>
    Array.from({ length: features }, () => random.nextBetween(60, 196)),
  );
  const part = (count: number) => {
    const labels = Uint16Array.from({ length: count }, (_, i) => i % CLASSES);
    const bytes = Uint8Array.from({ length: count * features }, (_, i) => {
      const value = patterns[labels[Math.floor(i / features)]!]![i % features]!;
      return Math.max(0, Math.min(255, Math.round(value + random.nextBetween(-120, 120))));
    });
    return { count, bytes, labels };
  };
  return makeDataset({ name: 'blobs', shape, labels: ['a', 'b', 'c'], train: part(train), test: part(test) });
}

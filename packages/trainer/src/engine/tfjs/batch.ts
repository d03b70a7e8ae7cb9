// A batch of samples as TensorFlow.js takes it.
import type { NetworkSpec } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import type { Resident } from '../resident-samples.js';

export interface Batch {
  readonly size: number;
  /** size·features, preprocessed. */
  readonly samples: Float32Array;
  readonly labels: Uint16Array;
  readonly targets: Float32Array | undefined;
}

/** Samples by number, preprocessed as quantizeInput of @bitnetmcu/models does. */
export function gatherBatch(
  { input }: NetworkSpec,
  { bytes, labels, targets, count }: Resident,
  numbers: ArrayLike<number>,
): Batch {
  const features = elementCount(input.shape);
  const outputs = targets ? targets.length / count : 0;
  const { divisor, mean, deviation } = input.preprocessing;
  const table = Float32Array.from({ length: 256 }, (_, byte) => {
    const share = Math.fround(byte / Math.fround(divisor));
    return Math.fround(share - Math.fround(mean)) / Math.fround(deviation);
  });
  const size = numbers.length;
  const batch = {
    size,
    samples: new Float32Array(size * features),
    labels: new Uint16Array(size),
    targets: targets && new Float32Array(size * outputs),
  };
  for (let row = 0; row < size; row++) {
    const number = numbers[row]!;
    for (let i = 0; i < features; i++) batch.samples[row * features + i] = table[bytes[number * features + i]!]!;
    batch.labels[row] = labels[number]!;
    if (targets) batch.targets!.set(targets.subarray(number * outputs, (number + 1) * outputs), row * outputs);
  }
  return batch;
}

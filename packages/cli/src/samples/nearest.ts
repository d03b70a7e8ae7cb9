// The training sample that is nearest to a sample: what the network has seen that looks most like it.
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { type Dataset, fitInput, fitSamples } from '@bitnetmcu/trainer';

export interface Nearest {
  /** Number of the training sample. */
  readonly number: number;
  /** Its class. */
  readonly label: number;
}

/** Finds the nearest training samples by the squared distance of their bytes, in the model's input shape. */
export function nearestFinder({ train, shape }: Dataset, model: QuantizedModel): (values: Uint8Array) => Nearest {
  const { bytes, labels, count } = fitSamples(train, fitInput(shape, model.input.shape));
  const features = elementCount(model.input.shape);
  return (values) => {
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      let distance = 0;
      // What is further than the nearest so far need not be summed up.
      for (let k = 0; k < features && distance < least; k++) distance += (bytes[i * features + k]! - values[k]!) ** 2;
      if (distance < least) [least, nearest] = [distance, i];
    }
    return { number: nearest, label: labels[nearest]! };
  };
}

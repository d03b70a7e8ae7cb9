// A network with random weights as integers: its sizes are those of the trained one, and its cycles near to them.
import { quantize } from '@bitnetmcu/exporter';
import { staticScalesReason } from '@bitnetmcu/exporter/internal';
import type { NetworkSpec, QuantizedModel, TrainedNetwork } from '@bitnetmcu/models';
import { elementCount, networkParameters } from '@bitnetmcu/models/internal';
import { Random } from '@bitnetmcu/trainer';

/** Twice and six times the mean magnitude of normal weights of deviation 1. */
const [CLIP, WIDE_CLIP] = [1.6, 4.8];
const CALIBRATION_SAMPLES = 8;

/** @throws ExporterError where the network has no integer form, or its sums could overflow */
export function untrainedModel(spec: NetworkSpec): QuantizedModel {
  const random = new Random(1);
  const wide = new Set(
    spec.layers.flatMap((layer) =>
      'weights' in layer && layer.weights.format === '8bit' ? [`${layer.name}.clip`] : [],
    ),
  );
  const drawn = (key: string) => {
    if (key.endsWith('.clip')) return wide.has(key) ? WIDE_CLIP : CLIP;
    return key.endsWith('.bias') ? 0.1 * normal(random) : normal(random);
  };
  const parameters = Object.fromEntries(
    networkParameters(spec)
      .filter(({ required }) => required)
      .map(({ key, lengths }) => [key, Float32Array.from({ length: lengths[0]! }, () => drawn(key))]),
  );
  const network: TrainedNetwork = { spec, parameters, labels: [], provenance: {} };
  if (staticScalesReason(network) === undefined) return quantize(network).model;
  const values = CALIBRATION_SAMPLES * elementCount(spec.input.shape);
  const samples = Uint8Array.from(
    { length: values },
    () => 128 + Math.max(-128, Math.min(127, Math.round(40 * normal(random)))),
  );
  return quantize(network, { calibration: { samples } }).model;
}

/** Near to normal: the sum of four uniform numbers, of deviation 1. */
function normal(random: Random): number {
  const sum = random.nextFloat() + random.nextFloat() + random.nextFloat() + random.nextFloat();
  return (sum - 2) * Math.sqrt(3);
}

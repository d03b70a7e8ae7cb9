// Whether a network will have an integer form once it is trained: asked before hours of training, of the network as it will be then.
import type { TrainedNetwork } from '@bitnetmcu/models';
import { elementCount, networkParameters } from '@bitnetmcu/models/internal';
import { ExporterError } from '../errors.js';
import { quantizeTrained, staticScalesReason } from './quantize-trained.js';

/** Enough to find scales by; how good they are does not matter here. */
const PROBE_SAMPLES = 4;

/** What no training changes. Everything else (overflow, damaged weights) is of weights that this network does not have yet. */
const STRUCTURAL: readonly string[] = ['unsupported-graph', 'unfoldable-norm', 'float-layer'];

/**
 * Quantizes a copy whose biases and norm statistics are what training makes of them: no longer 0, no longer equal.
 * @param network before training
 * @throws ExporterError `unsupported-graph`, `unfoldable-norm`, `float-layer`: what `quantize` will throw after training, naming the layer.
 */
export function requireIntegerForm(network: TrainedNetwork): void {
  const parameters: Record<string, Float32Array> = { ...network.parameters };
  for (const { key, lengths } of networkParameters(network.spec)) {
    const length = network.parameters[key]?.length ?? lengths[0]!;
    if (key.endsWith('.bias')) parameters[key] = Float32Array.from({ length }, (_, i) => 0.01 * (1 + (i % 3)));
    if (key.endsWith('.norm.mean')) parameters[key] = Float32Array.from({ length }, (_, i) => 0.1 * (i + 1));
    if (key.endsWith('.norm.variance')) parameters[key] = new Float32Array(length).fill(1);
  }
  const trained = { ...network, parameters };
  try {
    if (staticScalesReason(trained) === undefined) {
      quantizeTrained(trained);
      return;
    }
    const values = PROBE_SAMPLES * elementCount(network.spec.input.shape);
    const samples = Uint8Array.from({ length: values }, (_, i) => (Math.imul(i + 1, 2_654_435_761) >>> 24) & 0xff);
    quantizeTrained(trained, {
      calibration: { samples },
      ranges: 'max',
      rounding: 'nearest',
      equalization: 'off',
    });
  } catch (error) {
    if (error instanceof ExporterError && STRUCTURAL.includes(error.code)) throw error;
  }
}

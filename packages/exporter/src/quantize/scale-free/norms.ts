// Norms at export. The integer network is scale-free, so a norm that only scales vanishes; one that moves features apart cannot.
import type { LayerOf, TrainedNetwork } from '@bitnetmcu/models';
import { ExporterError } from '../../errors.js';
import { unknownValue } from '../../unknown-value.js';

/**
 * Checks that a linear layer's norm does nothing but scale its whole input by one positive number.
 *
 * RMS and L1 norm do so by definition. Batch norm does where its gain/√variance is the same for every feature and its shift cancels
 * its mean. Layer norm subtracts each sample's mean, which int8 activations have no room for.
 * @throws ExporterError `unfoldable-norm` naming the layer and the remedy.
 */
export function requireScaleOnlyNorm(trained: TrainedNetwork, layer: LayerOf<'linear'>, features: number): void {
  switch (layer.norm) {
    case 'none':
    case 'rms':
    case 'l1':
      return;
    case 'layer':
      throw unfoldable(layer, "layer norm subtracts every sample's mean, which has no exact integer form");
    case 'batch': {
      const read = (parameter: string, fallback: number) =>
        trained.parameters[`${layer.name}.norm.${parameter}`] ?? new Float32Array(features).fill(fallback);
      const [mean, variance, gain, shift] = [read('mean', 0), read('variance', 1), read('gain', 1), read('shift', 0)];
      const factor = (i: number) => gain[i]! / Math.sqrt(variance[i]!);
      for (let i = 0; i < features; i++) {
        const same = factor(i) > 0 && Math.abs(factor(i) - factor(0)) <= 1e-6 * Math.abs(factor(0));
        const centred = Math.abs(shift[i]! - mean[i]! * factor(i)) <= 1e-6 * Math.abs(factor(i));
        if (!same || !centred) {
          throw unfoldable(
            layer,
            `batch norm ${same ? 'shifts' : 'scales'} feature ${i}${same ? '' : ' unlike feature 0'}, and folding that into quantized weights would move them off their levels`,
          );
        }
      }
      return;
    }
    default:
      throw unknownValue('norm', layer.norm);
  }
}

function unfoldable(layer: LayerOf<'linear'>, reason: string): ExporterError {
  return new ExporterError(
    'unfoldable-norm',
    `Layer ${layer.name}: ${reason}; set "norm": "rms" and train or fine-tune`,
    { layer: layer.name },
  );
}

// Fully connected presets: 256 inputs (16×16 pixels), three or two hidden layers, RMS norm before each linear layer.
import type { FormatName } from '@bitnetmcu/quant';
import type { NetworkSpecInput } from '../network-spec.js';

type LayerInput = NetworkSpecInput['layers'][number];

/** Linear layers `fc1`, `fc2`, … with a ReLU after each but the last. `formats[k]` is that of layer k+1, the last one for all that follow. */
export function linearLayers(sizes: readonly number[], formats: readonly FormatName[]): LayerInput[] {
  return sizes.flatMap((outputs, k): LayerInput[] => {
    const format = formats[Math.min(k, formats.length - 1)]!;
    const linear: LayerInput = { type: 'linear', name: `fc${k + 1}`, outputs, weights: { format } };
    return k === sizes.length - 1 ? [linear] : [linear, { type: 'activation', name: `relu${k + 1}`, function: 'relu' }];
  });
}

/** A chain of linear layers on 256 pixels. */
export function fullyConnected(
  name: string,
  hidden: readonly number[],
  classes: number,
  format: FormatName,
): NetworkSpecInput {
  return { name, input: { shape: [256] }, layers: linearLayers([...hidden, classes], [format]) };
}

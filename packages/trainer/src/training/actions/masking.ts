// Sets masks of a network that is compiled with them, and keeps everything else consistent: weights, biases and optimizer moments under a 0 are 0.
import type { ChannelGroup } from '@bitnetmcu/models/internal';
import type { TrainableNetwork } from '../../engine/engine.js';

/** A layer's weights with their mask and what the optimizer remembers of them. */
export interface MaskedLayer {
  readonly name: string;
  readonly weight: Float32Array;
  readonly mask: Float32Array;
  readonly moments: readonly Float32Array[];
}

export function maskedLayer({ parameters, state }: TrainableNetwork, name: string): MaskedLayer {
  const weight = parameters[`${name}.weight`]!;
  return { name, weight, mask: parameters[`${name}.mask`]!, moments: momentsOf(state, `${name}.weight`) };
}

/** Arrays of the state with a number for each of a parameter's. */
function momentsOf(state: TrainableNetwork['state'], parameter: string): Float32Array[] {
  return Object.entries(state)
    .filter(([key]) => key.startsWith(`${parameter}.`))
    .map(([, values]) => values);
}

export function maskWeight({ weight, mask, moments }: MaskedLayer, index: number): void {
  mask[index] = 0;
  weight[index] = 0;
  for (const values of moments) values[index] = 0;
}

/** The biases of outputs without any weight. */
export function dropBias({ parameters, state }: TrainableNetwork, layer: string, from: number, count: number): void {
  const name = `${layer}.bias`;
  for (const values of [parameters[name], ...momentsOf(state, name)]) values?.fill(0, from, from + count);
}

/** Takes a channel away: its rows with their biases, and the columns that read it. */
export function maskChannel(
  network: TrainableNetwork,
  { channels, rows, columns }: ChannelGroup,
  channel: number,
): void {
  for (const { layer, size } of rows) {
    const masked = maskedLayer(network, layer);
    const width = masked.weight.length / channels;
    for (let i = channel * width; i < (channel + 1) * width; i++) maskWeight(masked, i);
    dropBias(network, layer, channel * size, size);
  }
  for (const { layer, size } of columns) {
    const masked = maskedLayer(network, layer);
    const perOutput = size * channels;
    for (let row = 0; row < masked.weight.length; row += perOutput) {
      for (let i = channel * size; i < (channel + 1) * size; i++) maskWeight(masked, row + i);
    }
  }
}

/** Whether any weight of a channel's own is left. */
export function isLive(network: TrainableNetwork, { layer, channels }: ChannelGroup, channel: number): boolean {
  const { mask } = maskedLayer(network, layer);
  const width = mask.length / channels;
  return mask.subarray(channel * width, (channel + 1) * width).includes(1);
}

/** Weights that came from elsewhere, and biases of outputs without any, become 0 under the masks of now. */
export function applyMasks(network: TrainableNetwork): void {
  const { parameters } = network;
  for (const [key, mask] of Object.entries(parameters)) {
    if (!key.endsWith('.mask')) continue;
    const layer = key.slice(0, -'.mask'.length);
    const weight = parameters[`${layer}.weight`]!;
    for (let i = 0; i < weight.length; i++) if (mask[i] === 0) weight[i] = 0;
    const bias = parameters[`${layer}.bias`];
    const width = bias ? mask.length / bias.length : 0;
    for (const i of bias?.keys() ?? []) {
      if (!mask.subarray(i * width, (i + 1) * width).includes(1)) bias![i] = 0;
    }
  }
}

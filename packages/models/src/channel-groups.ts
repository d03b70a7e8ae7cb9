// Which outputs of a network can be taken away as a whole, and which weights go with them.
import { applyActivation } from './activations/index.js';
import { definitionOf } from './layers/index.js';
import type { NetworkSpec } from './network-spec.js';
import { inferShapes, isWeighted, type ResolvedLayer, weightDimensions } from './shapes.js';

/** A block of the rows or columns of a layer's weights for each channel: those from channel · size on. */
export interface ChannelBlocks {
  readonly layer: string;
  /** Rows or columns a channel. */
  readonly size: number;
}

/** The outputs of one layer, with everything that exists for them alone. */
export interface ChannelGroup {
  readonly layer: string;
  /** Neurons of a linear layer, channels of a convolution. */
  readonly channels: number;
  /** The layer itself, and the depthwise convolutions behind it. */
  readonly rows: readonly ChannelBlocks[];
  /** Layers that read all channels. */
  readonly columns: readonly ChannelBlocks[];
}

/** What the channels of a layer meet on their way: the group, or the layer that they cannot be taken from, and why. */
export type ChannelPath = ChannelGroup | { readonly layer: string; readonly obstacle: string };

/**
 * The layers whose outputs reach a later layer's weights: linear layers and convolutions that mix all channels, but for those whose outputs are
 * logits. A channel whose weights are all 0 gives 0 wherever it is read, and the layers behind give the same without it; where that is not so the
 * obstacle is named.
 * @throws ModelError as `inferShapes`
 */
export function channelPaths(spec: NetworkSpec): ChannelPath[] {
  const layers = inferShapes(spec);
  const last = layers.at(-1)!;
  const paths: ChannelPath[] = [];
  for (const resolved of layers) {
    const { layer, inputShapes } = resolved;
    if (!isWeighted(layer)) continue;
    const { outputs, groups } = weightDimensions(layer, inputShapes[0]!);
    if (groups === 1) paths.push(follow(layers, layer.name, outputs, last));
  }
  return paths;
}

/** The groups among the paths. */
export function channelGroups(spec: NetworkSpec): ChannelGroup[] {
  return channelPaths(spec).filter((path): path is ChannelGroup => !('obstacle' in path));
}

function follow(layers: readonly ResolvedLayer[], source: string, channels: number, last: ResolvedLayer): ChannelPath {
  const rows: ChannelBlocks[] = [{ layer: source, size: 1 }];
  const columns: ChannelBlocks[] = [];
  /** Tensors with the channels in them, and how many channels of theirs one is. */
  const tensors = new Map([[source, 1]]);
  for (const { layer, inputs, inputShapes } of layers) {
    const span = inputs.map((name) => tensors.get(name)).find((found) => found !== undefined);
    if (span === undefined) continue;
    const obstacle = obstacleOf(layer);
    if (obstacle !== undefined) return { layer: source, obstacle };
    if (!isWeighted(layer)) {
      tensors.set(layer.name, span);
      continue;
    }
    const input = inputShapes[0]!;
    const { outputs, perOutput, groups } = weightDimensions(layer, input);
    if (groups === 1) {
      columns.push({ layer: layer.name, size: perOutput / channels });
    } else if (groups === channels * span) {
      rows.push({ layer: layer.name, size: outputs / channels });
      tensors.set(layer.name, outputs / channels);
    } else {
      return { layer: source, obstacle: `${layer.name} reads its channels in ${groups} groups` };
    }
  }
  if (tensors.has(last.layer.name)) return { layer: source, obstacle: 'its outputs are the logits' };
  return { layer: source, channels, rows, columns };
}

/** Why a layer that reads a channel of zeros gives something else without it. */
function obstacleOf(layer: ResolvedLayer['layer']): string | undefined {
  const { name } = layer;
  switch (layer.type) {
    case 'activation':
      return applyActivation(layer.function, 0) === 0 ? undefined : `${name} makes other numbers of zeros`;
    case 'linear':
      return layer.norm === 'layer' || layer.norm === 'batch'
        ? `the ${layer.norm} norm of ${name} makes other numbers of zeros`
        : undefined;
    case 'conv2d':
    case 'maxPool2d':
    case 'avgPool2d':
    case 'crop':
    case 'flatten':
    case 'dropout':
      return undefined;
    case 'add':
      return `${name} adds other channels to its own`;
    default:
      return `nothing is known of what ${name} (${definitionOf(layer).meaning}) makes of it`;
  }
}

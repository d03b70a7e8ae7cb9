// Cross-layer equalization (Nagel et al. 2019, arXiv:1906.04721): between two layers with only ReLU, pools and flattening, channels are
// rescaled so that no channel's weights are much smaller than the others' before and behind.
import {
  consumersOf,
  type FloatLayer,
  type FloatNetwork,
  type FloatWeighted,
  isFloatWeighted,
  outputsOf,
  weightsPerOutput,
} from '../../float/float-network.js';
import { inputChannelOf } from '../../float/fold-affine.js';
import { detectGrid } from '../../float/grid.js';

/** Rescaling a pair disturbs the pairs beside it: a few rounds settle. */
const ROUNDS = 4;
/** Channels that hardly matter are not blown up beyond this. */
const LARGEST_FACTOR = 64;

/** The network with equalized weights; computes the same. Layers on a low-bit grid stay as they are. */
export function equalize(network: FloatNetwork): FloatNetwork {
  const layers = new Map(network.layers.map((layer) => [layer.name, layer]));
  const fixed = new Set(
    network.layers
      .filter((layer) => isFloatWeighted(layer) && detectGrid(layer.weight, outputsOf(layer)))
      .map(({ name }) => name),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name } of network.layers) {
      const before = layers.get(name)!;
      const behind = isFloatWeighted(before) ? pairedWith(network, before) : undefined;
      if (!isFloatWeighted(before) || !behind || fixed.has(name) || fixed.has(behind)) continue;
      const [first, second] = equalizedPair(before, layers.get(behind) as FloatWeighted);
      layers.set(name, first);
      layers.set(behind, second);
    }
  }
  return { ...network, layers: [...layers.values()] };
}

/** The next weighted layer, where everything between scales with its input. */
function pairedWith(network: FloatNetwork, layer: FloatLayer): string | undefined {
  const consumers = consumersOf(network.layers);
  let current = layer;
  for (;;) {
    const readers = consumers.get(current.name) ?? [];
    const [reader] = readers;
    if (readers.length !== 1 || !reader) return undefined;
    if (isFloatWeighted(reader)) return reader.name;
    const scales =
      (reader.op === 'relu' && reader.limit === Number.POSITIVE_INFINITY) ||
      reader.op === 'maxPool2d' ||
      reader.op === 'avgPool2d' ||
      reader.op === 'crop' ||
      reader.op === 'flatten';
    if (!scales) return undefined;
    current = reader;
  }
}

function equalizedPair(first: FloatWeighted, second: FloatWeighted): [FloatWeighted, FloatWeighted] {
  const channels = outputsOf(first);
  const channelOf = channelOfInputs(second, channels);
  const columns = weightsPerOutput(second);
  const [ranges, nextRanges] = [new Float64Array(channels), new Float64Array(channels)];
  const perOutput = weightsPerOutput(first);
  first.weight.forEach((w, i) => {
    const c = Math.floor(i / perOutput);
    ranges[c] = Math.max(ranges[c]!, Math.abs(w));
  });
  second.weight.forEach((w, i) => {
    const c = channelOf(Math.floor(i / columns), i % columns);
    nextRanges[c] = Math.max(nextRanges[c]!, Math.abs(w));
  });
  const factors = ranges.map((range, c) => {
    if (range === 0 || nextRanges[c] === 0) return 1;
    return Math.min(LARGEST_FACTOR, Math.max(1 / LARGEST_FACTOR, Math.sqrt(range / nextRanges[c]!)));
  });
  const bias = first.bias?.map((b, c) => b / factors[c]!);
  return [
    { ...first, weight: first.weight.map((w, i) => w / factors[Math.floor(i / perOutput)]!), bias },
    {
      ...second,
      weight: second.weight.map((w, i) => w * factors[channelOf(Math.floor(i / columns), i % columns)]!),
    },
  ];
}

/** Which channel of the layer before a weight reads: a linear layer may read maps flattened, several features a channel. */
function channelOfInputs(layer: FloatWeighted, channels: number): (output: number, column: number) => number {
  if (layer.op === 'conv2d') return inputChannelOf(layer);
  const positions = layer.inFeatures / channels;
  return (_, column) => Math.floor(column / positions);
}

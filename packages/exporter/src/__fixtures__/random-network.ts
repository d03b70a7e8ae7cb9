// Trained networks and inputs with random numbers from one seed, for tests.
import { inferShapes, type NetworkSpecInput, parseNetworkSpec, type TrainedNetwork } from '@bitnetmcu/models';
import { isWeighted, weightDimensions } from '@bitnetmcu/models/internal';
import { clippingPolicy, updateClips } from '@bitnetmcu/quant';

/** Uniform numbers in [0, 1): mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** About normal, deviation 1: the sum of twelve uniform numbers. */
function normal(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

/** A network with normal weights and the clipping scalars that its spec asks for. */
export function randomNetwork(spec: NetworkSpecInput, seed: number): TrainedNetwork {
  const parsed = parseNetworkSpec(spec);
  const random = randomNumbers(seed);
  const parameters: Record<string, Float32Array> = {};
  const layers = inferShapes(parsed);
  for (const { layer, inputShapes } of layers) {
    if (!isWeighted(layer)) continue;
    const { outputs, perOutput } = weightDimensions(layer, inputShapes[0]!);
    const weights = Float32Array.from({ length: outputs * perOutput }, () => normal(random) / Math.sqrt(perOutput));
    parameters[`${layer.name}.weight`] = weights;
    const { format, scaling, clipping } = layer.weights;
    if (format !== 'None') parameters[`${layer.name}.clip`] = updateClips(format, weights, clippingPolicy(clipping), { outputs, scaling });
  }
  const outputs = layers.at(-1)!.outputShape[0];
  const labels = Array.from({ length: outputs }, (_, i) => `class ${i}`);
  return { spec: parsed, parameters, labels, provenance: { tool: 'test', seed } };
}

/** `count` int8 values in [−128, 127], about half of them `background`, as in images. */
export function randomInputs(count: number, seed: number, background = -13): Int8Array {
  const random = randomNumbers(seed);
  return Int8Array.from({ length: count }, () => (random() < 0.5 ? background : Math.floor(random() * 256) - 128));
}

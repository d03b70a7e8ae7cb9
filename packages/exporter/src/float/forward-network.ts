// A FloatNetwork on several samples: the logits, or every layer's output.
import type { FloatNetwork } from './float-network.js';
import { forwardLayer } from './forward-layer.js';

/**
 * Outputs of every layer by name, and of `input`, for samples one after another.
 * @param samples values of the graph's input, in float.
 */
export function forwardNetwork(
  network: FloatNetwork,
  samples: ArrayLike<number>,
  count: number,
): Map<string, Float64Array> {
  const { inputFactor, inputOffset } = network;
  const outputs = new Map<string, Float64Array>([
    ['input', Float64Array.from(samples, (value) => value * inputFactor + inputOffset)],
  ]);
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((name) => outputs.get(name)!);
    outputs.set(layer.name, forwardLayer(layer, inputs, count));
  }
  return outputs;
}

// NetworkSpec → one forward function over named tensors, its parameters in a store.
import { inferShapes, type NetworkSpec } from '@bitnetmcu/models';
import { INPUT } from '@bitnetmcu/models/internal';
import { mixSeeds, Random } from '../../random.js';
import { type Activations, type ForwardPass, flattened, inLayout } from './forward-pass.js';
import type { CustomLayers } from './layers/custom.js';
import { layerBuildOf } from './layers/index.js';
import { ParameterStore } from './parameters.js';
import type { QuantizedWeights } from './quantized-weights.js';
import type { Tensor2D } from './tensors.js';

export interface BuiltNetwork {
  readonly store: ParameterStore;
  /** [batch, features] preprocessed samples, channel-major → [batch, outputs] logits. `observe` sees the output of every layer with weights. */
  forward(
    samples: Tensor2D,
    pass: ForwardPass,
    observe?: (weights: QuantizedWeights, output: Activations) => void,
  ): Tensor2D;
}

/** @throws TrainerError `unsupported-layer`; ModelError of shape inference. A layer's initial weights are drawn as in the compiled engine. */
export function buildNetwork(spec: NetworkSpec, seed: number, custom: CustomLayers): BuiltNetwork {
  const store = new ParameterStore();
  const layers = inferShapes(spec).map((resolved, i) => ({
    ...resolved,
    forward: layerBuildOf(resolved.layer)(resolved.layer, {
      store,
      custom,
      inputShape: resolved.inputShapes[0]!,
      outputShape: resolved.outputShape,
      random: new Random(mixSeeds(seed, i)),
    }),
  }));
  return {
    store,
    forward(samples, pass, observe) {
      const shape = spec.input.shape;
      const tensors = new Map<string, Activations>([
        [INPUT, { tensor: inLayout(samples, shape, pass), shape, computed: false }],
      ]);
      let last: Activations | undefined;
      for (const { layer, inputs, forward } of layers) {
        const [input, ...others] = inputs.map((name) => tensors.get(name)!);
        last = forward(input!, pass, ...others);
        tensors.set(layer.name, last);
        if (observe)
          for (const weights of store.weights.values()) if (weights.layer === layer.name) observe(weights, last);
      }
      return flattened(last!, pass);
    },
  };
}

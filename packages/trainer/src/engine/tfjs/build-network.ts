// NetworkSpec → one forward function over named tensors, its parameters in a store.
import { INPUT, inferShapes, type NetworkSpec, type ResolvedLayer } from '@bitnetmcu/models';
import { mixSeeds, Random } from '../../random.js';
import { type Activations, type ForwardPass, flattened, inLayout, type LayerForward } from './forward-pass.js';
import { buildActivation } from './layers/activation.js';
import { buildConv2d } from './layers/conv2d.js';
import { buildCustom, type CustomLayers } from './layers/custom.js';
import { buildDropout } from './layers/dropout.js';
import { buildAdd, buildCrop, buildFlatten } from './layers/elementwise.js';
import type { LayerBuilder } from './layers/layer-builder.js';
import { buildLinear } from './layers/linear.js';
import { buildAveragePool, buildMaxPool } from './layers/pool.js';
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
    forward: buildLayer(resolved, store, new Random(mixSeeds(seed, i)), custom),
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

function buildLayer(
  { layer, inputShapes, outputShape }: ResolvedLayer,
  store: ParameterStore,
  random: Random,
  custom: CustomLayers,
): LayerForward {
  const builder: LayerBuilder = { store, inputShape: inputShapes[0]!, outputShape, random };
  switch (layer.type) {
    case 'linear':
      return buildLinear(layer, builder);
    case 'conv2d':
      return buildConv2d(layer, builder);
    case 'activation':
      return buildActivation(layer);
    case 'maxPool2d':
      return buildMaxPool(layer, builder);
    case 'avgPool2d':
      return buildAveragePool(layer, builder);
    case 'crop':
      return buildCrop(layer, builder);
    case 'flatten':
      return buildFlatten(layer, builder);
    case 'add':
      return buildAdd(layer);
    case 'dropout':
      return buildDropout(layer, builder);
    case 'custom':
      return buildCustom(layer, builder, custom);
    default:
      return layer satisfies never;
  }
}

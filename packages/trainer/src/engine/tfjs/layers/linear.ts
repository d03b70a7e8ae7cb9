// Linear layer as in BitLinear: norm and fake quantization of its input, then a product with fake-quantized weights.
import type { LayerOf } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { uniformWeights } from '../../plan/initial-weights.js';
import { fakeQuantize } from '../activation-quantization.js';
import { flattened, type LayerForward } from '../forward-pass.js';
import { multiplyWeights } from '../matrix-product.js';
import type { LayerBuilder } from './layer-builder.js';
import { buildNorm } from './norm.js';

export function buildLinear(
  layer: LayerOf<'linear'>,
  { store, inputShape, outputShape, random }: LayerBuilder,
): LayerForward {
  const { name, outputs, activationQuantizer } = layer;
  const features = elementCount(inputShape);
  const norm = buildNorm(store, name, layer.norm, features);
  const initial = uniformWeights(random, outputs, features);
  const shape = [outputs, features];
  const weights = store.addWeights({
    layer: name,
    name: `${name}.weight`,
    clipName: `${name}.clip`,
    shape,
    initial,
    quantizer: layer.weights,
  });
  const bias = layer.bias ? store.add(`${name}.bias`, [outputs], new Float32Array(outputs)).name : null;
  const trainedNorm = layer.norm === 'layer' || layer.norm === 'batch';
  return (input, pass) => {
    const { tf } = pass.runtime;
    const x = flattened(input, pass);
    const { normalized, factor } = norm(x, pass);
    const quantized =
      activationQuantizer === 'none' || !pass.fakeQuantization
        ? { tensor: normalized, unit: undefined }
        : fakeQuantize(
            tf,
            activationQuantizer,
            trainedNorm
              ? { source: normalized, normalized, computed: true }
              : { ...input, source: x, normalized, factor },
          );
    const w = pass.parameter(weights.parameter.name) as typeof x;
    const product = multiplyWeights(tf, quantized.tensor, w);
    const { integerUnit } = weights;
    return {
      tensor: bias === null ? product : product.add(pass.parameter(bias)),
      shape: outputShape,
      computed: true,
      unit: integerUnit === undefined ? undefined : quantized.unit?.mul(integerUnit),
    };
  };
}

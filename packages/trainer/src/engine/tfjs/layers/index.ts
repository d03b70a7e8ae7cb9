// The layers of the TensorFlow.js engine by their types, one file each.
import type { Layer, LayerType } from '@bitnetmcu/models';
import { TrainerError } from '../../../errors.js';
import { buildActivation } from './activation.js';
import { buildAdd } from './add.js';
import { buildConv2d } from './conv2d.js';
import { buildCrop } from './crop.js';
import { buildCustom } from './custom.js';
import { buildDropout } from './dropout.js';
import { buildFlatten } from './flatten.js';
import type { LayerBuild } from './layer-builder.js';
import { buildLinear } from './linear.js';
import { buildAveragePool, buildMaxPool } from './pool.js';
import { buildTopGroups } from './top-groups.js';
import { buildTopRelu } from './top-relu.js';

const LAYER_BUILDS: { readonly [T in LayerType]: LayerBuild<T> } = {
  linear: buildLinear,
  conv2d: buildConv2d,
  activation: buildActivation,
  topRelu: buildTopRelu,
  maxPool2d: buildMaxPool,
  avgPool2d: buildAveragePool,
  crop: buildCrop,
  flatten: buildFlatten,
  add: buildAdd,
  topGroups: buildTopGroups,
  dropout: buildDropout,
  custom: buildCustom,
};

/** How a layer is built. @throws TrainerError `unsupported-layer` for a type that the engine does not have. */
export function layerBuildOf({ name, type }: Layer): LayerBuild<LayerType> {
  // Whoever takes a layer's build calls it with that layer.
  if (Object.hasOwn(LAYER_BUILDS, type)) return LAYER_BUILDS[type] as LayerBuild<LayerType>;
  throw new TrainerError(
    'unsupported-layer',
    `Layer '${name}' is of type '${type}', which the TensorFlow.js engine does not have; it has ${Object.keys(LAYER_BUILDS).join(', ')}.`,
  );
}

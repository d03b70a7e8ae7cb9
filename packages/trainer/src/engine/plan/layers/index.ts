// The layers of the compiled engine by their types, one file each.
import type { Layer, LayerType } from '@bitnetmcu/models';
import { TrainerError } from '../../../errors.js';
import { planActivation } from './activation.js';
import { planAdd } from './add.js';
import { planConv2d } from './conv2d.js';
import { planCrop } from './crop.js';
import { refuseCustom } from './custom.js';
import { planDropout } from './dropout.js';
import { planFlatten } from './flatten.js';
import type { LayerPlan } from './layer-plan.js';
import { planLinear } from './linear.js';
import { planPool2d } from './pool2d.js';
import { planTopGroups } from './top-groups.js';
import { planTopRelu } from './top-relu.js';

const LAYER_PLANS: { readonly [T in LayerType]: LayerPlan<T> } = {
  linear: planLinear,
  conv2d: planConv2d,
  activation: planActivation,
  topRelu: planTopRelu,
  maxPool2d: planPool2d,
  avgPool2d: planPool2d,
  crop: planCrop,
  flatten: planFlatten,
  add: planAdd,
  topGroups: planTopGroups,
  dropout: planDropout,
  custom: refuseCustom,
};

/** How a layer is planned. @throws TrainerError `unsupported-layer` for a type that the engine does not have. */
export function layerPlanOf({ name, type }: Layer): LayerPlan<LayerType> {
  // Whoever takes a layer's plan calls it with that layer.
  if (Object.hasOwn(LAYER_PLANS, type)) return LAYER_PLANS[type] as LayerPlan<LayerType>;
  throw new TrainerError(
    'unsupported-layer',
    `Layer '${name}' is of type '${type}', which the compiled engine does not have; it has ${Object.keys(LAYER_PLANS).join(', ')}.`,
  );
}

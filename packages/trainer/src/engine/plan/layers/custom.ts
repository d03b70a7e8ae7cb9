// Layers of a user's own, which the compiled engine does not have.
import type { LayerOf } from '@bitnetmcu/models';
import { TrainerError } from '../../../errors.js';
import type { PlanBuilder } from '../plan-builder.js';

/** @throws TrainerError `unsupported-layer` */
export function refuseCustom(_plan: PlanBuilder, { name, kind }: LayerOf<'custom'>): never {
  throw new TrainerError(
    'unsupported-layer',
    `Layer '${name}' is of the custom kind '${kind}', which the compiled engine does not have: train on createTfjsEngine({ layers: { ${kind}: … } }) of '@bitnetmcu/trainer/tfjs', or use the built-in layers.`,
  );
}

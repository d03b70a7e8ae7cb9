// The registry of layers. To add one, write its file and its line in `layers`: the union of layers, the schema of networks, shapes,
// parameters and the summary are built from it, and the compiler shows who else must know it.
import { unknownName } from '@bitnetmcu/quant/internal';
import type { z } from 'zod';
import { ModelError } from '../errors.js';
import { activation } from './activation.js';
import { add } from './add.js';
import { avgPool2d } from './avg-pool2d.js';
import { conv2d } from './conv2d.js';
import { crop } from './crop.js';
import { custom } from './custom.js';
import { dropout } from './dropout.js';
import { flatten } from './flatten.js';
import type { LayerDefinition } from './layer-definition.js';
import { linear } from './linear.js';
import { maxPool2d } from './max-pool2d.js';
import { topGroups } from './top-groups.js';
import { topRelu } from './top-relu.js';

/** Every layer by its type. */
export const layers = {
  linear,
  conv2d,
  activation,
  topRelu,
  maxPool2d,
  avgPool2d,
  crop,
  flatten,
  add,
  topGroups,
  dropout,
  custom,
};

/** The type of a layer. */
export type LayerType = keyof typeof layers;

/** What each layer is for, in a line of Markdown. */
export const LAYER_MEANINGS = Object.fromEntries(
  Object.entries(layers).map(([type, { meaning }]) => [type, meaning]),
) as Readonly<Record<LayerType, string>>;

/** The schema of any layer. */
export type LayerSchema = (typeof layers)[LayerType]['schema'];

/**
 * The definition of a layer.
 * @throws ModelError `invalid-spec` for a type that there is not: a spec that was not parsed may have one
 */
export function definitionOf<L extends z.output<LayerSchema>>(layer: L): LayerDefinition<L> {
  if (Object.hasOwn(layers, layer.type)) return layers[layer.type] as unknown as LayerDefinition<L>;
  const unknown = unknownName('type of layer', String(layer.type), Object.keys(layers));
  throw new ModelError('invalid-spec', `Layer '${layer.name}': ${unknown}`);
}

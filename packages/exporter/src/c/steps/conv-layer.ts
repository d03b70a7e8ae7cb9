// The table and the cost of a convolution that runs together with what follows it: what convNorm and convRequantize share.
import { type ConvLayerStep, listFunction, unpackFunction } from '@bitnetmcu/mcu-runtime/internal';
import { layerTables } from '../c-tables.js';
import { constantStruct, type LayerSite, type LayerSource, type StepCost } from './c-step.js';
import { convolutionFields } from './convolution-fields.js';
import { layerShape, weightedLayer, weightTableBytes } from './weighted-layer.js';

export function convLayerSource(
  step: ConvLayerStep,
  { site, limits }: { site: LayerSite; limits: boolean },
): LayerSource {
  const { tables, technique, weightBytes, shift, pool, min, max } = step;
  const node = site.weightedNode(step.layers[0]);
  const layer = weightedLayer(node, site);
  // The lists of Ternary codes need no unpacking, and firmware then has no such function.
  const unpack = weightBytes === 0 ? 0 : site.runtime.reference(unpackFunction(tables.kernel));
  // Of AVR one kernel does it all.
  const convolve = technique === 'windows' ? 0 : site.runtime.reference(`bnm_convolve_${technique}`, 'bnm_fast.h');
  const list = technique === 'digits' ? site.runtime.reference(listFunction(tables.kernel), 'bnm_fast.h') : 0;
  const struct = constantStruct('bnm_conv_layer', layer, [
    `.conv = {\n    ${convolutionFields(step, layer, unpack).join(',\n    ')},\n  }`,
    `.convolve = ${convolve}, .list = ${list}, .weight_bytes = ${weightBytes}`,
    `.pool_height = ${pool[0]}, .pool_width = ${pool[1]}, .shift = ${shift}${limits ? `, .min = ${min}, .max = ${max}` : ''}`,
  ]);
  const weights = layerTables(layer.identifier, layer.name, layerShape(node), tables.weights, 'uint8_t', node.weights);
  return { layer, tables: [...weights, struct] };
}

export function convLayerCost({ tables, macs }: ConvLayerStep): StepCost {
  return { tableBytes: weightTableBytes(tables), macs };
}

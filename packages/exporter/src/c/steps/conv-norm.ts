// convNorm: a convolution with its ShiftNorm, and a pool where it has one.
import { listFunction, unpackFunction } from '@bitnetmcu/mcu-runtime/internal';
import { layerTables } from '../c-tables.js';
import { cComment } from '../c-text.js';
import { constantStruct, type StepOf, type TableStep } from './c-step.js';
import { convolutionFields } from './convolution-fields.js';
import { layerShape, weightedLayer, weightTableBytes } from './weighted-layer.js';

export const convNorm: TableStep<StepOf<'convNorm'>> = {
  layer: (step, site) => {
    const { tables, weightBytes, lists, shift, pools } = step;
    const node = site.weightedNode(step.layers[0]!);
    const layer = weightedLayer(node, site);
    // The lists of Ternary codes need no unpacking, and firmware then has no such function.
    const unpack = weightBytes === 0 ? 0 : site.runtime.reference(unpackFunction(tables.kernel));
    const list = lists ? site.runtime.reference(listFunction(tables.kernel), 'bnm_fast.h') : 0;
    const struct = constantStruct('bnm_conv_norm_layer', layer, [
      `.conv = {\n    ${convolutionFields(step, layer, unpack).join(',\n    ')},\n  }`,
      `.list = ${list}, .weight_bytes = ${weightBytes}, .shift = ${shift}, .pools = ${Number(pools)}`,
    ]);
    const weights = layerTables(
      layer.identifier,
      layer.name,
      layerShape(node),
      tables.weights,
      'uint8_t',
      node.weights,
    );
    return { layer, tables: [...weights, struct] };
  },
  statements: ({ node, scratch }, { x, y, pointer, runtime }, { identifier, name, description }) => [
    `/* ${name}: ${description}, up to ${cComment(node)} */`,
    runtime.call('conv_norm', `&${identifier}_layer`, x, pointer(scratch, 'int32'), y),
  ],
  cost: ({ tables, macs }) => ({ tableBytes: weightTableBytes(tables), macs }),
};

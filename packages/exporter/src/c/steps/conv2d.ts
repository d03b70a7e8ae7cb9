// conv2d: all channels, or that of a channel loop.
import { unpackFunction } from '@bitnetmcu/mcu-runtime/internal';
import { layerTables } from '../c-tables.js';
import { constantStruct, type StepOf, SUFFIX, type TableStep } from './c-step.js';
import { convolutionFields } from './convolution-fields.js';
import { layerShape, weightedLayer, weightTableBytes } from './weighted-layer.js';

export const conv2d: TableStep<StepOf<'conv2d'>> = {
  layer: (step, site) => {
    const node = site.weightedNode(step.node);
    const layer = weightedLayer(node, site);
    const { kernel, weights } = step.tables;
    const fields = convolutionFields(step, layer, site.runtime.reference(unpackFunction(kernel)));
    return {
      layer,
      tables: [
        ...layerTables(layer.identifier, layer.name, layerShape(node), weights, 'uint8_t', node.weights),
        constantStruct('bnm_conv2d', layer, fields),
      ],
    };
  },
  statements: ({ taps, element }, { x, y, pointer, channel, runtime }, { identifier, name, description }) => {
    const operands = [x, pointer(taps, 'int16'), y];
    const suffix = SUFFIX[element];
    return [
      `/* ${name}: ${description} */`,
      channel
        ? runtime.call(`conv2d_channel_${suffix}`, `&${identifier}_layer`, channel, ...operands)
        : runtime.call(`conv2d_${suffix}`, `&${identifier}_layer`, ...operands),
    ];
  },
  // In a channel loop it runs once a channel; it counts all of them.
  cost: ({ tables, groups, groupOutputs, groupInputs, kernel, outHeight, outWidth }) => ({
    tableBytes: weightTableBytes(tables),
    macs: groups * groupOutputs * groupInputs * kernel[0] * kernel[1] * outHeight * outWidth,
  }),
};

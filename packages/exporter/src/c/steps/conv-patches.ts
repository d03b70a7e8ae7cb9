// convPatches: a convolution by the kernel of a linear layer, with its pool and its ShiftNorm or requantization.
import { linearKernel } from '@bitnetmcu/mcu-runtime/internal';
import { layerTables } from '../c-tables.js';
import { cComment } from '../c-text.js';
import { constantStruct, type StepOf, type TableStep } from './c-step.js';
import { convolutionFields } from './convolution-fields.js';
import { layerShape, weightedLayer, weightTableBytes } from './weighted-layer.js';

export const convPatches: TableStep<StepOf<'convPatches'>> = {
  layer: (step, site) => {
    const { tables, pool, shift, norm, min, max, rows, columns } = step;
    const node = site.weightedNode(step.layers[0]);
    const layer = weightedLayer(node, site);
    const kernel = linearKernel(tables.kernel);
    const isPadded = step.padding[0] + step.padding[1] > 0;
    const gather = site.runtime.reference(isPadded ? 'bnm_gather_padded' : 'bnm_gather_patch', 'bnm_fast.h');
    const linear = site.runtime.reference(kernel.function, kernel.header);
    const conv = convolutionFields(step, layer, 0).map((line) =>
      kernel.element === 'uint8_t' ? line : line.replace('.weights = ', '.weights = (const uint8_t *)'),
    );
    const struct = constantStruct('bnm_patch_layer', layer, [
      `.conv = {\n    ${conv.join(',\n    ')},\n  }`,
      `.linear = ${linear}, .gather = ${gather}, .rows = ${rows}, .columns = ${columns}`,
      `.pool_height = ${pool[0]}, .pool_width = ${pool[1]}, .shift = ${shift}${norm ? '' : `, .min = ${min}, .max = ${max}`}`,
    ]);
    const { identifier, name } = layer;
    const weights = layerTables(identifier, name, layerShape(node), tables.weights, kernel.element, node.weights);
    return { layer, tables: [...weights, struct] };
  },
  statements: ({ node, norm, scratch }, { x, y, pointer, runtime }, { identifier, name, description }) => [
    `/* ${name}: ${description}, up to ${cComment(node)} */`,
    runtime.call(norm ? 'patches_norm' : 'patches_requantize', `&${identifier}_layer`, x, pointer(scratch, 'int32'), y),
  ],
  cost: ({ tables, macs }) => ({ tableBytes: weightTableBytes(tables), macs }),
};

// linear: the kernel of the weights' format, then output shifts and bias.
import { linearKernel } from '@bitnetmcu/mcu-runtime/internal';
import { layerTables } from '../c-tables.js';
import type { StepOf, TableStep } from './c-step.js';
import { layerShape, weightedLayer, weightTableBytes } from './weighted-layer.js';

export const linear: TableStep<StepOf<'linear'>> = {
  layer: (step, site) => {
    const node = site.weightedNode(step.node);
    const layer = weightedLayer(node, site);
    const { kernel, weights } = step.tables;
    const { element } = linearKernel(kernel);
    const tables = layerTables(layer.identifier, layer.name, layerShape(node), weights, element, node.weights);
    return { layer, tables };
  },
  statements: (step, { x, y, runtime }, { identifier, name, description }) => {
    const { inputs, outputs, tables } = step;
    const kernel = linearKernel(tables.kernel);
    const weights = `${kernel.element === 'uint8_t' ? '' : '(const uint8_t *)'}${identifier}_weights`;
    const lines = [
      '',
      `/* ${name}: ${description} */`,
      `${runtime.reference(kernel.function, kernel.header)}(${[x, inputs, weights, outputs, y].join(', ')});`,
    ];
    if (tables.outputShifts) lines.push(runtime.call('output_shift', y, `${identifier}_shifts`, outputs));
    if (tables.bias) lines.push(runtime.call('add_bias', y, `${identifier}_bias`, outputs));
    return lines;
  },
  cost: ({ tables, inputs, outputs }) => ({ tableBytes: weightTableBytes(tables), macs: inputs * outputs }),
};

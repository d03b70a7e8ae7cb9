// Pools over one plane: what maxPool2d and avgPool2d have in common.
import type { Pool2dStep } from '@bitnetmcu/mcu-runtime/internal';
import { cComment } from '../c-text.js';
import { type CLayer, constantStruct, SUFFIX, type TableStep } from './c-step.js';

/** @param kernel the function, without the suffix of its elements @param what for comments */
export function pool2d(kernel: string, what: string): TableStep<Pool2dStep> {
  return {
    layer: (step, site) => {
      const description = `${what} over ${step.size.join('x')}`;
      const layer = { identifier: site.identifier(step.node), name: cComment(step.node), description };
      return { layer, tables: [poolStruct(step, layer)] };
    },
    statements: ({ element }, { x, y, runtime }, { identifier }) => [
      runtime.call(`${kernel}_${SUFFIX[element]}`, `&${identifier}_layer`, x, y),
    ],
    // The description of its windows is not counted: weightBytes are those of weights and lookup tables.
    cost: () => ({ tableBytes: 0, macs: 0 }),
  };
}

function poolStruct(step: Pool2dStep, layer: CLayer): string {
  const { size, stride, padding } = step;
  const struct = constantStruct('bnm_pool2d', layer, [
    `.height = ${step.height}, .width = ${step.width}, .out_height = ${step.outHeight}, .out_width = ${step.outWidth}`,
    `.window_height = ${size[0]}, .window_width = ${size[1]}, .stride_y = ${stride[0]}, .stride_x = ${stride[1]}`,
    `.padding_y = ${padding[0]}, .padding_x = ${padding[1]}, .count_padding = ${Number(step.countPadding)}`,
  ]);
  return `/* ${layer.name}: ${layer.description} */\n${struct}`;
}

// convChain: convolutions that run one channel at a time, as one call.
import { chainFunction } from '@bitnetmcu/mcu-runtime/internal';
import { chainTable } from '../c-tables.js';
import { cComment } from '../c-text.js';
import type { StepOf, TableStep } from './c-step.js';

export const convChain: TableStep<StepOf<'convChain'>> = {
  layer: ({ node, layers, channels, shifts, tables }, site) => {
    const name = cComment(layers.join(', '));
    const identifier = site.identifier(`${layers[0]}_chain`);
    const layer = { identifier, name, description: `${channels} channels, up to ${cComment(node)}` };
    // The linker leaves out what no chain has; the kernel of AVR knows it by itself.
    const pools = layers.length === 1 && chainFunction(tables.kernel) !== 'bnm_conv_chain_avr';
    const poolMap = pools ? site.runtime.reference('bnm_pool_map', 'bnm_fast.h') : 0;
    const struct = `static const bnm_conv_chain ${identifier} = {(const uint8_t *)${identifier}_weights, ${channels}, {${shifts.join(', ')}}, ${layers.length}, ${poolMap}};\n`;
    return { layer, tables: [chainTable(identifier, name, tables.weights), struct] };
  },
  statements: ({ scratch, chosen, tables }, { x, y, pointer, runtime }, { identifier, name, description }) => [
    `/* ${name}: ${description} */`,
    `${runtime.reference(chainFunction(tables.kernel, chosen !== undefined), 'bnm_fast.h')}(${[`&${identifier}`, x, ...(chosen ? [pointer(chosen, 'int8', 'chosen')] : []), pointer(scratch, 'int32'), y].join(', ')});`,
  ],
  cost: ({ tables, macs }) => ({ tableBytes: tables.weights.length, macs }),
};

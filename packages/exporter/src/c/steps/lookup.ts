// lookup, by a constant table of 256 values.
import { lookupTable } from '../c-tables.js';
import { cComment } from '../c-text.js';
import type { StepOf, TableStep } from './c-step.js';

export const lookup: TableStep<StepOf<'lookup'>> = {
  layer: ({ node, table }, site) => {
    const layer = { identifier: site.identifier(node), name: cComment(node), description: 'by a table' };
    return { layer, tables: [lookupTable(layer.identifier, layer.name, table)] };
  },
  statements: ({ count }, { x, y, runtime }, { identifier }) => [
    runtime.call('lookup', x, count, `${identifier}_table`, y),
  ],
  cost: ({ table }) => ({ tableBytes: table.length, macs: 0 }),
};

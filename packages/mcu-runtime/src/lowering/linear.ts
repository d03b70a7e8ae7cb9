// linear: one kernel call over all inputs and outputs.
import type { LinearNode } from '@bitnetmcu/models/internal';
import { layerTables } from '../layout/weight-layout.js';
import type { NodeLowering } from './node-lowering.js';
import { type LayerTables, type OnBuffers, type StepDefinition, TABLE_FIELDS, tableValues } from './step.js';

export interface LinearStep extends OnBuffers {
  readonly op: 'linear';
  readonly inputs: number;
  readonly outputs: number;
  readonly tables: LayerTables;
}

const FIELDS = { inputs: 'u16', kernel: 'u8', ...TABLE_FIELDS } as const;

export const linearStep: StepDefinition<LinearStep, typeof FIELDS> = {
  record: 'linear',
  numbers: { LINEAR: 1 },
  comment: 'n outputs',
  fields: FIELDS,
  number: () => 1,
  n: ({ outputs }) => outputs,
  values: ({ inputs, tables }) => ({ inputs, kernel: tables.kernel, ...tableValues(tables) }),
  elements: () => ({ x: 'int8', y: 'int32' }),
};

export const linear: NodeLowering<LinearNode> = {
  perChannel: () => false,
  whole({ node, layout, input, output, ofSample, push }) {
    const { inFeatures, outFeatures, weights } = node;
    push({
      op: 'linear',
      node: node.name,
      x: input().buffer,
      y: output('int32', [outFeatures]),
      inputs: inFeatures,
      outputs: outFeatures,
      tables: layerTables(layout.linear, weights, outFeatures, inFeatures, ofSample ? 'sample' : 'activations'),
    });
  },
};

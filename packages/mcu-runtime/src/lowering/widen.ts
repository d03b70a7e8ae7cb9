// widen: int8 → int32, where a kernel reads int32 only.
import type { Plane, PlaneStep } from './node-lowering.js';
import type { OnBuffers, StepDefinition } from './step.js';

export interface WidenStep extends OnBuffers {
  readonly op: 'widen';
  readonly count: number;
}

export const widenStep: StepDefinition<WidenStep> = {
  record: 'widen',
  numbers: { WIDEN: 5 },
  comment: 'n elements',
  fields: {},
  number: () => 5,
  n: ({ count }) => count,
  values: () => ({}),
  elements: () => ({ x: 'int8', y: 'int32' }),
};

/** The step that makes a plane int32; none where it is already. */
export function widened(node: string, plane: Plane): PlaneStep[] {
  if (plane.element === 'int32') return [];
  const count = plane.height * plane.width;
  return [
    {
      result: { ...plane, element: 'int32' },
      inPlace: true,
      build: (x, y) => ({ op: 'widen', node, x, y, count }),
    },
  ];
}

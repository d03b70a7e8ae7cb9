// crop: a window of one plane.
import type { CropNode, TensorType } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import type { OnBuffers, StepDefinition } from './step.js';

/** One plane. */
export interface CropStep extends OnBuffers {
  readonly op: 'crop';
  readonly element: TensorType;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly top: number;
  readonly left: number;
}

const NUMBERS = { CROP_I8: 14, CROP_I32: 15 } as const;
const FIELDS = { width: 'u16', outHeight: 'u16', outWidth: 'u16', top: 'u16', left: 'u16' } as const;

export const cropStep: StepDefinition<CropStep, typeof FIELDS> = {
  record: 'crop',
  numbers: NUMBERS,
  comment: 'one plane',
  fields: FIELDS,
  number: ({ element }) => (element === 'int8' ? NUMBERS.CROP_I8 : NUMBERS.CROP_I32),
  n: () => 0,
  values: ({ width, outHeight, outWidth, top, left }) => ({ width, outHeight, outWidth, top, left }),
  elements: ({ element }) => ({ x: element, y: element }),
};

export const crop: NodeLowering<CropNode> = {
  perChannel: () => true,
  keepsMode: true,
  planes({ node: { name, top, left }, plane: { element, width }, result }) {
    const { height: outHeight, width: outWidth } = result;
    return [
      {
        result,
        inPlace: true,
        build: (x, y) => ({ op: 'crop', node: name, element, x, y, width, outHeight, outWidth, top, left }),
      },
    ];
  },
};

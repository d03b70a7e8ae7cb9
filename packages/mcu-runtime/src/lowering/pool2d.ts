// The windows of a pool over one plane: what maxPool2d and avgPool2d have in common.
import type { AvgPool2dNode, MaxPool2dNode, Pair, TensorType } from '@bitnetmcu/models/internal';
import { isPadded, type PlaneSite, type PlaneStep } from './node-lowering.js';
import type { FieldValues, OnBuffers, StepDefinition } from './step.js';

/** One plane. */
export interface Pool2dStep extends OnBuffers {
  readonly op: 'maxPool2d' | 'avgPool2d';
  readonly element: TensorType;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly size: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  /** Of a mean: whether it is over the whole window, padding included. */
  readonly countPadding: boolean;
}

const FIELDS = {
  height: 'u16',
  width: 'u16',
  outHeight: 'u16',
  outWidth: 'u16',
  windowHeight: 'u8',
  windowWidth: 'u8',
  strideY: 'u8',
  strideX: 'u8',
  paddingY: 'u8',
  paddingX: 'u8',
  countPadding: 'u8',
} as const;

/** @param numbers of the kernels on int8 and on int32 */
export function poolStep(
  numbers: Readonly<Record<string, number>>,
  int8: number,
  int32: number,
): StepDefinition<Pool2dStep, typeof FIELDS> {
  return {
    record: 'pool2d',
    numbers,
    comment: 'one plane',
    fields: FIELDS,
    number: ({ element }) => (element === 'int8' ? int8 : int32),
    n: () => 0,
    values: poolValues,
    elements: ({ element }) => ({ x: element, y: element }),
  };
}

function poolValues({ size, stride, padding, countPadding, ...extents }: Pool2dStep): FieldValues<typeof FIELDS> {
  const { height, width, outHeight, outWidth } = extents;
  return {
    ...{ height, width, outHeight, outWidth },
    windowHeight: size[0],
    windowWidth: size[1],
    strideY: stride[0],
    strideX: stride[1],
    paddingY: padding[0],
    paddingX: padding[1],
    countPadding: Number(countPadding),
  };
}

export function poolPlanes(
  { node, plane, result }: PlaneSite<MaxPool2dNode | AvgPool2dNode>,
  countPadding: boolean,
): PlaneStep[] {
  const { op, name, size, stride, padding } = node;
  const { element, height, width } = plane;
  const { height: outHeight, width: outWidth } = result;
  const geometry = { height, width, outHeight, outWidth, size, stride, padding };
  return [
    {
      result,
      inPlace: !isPadded(padding),
      build: (x, y) => ({ op, node: name, element, x, y, ...geometry, countPadding }),
    },
  ];
}

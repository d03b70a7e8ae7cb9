// Lowers a chain of channel-by-channel nodes to steps on one channel's planes.
import type { Pair, ResolvedNode, Shape, TensorType } from '@bitnetmcu/models';
import { convolutionStep } from './convolution.js';
import { checkCount } from './limits.js';
import { type Buffer, ELEMENT_BYTES, type KernelStep } from './program.js';
import type { WeightLayout } from './weight-layout.js';

/** One channel's values. */
export interface Plane {
  readonly element: TensorType;
  readonly height: number;
  readonly width: number;
}

/** What one kernel does to a plane, before its buffers are known. */
interface PlaneStep {
  readonly result: Plane;
  /** Whether y may be x. */
  readonly inPlace: boolean;
  build(x: Buffer, y: Buffer): KernelStep;
}

export interface LoweredChain {
  readonly body: readonly KernelStep[];
  readonly result: Plane;
  /** Whether the output may lie where the input lies, plane by plane. */
  readonly inPlace: boolean;
}

/** Features [n] are one plane of n values: only elementwise nodes work on them. */
export function planeOf(shape: Shape, element: TensorType): Plane {
  return shape.length === 1 ? { element, height: 1, width: shape[0] } : { element, height: shape[1], width: shape[2] };
}

export function planeBytes({ element, height, width }: Plane): number {
  return height * width * ELEMENT_BYTES[element];
}

/** What makes activations of a chain's planes: a ShiftNorm over all channels, which keeps them in 8 bits until it is their turn. */
export interface PlaneNorm {
  readonly node: string;
  readonly shifts: Buffer;
}

/**
 * Steps of a chain; planes between them lie in one scratch buffer, or alternate between two where a step cannot work in place.
 * @param input what the first step reads: one channel, or all channels where the chain starts with a convolution over them
 * @param output where the last step writes
 */
export function lowerChain(
  layout: WeightLayout,
  nodes: readonly ResolvedNode[],
  plane: Plane,
  input: Buffer,
  output: Buffer,
  norm?: PlaneNorm,
): LoweredChain {
  const taps: Buffer = { place: 'ram', bytes: 0 };
  const steps: PlaneStep[] = [];
  let result = plane;
  for (const node of nodes) {
    for (const step of planeSteps(layout, taps, node, result)) {
      steps.push(step);
      result = step.result;
    }
  }
  if (norm) steps.push(keeping(norm, result));
  const scratch: readonly [Buffer, Buffer] = [
    { place: 'ram', bytes: 0 },
    { place: 'ram', bytes: 0 },
  ];
  let x = input;
  const body = steps.map((step, i) => {
    let y = output;
    if (i < steps.length - 1) {
      const other = x === scratch[0] ? scratch[1] : scratch[0];
      y = step.inPlace && x !== input ? x : other;
      y.bytes = Math.max(y.bytes, planeBytes(step.result));
    }
    const built = step.build(x, y);
    x = y;
    return built;
  });
  result = steps.at(-1)!.result;
  return { body, result, inPlace: steps.length > 1 || steps[0]!.inPlace };
}

/** The kernels of one node; int8 planes are widened first where the kernel reads int32 only. */
function planeSteps(
  layout: WeightLayout,
  taps: Buffer,
  { node, outputShape, outputType }: ResolvedNode,
  plane: Plane,
): PlaneStep[] {
  const { element, height, width } = plane;
  const result = planeOf(outputShape, outputType);
  const { height: outHeight, width: outWidth } = result;
  const count = height * width;
  checkCount(node.name, 'values a plane', count);
  switch (node.op) {
    case 'conv2d':
      return [
        {
          result,
          inPlace: element === 'int32' && !isPadded(node.padding),
          build: (x, y) => convolutionStep(layout, node, plane, result, { x, y, taps }),
        },
      ];
    case 'reluShift':
      return [
        ...widened(node.name, plane),
        {
          result,
          inPlace: true,
          build: (x, y) => ({ op: 'reluShift', node: node.name, x, y, count, shift: node.shift }),
        },
      ];
    case 'requantize': {
      const { shift, min, max } = node;
      return [
        ...widened(node.name, plane),
        {
          result,
          inPlace: true,
          build: (x, y) => ({ op: 'requantize', node: node.name, element: outputType, x, y, count, shift, min, max }),
        },
      ];
    }
    case 'lookup':
      return [
        {
          result,
          inPlace: true,
          build: (x, y) => ({ op: 'lookup', node: node.name, x, y, count, table: Int8Array.from(node.table) }),
        },
      ];
    case 'maxPool2d':
    case 'avgPool2d': {
      const { op, size, stride, padding } = node;
      const geometry = { height, width, outHeight, outWidth, size, stride, padding };
      const countPadding = op === 'avgPool2d' && node.countIncludePad;
      return [
        {
          result,
          inPlace: !isPadded(padding),
          build: (x, y) => ({ op, node: node.name, element, x, y, ...geometry, countPadding }),
        },
      ];
    }
    case 'crop': {
      const { top, left } = node;
      return [
        {
          result,
          inPlace: true,
          build: (x, y) => ({ op: 'crop', node: node.name, element, x, y, width, outHeight, outWidth, top, left }),
        },
      ];
    }
    case 'linear':
    case 'shiftNorm':
    case 'maxAbsNorm':
    case 'flatten':
    case 'add':
      throw new Error(`${node.op} does not work channel by channel`);
    default:
      return node satisfies never;
  }
}

function keeping({ node, shifts }: PlaneNorm, plane: Plane): PlaneStep {
  const count = plane.height * plane.width;
  return {
    result: { ...plane, element: 'int8' },
    inPlace: true,
    build: (x, y) => ({ op: 'keepFeatures', node, x, y, count, shifts }),
  };
}

/** A padded window reads values that an earlier output would have overwritten. */
function isPadded([vertical, horizontal]: Pair): boolean {
  return vertical + horizontal > 0;
}

function widened(node: string, plane: Plane): PlaneStep[] {
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

// Lowers a chain of channel-by-channel nodes to steps on one channel's planes.
import type { ResolvedNode } from '@bitnetmcu/models';
import { RuntimeError } from '../errors.js';
import type { WeightLayout } from '../layout/weight-layout.js';
import { convRequantizeOf, convRequantizePlanes } from './conv-requantize.js';
import { checkCount } from './limits.js';
import { loweringOf } from './lowerings.js';
import { type Plane, type PlaneStep, planeBytes, planeOf } from './node-lowering.js';
import type { KernelStep } from './program.js';
import type { Buffer } from './step.js';

export interface LoweredChain {
  readonly body: readonly KernelStep[];
  readonly result: Plane;
  /** Whether the output may lie where the input lies, plane by plane. */
  readonly inPlace: boolean;
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
  const sums: Buffer = { place: 'ram', bytes: 0 };
  const steps: PlaneStep[] = [];
  let result = plane;
  for (let done = 0; done < nodes.length; ) {
    const fused = layout.convolve && convRequantizeOf(nodes.slice(done), result);
    const next = fused
      ? [convRequantizePlanes(layout, layout.convolve, fused, sums)]
      : planeSteps(layout, taps, nodes[done]!, result);
    for (const step of next) {
      steps.push(step);
      result = step.result;
    }
    done += fused?.nodes.length ?? 1;
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

/** The kernels of one node. @throws RuntimeError `unknown-op` where it has none for planes */
function planeSteps(
  layout: WeightLayout,
  taps: Buffer,
  { node, outputShape, outputType }: ResolvedNode,
  plane: Plane,
): readonly PlaneStep[] {
  const result = planeOf(outputShape, outputType);
  const count = plane.height * plane.width;
  checkCount(node.name, 'values a plane', count);
  const { planes } = loweringOf(node);
  if (planes === undefined) {
    throw new RuntimeError(
      'unknown-op',
      `Node "${node.name}" (${node.op}) has no kernel for the planes of one channel.`,
    );
  }
  return planes({ node, layout, plane, result, count, taps });
}

function keeping({ node, shifts }: PlaneNorm, plane: Plane): PlaneStep {
  const count = plane.height * plane.width;
  return {
    result: { ...plane, element: 'int8' },
    inPlace: true,
    build: (x, y) => ({ op: 'keepFeatures', node, x, y, count, shifts }),
  };
}

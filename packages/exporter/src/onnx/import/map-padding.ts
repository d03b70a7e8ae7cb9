// Windows over maps: padding explicit or as auto_pad says, equal on opposite sides or not, and windows that hang over the edge.
import type { Pair } from '@bitnetmcu/models/internal';
import type { OnnxNode } from '../ir/graph.js';
import type { Edges, Mapper } from './mapper.js';

/** One axis of a window that is moved over a map. */
export interface WindowAxis {
  /** Elements of the map. */
  readonly input: number;
  readonly output: number;
  /** Of the window, dilation included. */
  readonly extent: number;
  readonly stride: number;
  /** Zeros or nothing before and after the map. */
  readonly before: number;
  readonly after: number;
}

/** The same with equal padding before and after, more than wanted perhaps: of its outputs those from `first` on are the wanted ones. */
interface EvenAxis {
  readonly padding: number;
  readonly first: number;
  readonly outputs: number;
}

/** Sizes along the axes of a window; one axis is that of a signal of one row. */
export function pairOf(values: readonly number[], one: number): Pair {
  return values.length === 1 ? [one, values[0]!] : [values[0]!, values[1]!];
}

/**
 * The axes of a Conv or pool over maps.
 * @param maps that the node reads, and those that it gives.
 * @param extents of the window with dilation; zeros that a Pad before it adds.
 */
export function windowAxes(
  node: OnnxNode,
  maps: { readonly from: readonly number[]; readonly to: readonly number[] },
  extents: Pair,
  stride: Pair,
  zeros: Edges = [0, 0, 0, 0],
): readonly [WindowAxis, WindowAxis] {
  const axis = (k: 0 | 1): WindowAxis => {
    const [input, output, extent, step] = [maps.from[k + 1]!, maps.to[k + 1]!, extents[k], stride[k]];
    const [before, after] = paddingOf(node, k, {
      input: input + zeros[k]! + zeros[k + 2]!,
      output,
      extent,
      stride: step,
    });
    return { input, output, extent, stride: step, before: before + zeros[k]!, after: after + zeros[k + 2]! };
  };
  return [axis(0), axis(1)];
}

function paddingOf(
  node: OnnxNode,
  axis: 0 | 1,
  { input, output, extent, stride }: Pick<WindowAxis, 'input' | 'output' | 'extent' | 'stride'>,
): [number, number] {
  const autoPad = node.attributes.get('auto_pad') ?? 'NOTSET';
  if (autoPad === 'VALID') return [0, 0];
  if (autoPad === 'NOTSET') {
    const pads = (node.attributes.get('pads') as readonly number[] | undefined) ?? [0, 0, 0, 0];
    // A signal has pads of its one axis.
    const [before, after] =
      pads.length === 2
        ? [
            [0, pads[0]!],
            [0, pads[1]!],
          ]
        : [pads.slice(0, 2), pads.slice(2)];
    return [before[axis]!, after[axis]!];
  }
  const total = Math.max(0, (output - 1) * stride + extent - input);
  const small = Math.floor(total / 2);
  return autoPad === 'SAME_LOWER' ? [total - small, small] : [small, total - small];
}

/** How far the last window reaches beyond the map: what ceil_mode adds counts as padding. */
export function reachAfter({ input, output, extent, stride, before }: WindowAxis): number {
  return Math.max(0, (output - 1) * stride + extent - before - input);
}

/**
 * The least padding, equal before and after, with which the windows are among those of the axis: whole strides more than before.
 */
function evenAxis(axis: WindowAxis): EvenAxis {
  const { input, extent, stride, before } = axis;
  const strides = Math.max(0, Math.ceil((reachAfter(axis) - before) / stride));
  const padding = before + strides * stride;
  return { padding, first: strides, outputs: Math.floor((input + 2 * padding - extent) / stride) + 1 };
}

/** The padding of both axes and what to cut out of the result; no cut where the windows are all wanted. */
export function evenWindows(axes: readonly [WindowAxis, WindowAxis]): {
  readonly padding: Pair;
  readonly outputs: Pair;
  readonly cut: { readonly top: number; readonly left: number } | undefined;
} {
  const even = [evenAxis(axes[0]), evenAxis(axes[1])] as const;
  const isWhole = even.every(({ first, outputs }, k) => first === 0 && outputs === axes[k]!.output);
  return {
    padding: [even[0].padding, even[1].padding],
    outputs: [even[0].outputs, even[1].outputs],
    cut: isWhole ? undefined : { top: even[0].first, left: even[1].first },
  };
}

/** Adds the crop that leaves the wanted outputs of the layer `name`, for the node's output. */
export function appendCut(
  mapper: Mapper,
  node: OnnxNode,
  name: string,
  cut: { readonly top: number; readonly left: number },
  shape: readonly [number, number, number],
): undefined {
  const inShape = mapper.layerShape(name) as readonly [number, number, number];
  return mapper.append(mapper.names.numbered('crop'), node, [name], { op: 'crop', inShape, ...cut }, shape, undefined);
}

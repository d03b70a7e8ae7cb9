// Conv → conv2d: over one or two axes, dilated, padded on one side, over signals of either layout.
import { MAX_PADDING, MAX_WINDOW, type Pair } from '@bitnetmcu/models/internal';
import { unknownValue } from '../../unknown-value.js';
import type { OnnxNode } from '../ir/graph.js';
import type { Tensor } from '../ir/tensor.js';
import { appendCut, evenWindows, pairOf, type WindowAxis, windowAxes } from './map-padding.js';
import { CONSTANT_WEIGHTS } from './map-weighted.js';
import type { Mapper, Refusal } from './mapper.js';
import { type ReadMaps, readMaps } from './read-maps.js';

type Axes = readonly [WindowAxis, WindowAxis];

export function mapConv(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const weights = mapper.constant(node, 1);
  if (!weights || (node.inputs[2] && !mapper.constant(node, 2))) return CONSTANT_WEIGHTS;
  const read = readMaps(mapper, node.inputs[0]!);
  const to = mapper.mapsOf(node.outputs[0]!);
  if (!read || !to) return undefined;
  if ('refusal' in read) return read.refusal;
  const spatial = weights.shape.length - 2;
  const list = (name: string, fallback: number) =>
    (node.attributes.get(name) as readonly number[] | undefined) ?? new Array<number>(spatial).fill(fallback);
  const kernel = pairOf(weights.shape.slice(2), 1);
  const stride = pairOf(list('strides', 1), 1);
  const dilation = pairOf(list('dilations', 1), 1);
  const extent: Pair = [(kernel[0] - 1) * dilation[0] + 1, (kernel[1] - 1) * dilation[1] + 1];
  const { zeros } = mapper.value(node.inputs[0]!)!;
  const full = dilated(weights, kernel, dilation, extent);
  const groups = (node.attributes.get('group') as number | undefined) ?? 1;
  const given = { axes: windowAxes(node, { from: read.maps, to }, extent, stride, zeros), weight: full };
  const layer = asLayerReads(given, read, groups);
  if ('reason' in layer) return layer;
  const { axes, weight } = layer;
  const { padding, outputs, cut } = evenWindows(axes);
  const size: Pair = [axes[0].extent, axes[1].extent];
  const steps: Pair = [axes[0].stride, axes[1].stride];
  if (Math.max(...size, ...steps) > MAX_WINDOW || Math.max(...padding) > MAX_PADDING) {
    return {
      reason: `its kernel of ${size.join('×')} with stride ${steps.join(', ')} and padding ${padding.join(', ')} is too large`,
      nearest: `kernels (with dilation) and strides up to ${MAX_WINDOW} and padding up to ${MAX_PADDING} are supported`,
    };
  }
  const [outChannels] = weights.shape as [number];
  const bias = mapper.constant(node, 2);
  const name = mapper.names.forWeights('conv', node, node.inputs[1]!);
  const added = {
    op: 'conv2d',
    inShape: read.inShape,
    outChannels,
    kernel: size,
    stride: steps,
    padding,
    groups,
    weight,
    bias: bias && Float32Array.from(bias.data),
  } as const;
  mapper.append(name, node, [read.layer], added, [outChannels, ...outputs], undefined);
  return cut && appendCut(mapper, node, name, cut, [outChannels, axes[0].output, axes[1].output]);
}

interface Windows {
  readonly axes: Axes;
  readonly weight: Float32Array;
}

/** Axes and kernels as the layer has the maps. */
function asLayerReads({ axes, weight }: Windows, { as, maps, inShape }: ReadMaps, groups: number): Windows | Refusal {
  switch (as) {
    case 'same':
      return { axes, weight };
    case 'turned':
      return { axes: [axes[1], axes[0]], weight: transposed(weight, axes[0].extent, axes[1].extent) };
    case 'rows': {
      const [along, across] = maps[1] === 1 ? [axes[1], axes[0]] : axes;
      const [, , features] = inShape;
      if (groups !== 1 || across.extent !== 1 || across.output !== 1 || features > MAX_WINDOW) {
        return {
          reason: `it convolves a signal of ${features} features that lie beside each other, in ${groups} groups`,
          nearest: `one group over up to ${MAX_WINDOW} features, or an input [batch, features, length], is supported`,
        };
      }
      // The features are the columns of a picture: the kernel is as wide as they are.
      const whole = { input: features, output: 1, extent: features, stride: 1, before: 0, after: 0 };
      return { axes: [along, whole], weight: transposed(weight, features, along.extent) };
    }
    default:
      throw unknownValue('reading of a convolution', as);
  }
}

/** Every matrix [rows, columns] turned. */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  if (rows === 1 || columns === 1) return values;
  const size = rows * columns;
  return Float32Array.from(values, (_, i) => {
    const inside = i % size;
    return values[i - inside + (inside % rows) * columns + Math.floor(inside / rows)]!;
  });
}

/** The kernel with zeros between its taps. */
function dilated(weights: Tensor, kernel: Pair, dilation: Pair, extent: Pair): Float32Array {
  if (kernel.every((size, axis) => size === extent[axis])) return Float32Array.from(weights.data);
  const [rows, columns] = kernel;
  const kernels = weights.data.length / (rows * columns);
  const out = new Float32Array(kernels * extent[0] * extent[1]);
  for (let k = 0, i = 0; k < kernels; k++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, i++) {
        out[(k * extent[0] + y * dilation[0]) * extent[1] + x * dilation[1]] = weights.data[i]!;
      }
    }
  }
  return out;
}

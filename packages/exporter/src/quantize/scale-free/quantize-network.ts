// TrainedNetwork → QuantizedModel: the network reduced to integers. Scale-free networks here; those with biases and sums in static-scales.ts.
import {
  INPUT,
  inferShapes,
  type Provenance,
  type QuantizedModel,
  type QuantizedNode,
  type ResolvedLayer,
  type Shape,
  type TrainedNetwork,
  validateQuantizedModel,
  validateTrainedNetwork,
  weightDimensions,
} from '@bitnetmcu/models';
import { ExporterError } from '../../errors.js';
import type { Calibration } from '../static/options.js';
import { quantizeWithStaticScales, type StaticScalesReason, staticScalesReason } from '../static/static-scales.js';
import { defaultConvolutionShift, raiseShifts } from './convolution-shifts.js';
import { requireScaleOnlyNorm } from './norms.js';
import { quantizeLayerWeights } from './quantize-weights.js';

export interface QuantizeOptions {
  /** Name of the model. Default: the spec's. */
  readonly name?: string;
  /** Class names, one an output. Default: the network's. */
  readonly labels?: readonly string[];
  /** Added to the network's provenance, entry by entry. */
  readonly provenance?: Provenance;
  /**
   * Right shift after convolutions whose layer does not fix one; raised where an accumulator could overflow.
   * Default: `defaultConvolutionShift` of the layer's weight format.
   */
  readonly convolutionShift?: number;
  /**
   * Typical samples (a few hundred of the training set, of every class its share, in the units of the preprocessing: uint8 pixels, say). Needed where a layer has a bias or
   * adds two tensors: such a network gets static scales.
   */
  readonly calibration?: Calibration;
  /** How int8 activations are made: `shiftNorm` (default) by a power of two, `maxAbsNorm` by division, as max-abs training does: slower, closer. */
  readonly normalization?: 'shiftNorm' | 'maxAbsNorm';
}

/** What is known of the tensor that the next layer reads. */
interface Tensor {
  readonly node: string;
  readonly type: 'int8' | 'int32';
  /** int32 only: ≥ 0 by construction. */
  readonly rectified: boolean;
  /** The layer whose accumulators these are, rectified or pooled. */
  readonly source: 'input' | 'linear' | 'conv2d';
  /** Shift that the source layer's spec asks for. */
  readonly shift: number | undefined;
  /** Shift that the source layer's weight format suggests. */
  readonly defaultShift: number;
}

/**
 * Reduces a trained network to integers, with the weight codes that quantization-aware training saw.
 *
 * - Weights are encoded with the clipping scalars of training; scaling per output becomes power-of-two output shifts.
 * - RMS, L1 and no norm vanish, because the integer network is scale-free; batch norm is folded where that is exact.
 * - ReLU after a linear layer becomes ShiftNorm. ReLU after a convolution becomes a fixed right shift (that of its format, or the layer's own, or as
 *   much more as the proof against overflow needs), and a ShiftNorm `<layer>.norm` is put before a layer that wants int8.
 * - Dropout vanishes. Nodes keep their layers' names.
 * - A network with biases or sums goes the way of `quantizeWithStaticScales`, which needs `options.calibration`; convolution shifts do not apply.
 * @throws ExporterError naming the layer and the remedy; ModelError where spec or parameters are wrong.
 */
export function quantizeNetwork(trained: TrainedNetwork, options: QuantizeOptions = {}): QuantizedModel {
  validateTrainedNetwork(trained);
  const needed = staticScalesReason(trained);
  if (needed) return quantizeCalibrated(trained, needed, options);
  const { spec } = trained;
  const layers = inferShapes(spec);
  const nodes: QuantizedNode[] = [];
  const adjustable = new Set<string>();
  const tensors = new Map<string, Tensor>([
    [INPUT, { node: INPUT, type: 'int8', rectified: false, source: 'input', shift: undefined, defaultShift: 0 }],
  ]);
  layers.forEach((resolved, index) => {
    const input = tensors.get(resolved.inputs[0]!)!;
    tensors.set(
      resolved.layer.name,
      appendLayer({ trained, nodes, adjustable, options }, resolved, input, index === layers.length - 1),
    );
  });
  const input: QuantizedModel['input'] = {
    shape: spec.input.shape as Shape,
    preprocessing: spec.input.preprocessing,
    quantization: { kind: 'dynamic' },
  };
  const model: QuantizedModel = {
    name: options.name ?? spec.name,
    input,
    nodes: raiseShifts({ input, nodes }, adjustable),
    labels: options.labels ?? trained.labels,
    provenance: { ...trained.provenance, ...options.provenance },
  };
  validateQuantizedModel(model);
  return model;
}

function quantizeCalibrated(
  trained: TrainedNetwork,
  { layer, reason }: StaticScalesReason,
  { calibration, normalization = 'shiftNorm', name, labels, provenance }: QuantizeOptions,
): QuantizedModel {
  if (calibration === undefined) {
    throw new ExporterError(
      'no-calibration',
      `layer ${layer} ${reason}, which takes scales that calibration finds; give options.calibration = { samples } with a few hundred training samples`,
      { layer },
    );
  }
  return quantizeWithStaticScales(trained, {
    calibration,
    normalization,
    ...(name === undefined ? {} : { name }),
    ...(labels === undefined ? {} : { labels }),
    ...(provenance === undefined ? {} : { provenance }),
  });
}

interface Build {
  readonly trained: TrainedNetwork;
  readonly nodes: QuantizedNode[];
  readonly adjustable: Set<string>;
  readonly options: QuantizeOptions;
}

function appendLayer(build: Build, resolved: ResolvedLayer, input: Tensor, last: boolean): Tensor {
  const { layer, inputShapes } = resolved;
  const { nodes } = build;
  const name = layer.name;
  const append = (node: QuantizedNode, tensor: Partial<Tensor>): Tensor => {
    nodes.push(node);
    return { ...input, node: node.name, ...tensor };
  };
  switch (layer.type) {
    case 'linear':
    case 'conv2d': {
      const dimensions = weightDimensions(layer, inputShapes[0]!);
      if (layer.type === 'linear') requireScaleOnlyNorm(build.trained, layer, dimensions.perOutput);
      const weights = quantizeLayerWeights(build.trained, layer, dimensions.outputs);
      const wantsInt8 = layer.type === 'linear' || layer.activationQuantizer !== 'none';
      const inputs = [wantsInt8 ? int8Input(build, name, input) : input.node];
      const accumulators = { type: 'int32', rectified: false, source: layer.type } as const;
      if (layer.type === 'linear') {
        return append(
          { name, inputs, op: 'linear', inFeatures: dimensions.perOutput, outFeatures: layer.outputs, weights },
          { ...accumulators, shift: undefined, defaultShift: 0 },
        );
      }
      const { kernel, stride, padding, channels } = layer;
      const inChannels = inputShapes[0]![0];
      return append(
        {
          name,
          inputs,
          op: 'conv2d',
          inChannels,
          outChannels: channels,
          kernel,
          stride,
          padding,
          groups: dimensions.groups,
          weights,
        },
        { ...accumulators, shift: layer.shift, defaultShift: defaultConvolutionShift(weights.format) },
      );
    }
    case 'activation':
      return appendRelu(build, name, input, last);
    case 'maxPool2d':
    case 'avgPool2d': {
      const { size, stride = size, padding } = layer;
      const window = { name, inputs: [input.node], size, stride, padding };
      return layer.type === 'maxPool2d'
        ? append({ ...window, op: layer.type }, {})
        : append({ ...window, op: layer.type, countIncludePad: layer.countIncludePad }, {});
    }
    case 'crop':
      return append(
        {
          name,
          inputs: [input.node],
          op: 'crop',
          top: layer.top,
          left: layer.left,
          height: layer.height,
          width: layer.width,
        },
        {},
      );
    case 'flatten':
      return append({ name, inputs: [input.node], op: 'flatten' }, {});
    case 'dropout':
      return input;
    case 'add':
      throw new Error('sums have static scales');
    case 'custom':
      throw new ExporterError(
        'unsupported-graph',
        `layer ${name} is of the custom kind ${layer.kind}, which has no integer form; export a network without it, or replace it by the layers that it is made of and train again`,
        { layer: name },
      );
    default:
      return layer satisfies never;
  }
}

function appendRelu({ nodes, adjustable, options }: Build, name: string, input: Tensor, last: boolean): Tensor {
  const inputs = [input.node];
  const rectified = { node: name, rectified: true } as const;
  if (input.type === 'int8') {
    nodes.push({ name, inputs, op: 'requantize', shift: 0, min: 0, max: 127 });
    return { ...input, ...rectified };
  }
  if (last) {
    nodes.push({ name, inputs, op: 'reluShift', shift: 0 });
    return { ...input, ...rectified };
  }
  if (input.source === 'linear') {
    nodes.push({ name, inputs, op: options.normalization ?? 'shiftNorm', activation: 'relu' });
    return { ...input, ...rectified, type: 'int8' };
  }
  if (input.shift === undefined) adjustable.add(name);
  nodes.push({ name, inputs, op: 'reluShift', shift: input.shift ?? options.convolutionShift ?? input.defaultShift });
  return { ...input, ...rectified };
}

/** Name of the int8 tensor that a layer reads; int32 activations are normalized first. */
function int8Input({ nodes, options }: Build, layer: string, input: Tensor): string {
  if (input.type === 'int8') return input.node;
  if (!input.rectified) {
    throw new ExporterError(
      'unsupported-graph',
      `layer ${layer} reads the accumulators of ${input.node} without an activation between; add { "type": "activation", "function": "relu" } before it and train again`,
      { layer },
    );
  }
  const name = `${layer}.norm`;
  nodes.push({ name, inputs: [input.node], op: options.normalization ?? 'shiftNorm', activation: 'relu' });
  return name;
}

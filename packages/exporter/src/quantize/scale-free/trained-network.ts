// A trained network without biases and sums as integers: every sample has a scale of its own, which nothing needs to know.
import {
  inferShapes,
  type QuantizedModel,
  type QuantizedNode,
  type ResolvedLayer,
  type Shape,
  type TrainedNetwork,
  validateQuantizedModel,
} from '@bitnetmcu/models';
import {
  activationOf,
  INPUT,
  type QuantizedWeights,
  RAW_SCALE,
  type WeightedLayer,
  weightDimensions,
} from '@bitnetmcu/models/internal';
import { ExporterError } from '../../errors.js';
import { weightScale } from '../../float/layer-codes.js';
import { trainedWeights } from '../../float/trained-weights.js';
import { unknownValue } from '../../unknown-value.js';
import type { QuantizeNetworkOptions } from '../options.js';
import type { LayerReport, Quantized } from '../report.js';
import { defaultConvolutionShift, raiseShifts } from './convolution-shifts.js';
import { learnedWidths, linearParts } from './linear-parts.js';
import { requireScaleOnlyNorm } from './norms.js';

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
 * @param trained passed validateTrainedNetwork, and has no biases and sums.
 * @throws ExporterError naming the layer and the remedy; ModelError where an accumulator can overflow.
 */
export function quantizeScaleFree(trained: TrainedNetwork, options: QuantizeNetworkOptions): Quantized {
  const { spec } = trained;
  const layers = inferShapes(spec);
  const widths = learnedWidths(trained, layers);
  const build: Build = { trained, nodes: [], reports: [], adjustable: new Set(), options, widths };
  const tensors = new Map<string, Tensor>([
    [INPUT, { node: INPUT, type: 'int8', rectified: false, source: 'input', shift: undefined, defaultShift: 0 }],
  ]);
  layers.forEach((resolved, index) => {
    const input = tensors.get(resolved.inputs[0]!)!;
    const other = tensors.get(resolved.inputs[1]!);
    tensors.set(resolved.layer.name, appendLayer(build, resolved, input, other, index === layers.length - 1));
  });
  const input: QuantizedModel['input'] = {
    shape: spec.input.shape as Shape,
    preprocessing: spec.input.preprocessing,
    quantization: spec.input.raw ? { kind: 'static', scale: RAW_SCALE } : { kind: 'dynamic' },
    ...(spec.input.raw && { raw: spec.input.raw }),
    ...(spec.input.frontEnd && { frontEnd: spec.input.frontEnd }),
  };
  const model: QuantizedModel = {
    name: options.name ?? spec.name,
    input,
    nodes: raiseShifts({ input, nodes: build.nodes }, build.adjustable),
    labels: options.labels ?? trained.labels,
    provenance: options.provenance ?? trained.provenance,
  };
  validateQuantizedModel(model);
  return { model, report: { activations: 'scale-free', layers: build.reports, warnings: [] } };
}

interface Build {
  readonly trained: TrainedNetwork;
  readonly nodes: QuantizedNode[];
  readonly reports: LayerReport[];
  /** Names of the shifts that may be raised. */
  readonly adjustable: Set<string>;
  readonly options: QuantizeNetworkOptions;
  /** Bits of the formats that outputs with learned bits are stored in. */
  readonly widths: readonly number[];
}

/** @param other the second tensor that the layer reads */
function appendLayer(
  build: Build,
  resolved: ResolvedLayer,
  input: Tensor,
  other: Tensor | undefined,
  last: boolean,
): Tensor {
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
      const { weights, bits } = layerWeights(build, layer, dimensions.outputs);
      const wantsInt8 = layer.type === 'linear' || layer.activationQuantizer !== 'none';
      const inputs = [wantsInt8 ? int8Input(build, name, input) : input.node];
      const accumulators = { type: 'int32', rectified: false, source: layer.type } as const;
      if (layer.type === 'linear') {
        const whole = { name, inputs, inFeatures: dimensions.perOutput, outFeatures: layer.outputs, weights };
        const linear = last ? [{ ...whole, op: 'linear' } as const] : linearParts(whole, bits, build.widths);
        nodes.push(...linear.slice(0, -1));
        return append(linear.at(-1)!, { ...accumulators, shift: undefined, defaultShift: 0 });
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
    case 'activation': {
      const { integerForm } = activationOf(layer.function);
      if (integerForm !== 'rectifier') throw new Error(`${layer.function} has static scales`);
      return appendRelu(build, name, input, last);
    }
    case 'topRelu':
      return append({ name, inputs: [input.node], op: 'topRelu' }, { type: 'int32', rectified: true });
    case 'topGroups':
      return append({ name, inputs: [input.node, other!.node], op: 'topGroups', keep: layer.keep }, {});
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
        `Layer ${name} is of the custom kind ${layer.kind}, which has no integer form; export a network without it, or replace it by the layers that it is made of and train again`,
        { layer: name },
      );
    default:
      throw unknownValue('layer', layer);
  }
}

/** @throws ExporterError `float-layer` for the format `None`. */
function layerWeights(
  { trained, reports }: Build,
  layer: WeightedLayer,
  outputs: number,
): { readonly weights: QuantizedWeights; readonly bits: Uint8Array | undefined } {
  const found = trainedWeights(trained, layer, outputs, 'power-of-two');
  if (found === undefined) {
    throw new ExporterError(
      'float-layer',
      `Layer ${layer.name} has float weights ("format": "None"), which no integer network holds; set its format (for example "8bit") and train or fine-tune`,
      { layer: layer.name },
    );
  }
  const { format, codes, outputShifts } = found;
  const report = { layer: layer.name, op: layer.type, format, weightScale: weightScale(found) };
  reports.push({ ...report, nodes: [], gridDetected: true, warnings: [] });
  return { weights: { format, codes, ...(outputShifts ? { outputShifts } : {}) }, bits: found.bits };
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
      `Layer ${layer} reads the accumulators of ${input.node} without an activation between; add { "type": "activation", "function": "relu" } before it and train again`,
      { layer },
    );
  }
  const name = `${layer}.norm`;
  nodes.push({ name, inputs: [input.node], op: options.normalization ?? 'shiftNorm', activation: 'relu' });
  return name;
}

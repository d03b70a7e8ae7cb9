// What a network costs: parameters, bits, packed bytes, multiply-accumulates and RAM, per layer and in total, as data.
import { bitsPerWeight } from '@bitnetmcu/quant';
import { packedRowBytes } from '@bitnetmcu/quant/internal';
import { activationOf } from '../activations/index.js';
import { definitionOf } from '../layers/index.js';
import type { Layer, NetworkSpec } from '../network-spec.js';
import { isWeightedNode, opOf } from '../ops/index.js';
import { lookup } from '../ops/lookup.js';
import type { QuantizedModel } from '../quantized-model.js';
import { type ResolvedNode, validateQuantizedModel, weightMatrix } from '../resolve-model.js';
import { inferShapes, isWeighted, type ResolvedLayer, weightDimensions } from '../shapes.js';
import type { Shape } from '../tensor-shape.js';
import { type MemoryStep, peakMemory } from './peak-memory.js';

const TABLE_BYTES = lookup.constantBytes ?? 0;

/** One line of the summary. */
export interface LayerSummary {
  readonly name: string;
  /** The layer's type or the node's operation. */
  readonly operation: string;
  readonly outputShape: Shape;
  /** Weights and biases. */
  readonly parameters: number;
  /** Weight format; absent where there are no weights. */
  readonly format?: string;
  /** Stored bits a weight; absent where there are no weights. */
  readonly bits?: number;
  /** Bytes of packed weights, output shifts (1 each), biases (4 each) and tables (256 each). */
  readonly bytes: number;
  /** Multiply-accumulates of one inference, padding included. */
  readonly macs: number;
}

export interface NetworkSummary {
  readonly name: string;
  readonly inputShape: Shape;
  readonly layers: readonly LayerSummary[];
  readonly total: {
    readonly parameters: number;
    readonly bytes: number;
    readonly macs: number;
    /** Activation buffers at inference, see `peakMemory`. */
    readonly ramBytes: number;
  };
}

/**
 * Costs of a network before training; RAM as the exporter will lay it out.
 * @throws ModelError what `inferShapes` throws.
 *
 * @example
 * ```ts
 * import { buildPreset, summarizeSpec } from '@bitnetmcu/models';
 *
 * const { total } = summarizeSpec(buildPreset('fc-12k'));
 * console.log(total.bytes); // of packed weights
 * ```
 */
export function summarizeSpec(spec: NetworkSpec): NetworkSummary {
  const resolved = inferShapes(spec);
  return summary(spec.name, spec.input.shape, resolved.map(layerSummary), specSteps(resolved));
}

/**
 * Costs of an integer network.
 * @throws ModelError what `validateQuantizedModel` throws.
 *
 * @example
 * ```ts
 * import { formatSummary, summarizeModel } from '@bitnetmcu/models';
 *
 * console.log(formatSummary(summarizeModel(model)));
 * ```
 */
export function summarizeModel(model: QuantizedModel): NetworkSummary {
  const resolved = validateQuantizedModel(model);
  return summary(model.name, model.input.shape, resolved.map(nodeSummary), resolved.map(nodeStep));
}

function summary(
  name: string,
  inputShape: Shape,
  layers: LayerSummary[],
  steps: readonly MemoryStep[],
): NetworkSummary {
  const add = (key: 'parameters' | 'bytes' | 'macs') => layers.reduce((total, layer) => total + layer[key], 0);
  return {
    name,
    inputShape,
    layers,
    total: {
      parameters: add('parameters'),
      bytes: add('bytes'),
      macs: add('macs'),
      ramBytes: peakMemory(inputShape, steps),
    },
  };
}

interface Weights {
  readonly rows: number;
  readonly columns: number;
  readonly format: Parameters<typeof bitsPerWeight>[0] | 'None';
  readonly shifts: boolean;
  readonly bias: boolean;
  /** Positions at which the rows are applied: 1, or height·width of a convolution's output. */
  readonly positions: number;
}

function costs({ rows, columns, format, shifts, bias, positions }: Weights) {
  const rowBytes = format === 'None' ? 4 * columns : packedRowBytes(format, columns);
  return {
    parameters: rows * columns + (bias ? rows : 0),
    format: typeof format === 'string' ? format : format.name,
    bits: format === 'None' ? 32 : bitsPerWeight(format),
    bytes: rows * (rowBytes + (shifts ? 1 : 0) + (bias ? 4 : 0)),
    macs: rows * columns * positions,
  };
}

function positionsOf(shape: Shape): number {
  return shape.length === 3 ? shape[1] * shape[2] : 1;
}

function layerSummary({ layer, inputShapes, outputShape }: ResolvedLayer): LayerSummary {
  const common = { name: layer.name, operation: layer.type, outputShape };
  if (!isWeighted(layer)) {
    return { ...common, parameters: 0, bytes: byTable(layer) ? TABLE_BYTES : 0, macs: 0 };
  }
  const { outputs, perOutput } = weightDimensions(layer, inputShapes[0]!);
  const { format, scaling } = layer.weights;
  const shifts = scaling === 'PerOutput' && format !== 'None';
  const positions = positionsOf(outputShape);
  return { ...common, ...costs({ rows: outputs, columns: perOutput, format, shifts, bias: layer.bias, positions }) };
}

function nodeSummary({ node, outputShape }: ResolvedNode): LayerSummary {
  const common = { name: node.name, operation: node.op, outputShape };
  if (!isWeightedNode(node)) return { ...common, parameters: 0, bytes: opOf(node).constantBytes ?? 0, macs: 0 };
  const { format, outputShifts, bias } = node.weights;
  const positions = positionsOf(outputShape);
  const shifts = outputShifts !== undefined;
  return { ...common, ...costs({ ...weightMatrix(node), format, shifts, bias: bias !== undefined, positions }) };
}

function nodeStep({ node, outputShape, outputType }: ResolvedNode): MemoryStep {
  const { name, inputs } = node;
  const bytesPerElement = outputType === 'int8' ? 1 : 4;
  return { name, inputs, shape: outputShape, bytesPerElement, ...opOf(node).memory(node) };
}

/** The steps that the exporter will make of the layers: int32 after weights, int8 (ShiftNorm, in place) wherever a linear layer reads. */
function specSteps(resolved: readonly ResolvedLayer[]): MemoryStep[] {
  const bytes = new Map<string, number>([['input', 1]]);
  const afterLinear = new Set<string>();
  return resolved.flatMap(({ layer, inputs, inputShapes, outputShape }) => {
    const input = inputs[0]!;
    const inputBytes = bytes.get(input)!;
    const steps: MemoryStep[] = [];
    let reads = input;
    if (wantsInt8(layer) && inputBytes > 1) {
      reads = `${layer.name}.norm`;
      steps.push({
        name: reads,
        inputs: [input],
        shape: inputShapes[0]!,
        bytesPerElement: 1,
        inPlace: true,
        channelwise: 'end',
      });
    }
    const table = byTable(layer);
    const normalizes = layer.type === 'activation' && !table && afterLinear.has(input);
    const computes = isWeighted(layer) || layer.type === 'add' || layer.type === 'topGroups';
    const bytesPerElement = computes ? 4 : normalizes || table ? 1 : inputBytes;
    if (layer.type === 'linear' || (layer.type === 'dropout' && afterLinear.has(input))) afterLinear.add(layer.name);
    bytes.set(layer.name, bytesPerElement);
    steps.push({
      name: layer.name,
      inputs: [reads, ...inputs.slice(1)],
      shape: outputShape,
      bytesPerElement,
      // A norm looks at the whole tensor.
      ...(normalizes
        ? { inPlace: true, channelwise: 'no' as const }
        : definitionOf(layer).memory(layer, inputShapes[0]!)),
    });
    return steps;
  });
}

/** Whether integer inference takes int8 from a table here. */
function byTable(layer: Layer): boolean {
  return layer.type === 'activation' && activationOf(layer.function).integerForm === 'table';
}

function wantsInt8(layer: Layer): boolean {
  return layer.type === 'linear' || (layer.type === 'conv2d' && layer.activationQuantizer !== 'none');
}

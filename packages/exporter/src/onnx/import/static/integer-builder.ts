// The integer network grows node by node, computing the calibration samples in integers as it goes.
import type { QuantizedNode } from '@bitnetmcu/models';
import { type FormatName, getFormat } from '@bitnetmcu/quant';
import { ExporterError } from '../../../errors.js';
import { elementsOf } from '../../ir/tensor.js';
import {
  type FloatAdd,
  type FloatLayer,
  type FloatNetwork,
  type FloatPool2d,
  type FloatRelu,
  type FloatWeighted,
  isFloatWeighted,
  outputsOf,
  weightsPerOutput,
} from '../float-network.js';
import { forwardLayer } from '../forward-layer.js';
import { keptGrid, type LayerCodes } from '../layer-codes.js';
import { cropNode, poolNode } from '../spatial-nodes.js';
import { OnnxUnsupportedError } from '../unsupported.js';
import { alignSummands } from './align-summands.js';
import { errorSpread } from './compensated-rounding.js';
import { secondMoments } from './input-patches.js';
import type { IntegerTensor } from './integer-tensor.js';
import { endsInt32, type Observation, observe } from './observation.js';
import type { StaticLayerReport, StaticOptions } from './options.js';
import { codesWithStep, type RowStatistics } from './row-codes.js';
import { clipOf, exactExponent, quantizationError } from './scales.js';
import { shiftedRight } from './shifted-right.js';
import type { RangedNetwork } from './static-ranges.js';

/** Steps tried within one power of two. */
const MANTISSAS = 8;
/** Samples on which steps are tried. */
const SEARCH_SAMPLES = 64;
const MAX_PATCHES = 20_000;
/** Error compensation inverts a matrix of this many columns at most. */
const MAX_COLUMNS = 1200;
const LARGEST_RIGHT_SHIFT = 30;

export class IntegerBuilder {
  private readonly nodes: QuantizedNode[] = [];
  private readonly reports: StaticLayerReport[] = [];
  private readonly tensors = new Map<string, IntegerTensor>();
  private readonly layers: ReadonlyMap<string, FloatLayer>;
  private readonly network: FloatNetwork;

  /**
   * @param activations of every layer in float, for `count` samples.
   */
  constructor(
    private readonly ranged: RangedNetwork,
    private readonly options: StaticOptions,
    private readonly activations: ReadonlyMap<string, Float64Array> | undefined,
    private readonly count: number,
  ) {
    this.network = ranged.network;
    this.layers = new Map(this.network.layers.map((layer) => [layer.name, layer]));
  }

  build(): {
    nodes: QuantizedNode[];
    layers: StaticLayerReport[];
    inputScale: number;
    logitError: number | undefined;
    /** The node that stands for each layer. */
    nodeOf: ReadonlyMap<string, string>;
  } {
    const step = this.inputStep();
    const input = this.activations?.get('input');
    const values = input
      ? input.map((x) => Math.min(127, Math.max(-128, roundHalfEven(x / step))))
      : new Float64Array(0);
    this.tensors.set('input', {
      node: 'input',
      type: 'int8',
      scale: step,
      bound: 128,
      values,
      pendingRelu: undefined,
      limit: Number.POSITIVE_INFINITY,
    });
    for (const layer of this.network.layers) this.tensors.set(layer.name, this.append(layer));
    // The graph's input is real; the network's is after inputScale.
    const built = { nodes: this.nodes, layers: this.reports, inputScale: 1 / step, nodeOf: this.nodeOf() };
    const last = this.network.layers.at(-1)!;
    if (last.op === 'dynamicNorm') return { ...built, logitError: undefined };
    return { ...built, logitError: this.logitError(this.finish(last.name)) };
  }

  private nodeOf(): ReadonlyMap<string, string> {
    return new Map([...this.tensors].map(([layer, { node }]) => [layer, node]));
  }

  private inputStep(): number {
    const { inputScale, ranges = 'mse' } = this.options;
    if (inputScale !== undefined) {
      if (!(inputScale > 0 && Number.isFinite(inputScale))) {
        throw new ExporterError('onnx-input', `inputScale is ${inputScale}; a positive number is wanted`);
      }
      return 1 / inputScale;
    }
    if (this.ranged.inputStep !== undefined) return this.ranged.inputStep;
    const input = this.activations?.get('input');
    const clip = input ? clipOf(input, 127, ranges) : this.ranged.inputRange;
    if (clip === undefined) throw needsCalibration('the range of the input is not known');
    return (clip || 1) / 127;
  }

  private append(layer: FloatLayer): IntegerTensor {
    switch (layer.op) {
      case 'linear':
      case 'conv2d':
        return this.weighted(layer);
      case 'relu':
        return this.relu(layer);
      case 'maxPool2d':
      case 'avgPool2d':
        return this.pool(layer);
      case 'crop': {
        const input = this.tensor(layer.inputs[0]!);
        this.nodes.push(cropNode(layer, input.node));
        const values = input.values.length === 0 ? input.values : forwardLayer(layer, [input.values], this.count);
        return { ...input, node: layer.name, values };
      }
      case 'flatten': {
        const input = this.tensor(layer.inputs[0]!);
        this.nodes.push({ name: layer.name, inputs: [input.node], op: 'flatten' });
        return { ...input, node: layer.name };
      }
      case 'add':
        return this.add(layer);
      case 'dynamicNorm':
        // What follows is scale-free: int8 activations are all that it needs.
        return this.int8(layer.inputs[0]!, layer.nodes[0] ?? layer.name);
      case 'affine':
      case 'staticQuantization':
        throw new Error(`${layer.op} was removed before`);
      default:
        return layer satisfies never;
    }
  }

  private tensor(name: string): IntegerTensor {
    return this.tensors.get(name)!;
  }

  // ---- weights ----

  private weighted(layer: FloatWeighted): IntegerTensor {
    const input = this.int8(layer.inputs[0]!, layer.name);
    const observation = observe(this.network, layer.name);
    const warnings: string[] = [];
    const codes = this.chooseCodes(layer, input, observation, warnings);
    const integers = integerWeights(layer, codes);
    const { integerScale } = getFormat(codes.format);
    const scale = (input.scale * codes.step) / integerScale;
    const sums =
      this.count > 0
        ? forwardLayer(layer, [input.values], this.count, { weight: integers, bias: undefined })
        : new Float64Array(0);
    const bias = this.bias(layer, sums, scale);
    const positions = elementsOf(layer.shape) / outputsOf(layer);
    const values = sums.map((sum, i) => sum + bias[Math.floor(i / positions) % bias.length]!);
    const { format, codes: stored, outputShifts } = codes;
    const weights = { format, codes: stored, bias, ...(outputShifts ? { outputShifts } : {}) };
    const base = { name: layer.name, inputs: [input.node], weights };
    if (layer.op === 'linear') {
      const { inFeatures, outFeatures } = layer;
      this.nodes.push({ ...base, op: 'linear', inFeatures, outFeatures });
    } else {
      const { inShape, outChannels, kernel, stride, padding, groups } = layer;
      this.nodes.push({ ...base, op: 'conv2d', inChannels: inShape[0], outChannels, kernel, stride, padding, groups });
    }
    this.reports.push({
      layer: layer.name,
      op: layer.op,
      format,
      gridDetected: codes.exact,
      step: codes.step,
      inputScale: input.scale,
      accumulatorScale: scale,
      warnings,
    });
    return {
      node: layer.name,
      type: 'int32',
      scale,
      bound: largestSum(integers, bias, input.bound),
      values,
      pendingRelu: undefined,
      limit: Number.POSITIVE_INFINITY,
    };
  }

  private chooseCodes(
    layer: FloatWeighted,
    input: IntegerTensor,
    observation: Observation,
    warnings: string[],
  ): LayerCodes {
    const { quantizer, mixed = {} } = this.options;
    const chosen = mixed[layer.name] ?? quantizer;
    const grid = keptGrid(layer, this.options);
    const required = this.requiredScale(layer, observation);
    if (grid) {
      const scale = (input.scale * grid.step) / getFormat(grid.format).integerScale;
      // Maps can be multiplied to fit an addition, vectors cannot.
      const adaptable = layer.shape.length === 3;
      if (required === undefined || adaptable || exactExponent(scale / required) !== undefined) return grid;
      warnings.push('its low-bit grid does not fit the scale of the addition behind it; requantized');
    }
    const format: FormatName = chosen ?? grid?.format ?? '8bit';
    if (!this.activations) {
      throw needsCalibration(`the weights of layer ${layer.name} lie on no low-bit grid`);
    }
    const statistics = this.statistics(layer, input);
    const { integerScale } = getFormat(format);
    const steps =
      required !== undefined
        ? [(required * integerScale) / input.scale]
        : Array.from({ length: MANTISSAS }, (_, k) => (2 ** (k / MANTISSAS) * integerScale) / input.scale);
    const candidates = steps.map((step) => codesWithStep(layer, format, step, statistics));
    if (candidates.length === 1) return candidates[0]!;
    const errors = candidates.map((codes) => this.errorOf(layer, input, codes, observation));
    return candidates[errors.indexOf(Math.min(...errors))]!;
  }

  /** The scale, up to a power of two, that the layer's accumulators need to be added to what is there already. */
  private requiredScale(layer: FloatLayer, { add }: Observation): number | undefined {
    const known = add?.inputs.map((name) => this.tensors.get(name)).find((tensor) => tensor !== undefined);
    return add && add.inputs.length > 0 && known && known.node !== layer.name ? known.scale : undefined;
  }

  private statistics(layer: FloatWeighted, input: IntegerTensor): RowStatistics {
    const columns = weightsPerOutput(layer);
    const groups = layer.op === 'conv2d' ? layer.groups : 1;
    const moments = Array.from({ length: groups }, (_, g) =>
      columns <= MAX_COLUMNS ? secondMoments(layer, input.values, this.count, g, MAX_PATCHES) : undefined,
    );
    if (moments.some((entry) => entry === undefined)) return { importance: undefined, spread: undefined };
    const known = moments as Float64Array[];
    return {
      importance: known.map((m) => Float64Array.from({ length: columns }, (_, i) => m[i * columns + i]!)),
      spread: this.options.rounding === 'nearest' ? undefined : known.map((m) => errorSpread(m, columns)),
    };
  }

  /** Squared error of what the layer gives where it is observed, on a few samples. */
  private errorOf(layer: FloatWeighted, input: IntegerTensor, codes: LayerCodes, observation: Observation): number {
    const count = Math.min(this.count, SEARCH_SAMPLES);
    const features = input.values.length / this.count;
    const scale = (input.scale * codes.step) / getFormat(codes.format).integerScale;
    const x = input.values.subarray(0, count * features);
    const sums = forwardLayer(layer, [x], count, { weight: integerWeights(layer, codes), bias: undefined });
    const wanted = this.floats(layer.name, count);
    const outputs = outputsOf(layer);
    const positions = elementsOf(layer.shape) / outputs;
    const offsets = meanDifference(wanted, sums, scale, outputs, positions);
    let real: Float64Array = sums.map((sum, i) => sum * scale + offsets[Math.floor(i / positions) % outputs]!);
    for (const step of observation.path) real = forwardLayer(step, [real], count);
    const target = this.floats(observation.path.at(-1)?.name ?? layer.name, count);
    if (!observation.requantized) return squared(real, target);
    const positive = observation.path.some(({ op }) => op === 'relu');
    const shift = this.bestShift(real, target, scale, positive);
    const step = scale * 2 ** shift;
    return quantizationError(real, target, step, positive ? 0 : -128, 127);
  }

  private floats(name: string, count: number): Float64Array {
    const all = this.activations!.get(name)!;
    return all.subarray(0, (all.length / this.count) * count);
  }

  private bias(layer: FloatWeighted, sums: Float64Array, scale: number): Int32Array {
    const outputs = outputsOf(layer);
    const positions = elementsOf(layer.shape) / outputs;
    const correct = this.options.biasCorrection !== false && this.activations !== undefined;
    const real = correct
      ? meanDifference(this.activations!.get(layer.name)!, sums, scale, outputs, positions)
      : Float64Array.from({ length: outputs }, (_, o) => layer.bias?.[o] ?? 0);
    return Int32Array.from(real, (b) => Math.max(-(2 ** 30), Math.min(2 ** 30, Math.round(b / scale))));
  }

  // ---- what follows weights ----

  private relu(layer: FloatRelu): IntegerTensor {
    const input = this.tensor(layer.inputs[0]!);
    if (input.type === 'int8') {
      const max = Math.min(127, Math.max(1, Math.round(layer.limit / input.scale)));
      this.nodes.push({ name: layer.name, inputs: [input.node], op: 'requantize', shift: 0, min: 0, max });
      return { ...input, node: layer.name, values: input.values.map((x) => Math.min(max, Math.max(0, x))) };
    }
    const pending = { ...input, pendingRelu: Math.min(layer.limit, input.pendingRelu ?? Number.POSITIVE_INFINITY) };
    return endsInt32(this.network, layer) ? this.requantized(pending, layer.name, layer.name) : pending;
  }

  private pool(layer: FloatPool2d): IntegerTensor {
    let input = this.tensor(layer.inputs[0]!);
    if (layer.op === 'avgPool2d') {
      if (input.pendingRelu !== undefined) input = this.wideRelu(input, `${layer.name}.relu`);
      const excess = Math.ceil(Math.log2((input.bound * largestMeanFactor(layer)) / LARGEST_MEAN_PRODUCT));
      if (excess > 0) input = shiftedRight(input, excess, `${layer.name}.room`, (node) => this.nodes.push(node));
    }
    const { op, name } = layer;
    this.nodes.push(poolNode(layer, input.node));
    const values = input.values.length === 0 ? input.values : forwardLayer(layer, [input.values], this.count);
    const pooled = { ...input, node: name, values: op === 'avgPool2d' ? values.map(Math.floor) : values };
    return op === 'avgPool2d' && pooled.type === 'int32' ? this.requantized(pooled, `${name}.int8`, name) : pooled;
  }

  /** A ReLU on accumulators that stay int32. */
  private wideRelu(input: IntegerTensor, name: string): IntegerTensor {
    const max = Math.min(2 ** 31 - 1, Math.round(input.pendingRelu! / input.scale));
    this.nodes.push({ name, inputs: [input.node], op: 'requantize', shift: 0, min: 0, max });
    return {
      ...input,
      node: name,
      values: input.values.map((x) => Math.min(max, Math.max(0, x))),
      pendingRelu: undefined,
      limit: input.pendingRelu!,
    };
  }

  private add(layer: FloatAdd): IntegerTensor {
    const [a, b] = layer.inputs.map((name) => this.settled(name)) as [IntegerTensor, IntegerTensor];
    const aligned = alignSummands([a, b], layer.name, layer.shape, (node) => this.nodes.push(node));
    if (aligned === undefined) {
      throw new OnnxUnsupportedError([
        {
          name: layer.nodes[0] ?? layer.name,
          operator: 'Add',
          reason: `its summands have the scales ${a.scale} and ${b.scale}, which are no power of two apart and no layer can be adapted`,
          nearest: 'an addition with a convolution or linear layer directly before one of its inputs',
        },
      ]);
    }
    const { summands, leftShift, scale, bound } = aligned;
    this.nodes.push({ name: layer.name, inputs: summands.map(({ node }) => node), op: 'add', leftShift });
    const [left, right] = summands;
    return {
      node: layer.name,
      type: 'int32',
      scale,
      bound,
      values: left.values.map((x, i) => x * 2 ** leftShift[0] + right.values[i]! * 2 ** leftShift[1]),
      pendingRelu: undefined,
      limit: Number.POSITIVE_INFINITY,
    };
  }

  /** A tensor whose ReLU has been applied. */
  private settled(name: string): IntegerTensor {
    const tensor = this.tensor(name);
    return tensor.pendingRelu === undefined ? tensor : this.wideRelu(tensor, `${name}.wide`);
  }

  /** The int8 tensor that a layer reads. */
  private int8(name: string, reader: string): IntegerTensor {
    const tensor = this.tensor(name);
    if (tensor.type === 'int8') return tensor;
    const made = this.requantized(tensor, `${reader}.input`, name);
    return made;
  }

  /** @param name of the node. @param float the layer whose float activations it should come near. */
  private requantized(input: IntegerTensor, name: string, float: string): IntegerTensor {
    const positive =
      input.pendingRelu !== undefined || input.limit < Number.POSITIVE_INFINITY || this.isPositive(float);
    const limit = Math.min(input.pendingRelu ?? Number.POSITIVE_INFINITY, input.limit);
    const shift = this.requantizationShift(input, float, positive, limit);
    const scale = input.scale * 2 ** shift;
    const max = Math.min(127, Math.max(1, Math.round(limit / scale)));
    const min = positive ? 0 : -128;
    this.nodes.push({ name, inputs: [input.node], op: 'requantize', shift, min, max });
    const half = shift === 0 ? 0 : 2 ** (shift - 1);
    const values = input.values.map((x) => Math.min(max, Math.max(min, Math.floor((x + half) / 2 ** shift))));
    const ends = { pendingRelu: undefined, limit: Number.POSITIVE_INFINITY };
    return { node: name, type: 'int8', scale, bound: 128, values, ...ends };
  }

  private isPositive(name: string): boolean {
    const layer = this.layers.get(name);
    if (layer === undefined) return false;
    if (layer.op === 'relu') return true;
    return !isFloatWeighted(layer) && layer.op !== 'add' && this.isPositive(layer.inputs[0]!);
  }

  private requantizationShift(input: IntegerTensor, float: string, positive: boolean, limit: number): number {
    const target = this.activations?.get(float);
    if (!target) {
      if (limit === Number.POSITIVE_INFINITY) throw needsCalibration(`the range of ${float} is not known`);
      return clampShift(Math.round(Math.log2(limit / 127 / input.scale)));
    }
    const real = input.values.map((x) => Math.min(limit, positive ? Math.max(0, x * input.scale) : x * input.scale));
    return this.bestShift(real, target, input.scale, positive);
  }

  /** The right shift after which int8 comes nearest to the float activations, by the chosen rule. */
  private bestShift(real: Float64Array, target: Float64Array, scale: number, positive: boolean): number {
    const { ranges = 'mse' } = this.options;
    const clip = clipOf(target, 127, ranges === 'mse' ? 'max' : ranges);
    const guess = clip === 0 ? 0 : Math.log2(clip / 127 / scale);
    if (!Number.isFinite(guess)) {
      throw new ExporterError(
        'onnx-calibration',
        `activations up to ${clip} and accumulators in steps of ${scale} have no common scale; the weights are damaged`,
      );
    }
    if (ranges !== 'mse') return clampShift(Math.ceil(guess - 0.25));
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let shift = Math.ceil(guess); shift >= Math.ceil(guess) - 3; shift--) {
      const error = quantizationError(real, target, scale * 2 ** clampShift(shift), positive ? 0 : -128, 127);
      if (error < least) [least, best] = [error, shift];
    }
    return clampShift(best);
  }

  // ---- the end ----

  /** The last tensor as int32 logits. */
  private finish(name: string): IntegerTensor {
    const tensor = this.tensor(name);
    if (tensor.pendingRelu !== undefined) return this.wideRelu(tensor, `${name}.relu`);
    if (tensor.type === 'int32') return tensor;
    this.nodes.push({ name: `${name}.logits`, inputs: [tensor.node], op: 'reluShift', shift: 0 });
    return { ...tensor, node: `${name}.logits`, type: 'int32' };
  }

  private logitError(last: IntegerTensor): number | undefined {
    const target = this.activations?.get(this.network.layers.at(-1)!.name);
    if (!target) return undefined;
    let [error, sum, squares] = [0, 0, 0];
    for (let i = 0; i < target.length; i++) {
      error += (last.values[i]! * last.scale - target[i]!) ** 2;
      sum += target[i]!;
      squares += target[i]! ** 2;
    }
    const variance = squares / target.length - (sum / target.length) ** 2;
    return Math.sqrt(error / target.length / (variance || 1));
  }
}

/** Sums of a mean times their reciprocal stay below this, with room for its rounding. */
const LARGEST_MEAN_PRODUCT = 2 ** 31 - 2 ** 17;

/** An average pool multiplies magnitudes by up to this: the elements of a window, times a 16-bit reciprocal where those are no power of two. */
function largestMeanFactor({ size, padding, countIncludePad }: FloatPool2d): number {
  const window = size[0] * size[1];
  const same = countIncludePad || padding[0] + padding[1] === 0;
  return same && Number.isInteger(Math.log2(window)) ? window : Math.max(window, 65_536 + window / 2);
}

/** No accumulator of a layer is larger, for inputs up to `input`. */
function largestSum(integers: Float64Array, bias: Int32Array, input: number): number {
  const columns = integers.length / bias.length;
  const sums = new Float64Array(bias.length);
  integers.forEach((weight, i) => {
    const o = Math.floor(i / columns);
    sums[o] = sums[o]! + Math.abs(weight) * input;
  });
  return sums.reduce((largest, sum, o) => Math.max(largest, sum + Math.abs(bias[o]!)), 0);
}

function integerWeights(layer: FloatWeighted, { format, codes, outputShifts }: LayerCodes): Float64Array {
  const { integers } = getFormat(format);
  const columns = weightsPerOutput(layer);
  return Float64Array.from(codes, (code, i) => integers[code]! * 2 ** (outputShifts?.[Math.floor(i / columns)] ?? 0));
}

/** Mean of wanted − sums·scale for each output, over samples and positions: the bias that centres the errors. */
function meanDifference(
  wanted: Float64Array,
  sums: Float64Array,
  scale: number,
  outputs: number,
  positions: number,
): Float64Array {
  const means = new Float64Array(outputs);
  for (let i = 0; i < sums.length; i++) {
    const o = Math.floor(i / positions) % outputs;
    means[o] = means[o]! + wanted[i]! - sums[i]! * scale;
  }
  return means.map((sum) => sum / (sums.length / outputs));
}

function squared(a: Float64Array, b: Float64Array): number {
  let error = 0;
  for (let i = 0; i < a.length; i++) error += (a[i]! - b[i]!) ** 2;
  return error;
}

function clampShift(shift: number): number {
  return Math.max(0, Math.min(LARGEST_RIGHT_SHIFT, shift));
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  return x - floor === 0.5 ? floor + (Math.abs(floor) % 2) : Math.round(x);
}

function needsCalibration(reason: string): ExporterError {
  return new ExporterError('onnx-calibration', `${reason}; give calibration samples (a few hundred typical inputs)`);
}

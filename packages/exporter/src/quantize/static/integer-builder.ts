// The integer network grows node by node, computing the calibration samples in integers as it goes.
import type { QuantizedNode } from '@bitnetmcu/models';
import { ExporterError } from '../../errors.js';
import {
  type FloatAdd,
  type FloatLayer,
  type FloatPool2d,
  type FloatRelu,
  type FloatWeighted,
  isFloatWeighted,
} from '../../float/float-network.js';
import { forwardLayer } from '../../float/forward-layer.js';
import type { RangedNetwork } from '../../float/static-ranges.js';
import { OnnxUnsupportedError } from '../../float/unsupported.js';
import { cropNode, poolNode, WIDENED } from '../spatial-nodes.js';
import { alignSummands } from './align-summands.js';
import { type CalibratedNetwork, needsCalibration } from './calibrated-network.js';
import type { IntegerTensor } from './integer-tensor.js';
import { layerIntegers } from './layer-weights.js';
import { withRoomForMean } from './mean-room.js';
import { endsInt32, type Observation, observe } from './observation.js';
import type { StaticLayerReport, StaticOptions } from './options.js';
import { requantizationShift } from './requantization-shift.js';
import { clipOf } from './scales.js';

export class IntegerBuilder {
  private readonly nodes: QuantizedNode[] = [];
  private readonly reports: StaticLayerReport[] = [];
  private readonly tensors = new Map<string, IntegerTensor>();
  private readonly layers: ReadonlyMap<string, FloatLayer>;
  private readonly calibrated: CalibratedNetwork;

  /**
   * @param activations of every layer in float, for `count` samples.
   * @param coarser by how many bits the accumulators of layers are coarser than best, so that sums stay within int32.
   */
  constructor(
    private readonly ranged: RangedNetwork,
    private readonly options: StaticOptions,
    private readonly activations: ReadonlyMap<string, Float64Array> | undefined,
    private readonly count: number,
    private readonly coarser: ReadonlyMap<string, number>,
  ) {
    const { network } = ranged;
    this.calibrated = { network, options, activations, count };
    this.layers = new Map(network.layers.map((layer) => [layer.name, layer]));
  }

  build(): {
    nodes: QuantizedNode[];
    layers: StaticLayerReport[];
    inputScale: number;
    /** What the integer 1 of the logits stands for; undefined behind a norm that depends on the sample. */
    logitScale: number | undefined;
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
    return { ...built, logitScale: last.op === 'dynamicNorm' ? undefined : this.finish(last.name).scale };
  }

  private get network() {
    return this.ranged.network;
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

  private weighted(layer: FloatWeighted): IntegerTensor {
    const input = this.int8(layer.inputs[0]!, layer.name);
    const observation = observe(this.network, layer.name);
    const addedTo = this.requiredScale(layer, observation);
    const needs = { observation, addedTo, coarser: this.coarser.get(layer.name) ?? 0 };
    const { codes, bias, scale, bound, values, warnings } = layerIntegers(this.calibrated, layer, input, needs);
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
      bound,
      values,
      pendingRelu: undefined,
      limit: Number.POSITIVE_INFINITY,
    };
  }

  /** The scale, up to a power of two, that the layer's accumulators need to be added to what is there already. */
  private requiredScale(layer: FloatLayer, { add }: Observation): number | undefined {
    const known = add?.inputs.map((name) => this.tensors.get(name)).find((tensor) => tensor !== undefined);
    return add && add.inputs.length > 0 && known && known.node !== layer.name ? known.scale : undefined;
  }

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
      input = withRoomForMean(input, layer, (node) => this.nodes.push(node));
    }
    const { op, name } = layer;
    this.nodes.push(poolNode(layer, input.node));
    const values = input.values.length === 0 ? input.values : forwardLayer(layer, [input.values], this.count);
    const pooled = { ...input, node: name, values: op === 'avgPool2d' ? values.map(Math.floor) : values };
    const narrows = pooled.type === 'int32' && endsInt32(this.network, layer);
    return narrows ? this.requantized(pooled, `${name}.int8`, name) : pooled;
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
    const shift = requantizationShift(this.calibrated, input, float, positive, limit);
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

  /** The last tensor as int32 logits. */
  private finish(name: string): IntegerTensor {
    const tensor = this.tensor(name);
    if (tensor.pendingRelu !== undefined) return this.wideRelu(tensor, `${name}.relu`);
    if (tensor.type === 'int32') return tensor;
    const node = `${name}.logits`;
    this.nodes.push({ name: node, inputs: [tensor.node], ...WIDENED });
    return { ...tensor, node, type: 'int32' };
  }
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  return x - floor === 0.5 ? floor + (Math.abs(floor) % 2) : Math.round(x);
}

// The integer network grows node by node, computing the calibration samples in integers as it goes.
import type { QuantizedNode } from '@bitnetmcu/models';
import { roundHalfEven } from '@bitnetmcu/quant/internal';
import {
  consumersOf,
  type FloatActivation,
  type FloatAdd,
  type FloatCrop,
  type FloatLayer,
  type FloatPool2d,
  type FloatRelu,
  type FloatWeighted,
} from '../../float/float-network.js';
import { forwardLayer } from '../../float/forward-layer.js';
import { weightScale } from '../../float/layer-codes.js';
import type { RangedNetwork } from '../../float/static-ranges.js';
import { unknownValue } from '../../unknown-value.js';
import type { LayerReport } from '../report.js';
import { cropNode, poolNode, WIDENED } from '../spatial-nodes.js';
import { alignSummands } from './align-summands.js';
import type { CalibratedNetwork } from './calibrated-network.js';
import { inputScale } from './input-scale.js';
import { type IntegerTensor, integerTensor } from './integer-tensor.js';
import { layerIntegers } from './layer-weights.js';
import { activationTable } from './lookup.js';
import { withRoomForMean } from './mean-room.js';
import { endsInt32, type Observation, observe } from './observation.js';
import { type MadeTensor, narrowRelu, requantized, wideRelu } from './rectified.js';
import { staticRmsNorm } from './rms-norm.js';

export interface BuiltNetwork {
  readonly nodes: QuantizedNode[];
  readonly layers: readonly LayerReport[];
  /** What the integer 1 of the input stands for. */
  readonly inputScale: number;
  /** What the integer 1 of the logits stands for; undefined behind a norm that depends on the sample. */
  readonly logitScale: number | undefined;
  /** The node that stands for each layer. */
  readonly nodeOf: ReadonlyMap<string, string>;
}

export class IntegerBuilder {
  private readonly nodes: QuantizedNode[] = [];
  private readonly reports: LayerReport[] = [];
  private readonly tensors = new Map<string, IntegerTensor>();

  /**
   * @param calibrated the network without static quantization, which `ranged` says more of.
   * @param coarser by how many bits the accumulators of layers are coarser than best, so that sums stay within int32.
   */
  constructor(
    private readonly calibrated: CalibratedNetwork,
    private readonly ranged: RangedNetwork,
    private readonly coarser: ReadonlyMap<string, number>,
  ) {}

  build(): BuiltNetwork {
    const scale = inputScale(this.calibrated, this.ranged);
    const input = this.calibrated.activations?.get('input') ?? new Float64Array(0);
    const values = input.map((x) => Math.min(127, Math.max(-128, roundHalfEven(x / scale))));
    this.tensors.set('input', integerTensor({ node: 'input', type: 'int8', scale, bound: 128, values }));
    const { layers } = this.calibrated.network;
    for (const layer of layers) this.tensors.set(layer.name, this.append(layer));
    const last = layers.at(-1)!;
    return {
      nodes: this.nodes,
      layers: this.reports,
      inputScale: scale,
      nodeOf: new Map([...this.tensors].map(([layer, { node }]) => [layer, node])),
      logitScale: last.op === 'dynamicNorm' ? undefined : this.finish(last.name).scale,
    };
  }

  private append(layer: FloatLayer): IntegerTensor {
    switch (layer.op) {
      case 'linear':
      case 'conv2d':
        return this.weighted(layer);
      case 'relu':
        return this.relu(layer);
      case 'activation':
        return this.activation(layer);
      case 'topRelu': {
        const input = this.settled(layer.inputs[0]!);
        this.nodes.push({ name: layer.name, inputs: [input.node], op: 'topRelu' });
        return { ...input, node: layer.name, type: 'int32', values: this.moved(layer, input) };
      }
      case 'topGroups': {
        const [name, score] = layer.inputs as readonly [string, string];
        const [input, scores] = [this.tensor(name), this.settled(score)];
        this.nodes.push({ name: layer.name, inputs: [input.node, scores.node], op: 'topGroups', keep: layer.keep });
        return { ...input, node: layer.name, values: this.moved(layer, input, scores) };
      }
      case 'maxPool2d':
      case 'avgPool2d':
        return this.pool(layer);
      case 'crop':
        return this.crop(layer);
      case 'flatten': {
        const input = this.tensor(layer.inputs[0]!);
        this.nodes.push({ name: layer.name, inputs: [input.node], op: 'flatten' });
        return { ...input, node: layer.name };
      }
      case 'add':
        return this.sum(layer);
      case 'dynamicNorm':
        if (layer.norm === 'rms' && consumersOf(this.calibrated.network.layers).has(layer.name)) {
          return this.made(staticRmsNorm(this.calibrated, layer, this.int8(layer.inputs[0]!, layer.name)));
        }
        // What follows is scale-free: int8 activations are all that it needs.
        return this.int8(layer.inputs[0]!, layer.nodes[0] ?? layer.name);
      case 'affine':
      case 'staticQuantization':
        throw new Error(`${layer.op} was removed before`);
      default:
        throw unknownValue('layer', layer);
    }
  }

  private tensor(name: string): IntegerTensor {
    return this.tensors.get(name)!;
  }

  private made({ node, tensor }: MadeTensor): IntegerTensor {
    this.nodes.push(node);
    return tensor;
  }

  private weighted(layer: FloatWeighted): IntegerTensor {
    const input = this.int8(layer.inputs[0]!, layer.name);
    const observation = observe(this.calibrated.network, layer.name);
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
      nodes: layer.nodes,
      format,
      gridDetected: codes.exact,
      weightScale: weightScale(codes),
      inputScale: input.scale,
      accumulatorScale: scale,
      warnings,
    });
    return integerTensor({ node: layer.name, type: 'int32', scale, bound, values });
  }

  /** The scale, up to a power of two, that the layer's accumulators need to be added to what is there already. */
  private requiredScale(layer: FloatLayer, { add }: Observation): number | undefined {
    const known = add?.inputs.map((name) => this.tensors.get(name)).find((tensor) => tensor !== undefined);
    // A learned scale leaves no power of two: the addition multiplies.
    const scaled = add?.op === 'add' && add.scale !== undefined;
    return add && !scaled && add.inputs.length > 0 && known && known.node !== layer.name ? known.scale : undefined;
  }

  private relu(layer: FloatRelu): IntegerTensor {
    const input = this.tensor(layer.inputs[0]!);
    if (input.type === 'int8') return this.made(narrowRelu(input, layer.name, layer.limit));
    const pending = { ...input, pendingRelu: Math.min(layer.limit, input.pendingRelu ?? Number.POSITIVE_INFINITY) };
    return endsInt32(this.calibrated.network, layer) ? this.requantized(pending, layer.name, layer.name) : pending;
  }

  private crop(layer: FloatCrop): IntegerTensor {
    const input = this.tensor(layer.inputs[0]!);
    this.nodes.push(cropNode(layer, input.node));
    return { ...input, node: layer.name, values: this.moved(layer, input) };
  }

  /** int8 by a shift, then by the function's table. */
  private activation(layer: FloatActivation): IntegerTensor {
    const source = layer.inputs[0]!;
    const input = this.tensor(source);
    const x = input.type === 'int8' ? input : this.requantized(input, `${layer.name}.input`, source, layer);
    const aligned = this.requiredScale(layer, observe(this.calibrated.network, layer.name));
    const { table, scale } = activationTable(layer.apply, x.scale, aligned);
    this.nodes.push({ name: layer.name, inputs: [x.node], op: 'lookup', table });
    return { ...x, node: layer.name, scale, values: x.values.map((value) => table[value + 128]!) };
  }

  private pool(layer: FloatPool2d): IntegerTensor {
    let input = this.tensor(layer.inputs[0]!);
    if (layer.op === 'avgPool2d') {
      if (input.pendingRelu !== undefined) input = this.made(wideRelu(input, `${layer.name}.relu`));
      input = withRoomForMean(input, layer, (node) => this.nodes.push(node));
    }
    const { op, name } = layer;
    this.nodes.push(poolNode(layer, input.node));
    const values = this.moved(layer, input);
    const pooled = { ...input, node: name, values: op === 'avgPool2d' ? values.map(Math.floor) : values };
    const narrows = pooled.type === 'int32' && endsInt32(this.calibrated.network, layer);
    return narrows ? this.requantized(pooled, `${name}.int8`, name) : pooled;
  }

  /** The integers of the calibration samples behind a layer that leaves their scale. */
  private moved(layer: FloatLayer, ...inputs: readonly [IntegerTensor, ...IntegerTensor[]]): Float64Array {
    const values = inputs.map((input) => input.values) as [Float64Array, ...Float64Array[]];
    return values[0].length === 0 ? values[0] : forwardLayer(layer, values, this.calibrated.count);
  }

  private sum(layer: FloatAdd): IntegerTensor {
    const [a, b] = layer.inputs.map((name) => this.settled(name)) as [IntegerTensor, IntegerTensor];
    const aligned = alignSummands([a, b], layer.scale ?? 1, layer.name, (node) => this.nodes.push(node));
    const { summands, multiplier, leftShift, scale, bound } = aligned;
    const inputs = summands.map(({ node }) => node);
    this.nodes.push({ name: layer.name, inputs, op: 'add', ...(multiplier === 1 ? {} : { multiplier }), leftShift });
    const [left, right] = summands;
    const [leftFactor, rightFactor] = [multiplier * 2 ** leftShift[0], 2 ** leftShift[1]];
    const values = left.values.map((x, i) => x * leftFactor + right.values[i]! * rightFactor);
    return integerTensor({ node: layer.name, type: 'int32', scale, bound, values });
  }

  /** A tensor whose ReLU has been applied. */
  private settled(name: string): IntegerTensor {
    const tensor = this.tensor(name);
    return tensor.pendingRelu === undefined ? tensor : this.made(wideRelu(tensor, `${name}.wide`));
  }

  /** The int8 tensor that a layer reads. */
  private int8(name: string, reader: string): IntegerTensor {
    const tensor = this.tensor(name);
    if (tensor.type === 'int8') return tensor;
    return this.requantized(tensor, `${reader}.input`, name);
  }

  private requantized(input: IntegerTensor, name: string, float: string, table?: FloatActivation): IntegerTensor {
    return this.made(requantized(this.calibrated, input, name, float, table));
  }

  /** The last tensor as int32 logits. */
  private finish(name: string): IntegerTensor {
    const tensor = this.tensor(name);
    if (tensor.pendingRelu !== undefined) return this.made(wideRelu(tensor, `${name}.relu`));
    if (tensor.type === 'int32') return tensor;
    const node = `${name}.logits`;
    this.nodes.push({ name: node, inputs: [tensor.node], ...WIDENED });
    return { ...tensor, node, type: 'int32' };
  }
}

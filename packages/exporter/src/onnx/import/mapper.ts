// The state of one import: which layer stands for which ONNX value, and what could not be mapped.
import type { Shape } from '@bitnetmcu/models';
import type { OnnxNode } from '../ir/graph.js';
import { elementsOf, formatDimensions, type Tensor } from '../ir/tensor.js';
import type { FloatLayer } from './float-network.js';
import { LayerNames } from './layer-names.js';
import type { SpecializedGraph } from './specialize.js';
import type { UnsupportedNode } from './unsupported.js';

/** What stands for an ONNX value. */
export interface ValueLayer {
  /** A layer's name or `input`. */
  readonly layer: string;
  /** Set between QuantizeLinear and DequantizeLinear, where the value is integers. */
  readonly quantized?: {
    readonly scale: number;
    readonly zeroPoint: number;
    readonly low: number;
    readonly high: number;
  };
}

/** Why a node cannot be mapped. */
export interface Refusal {
  readonly reason: string;
  readonly nearest: string;
}

/** Distributes over the union, so that each layer keeps its own fields. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type NewLayer = Without<FloatLayer, 'name' | 'inputs' | 'shape' | 'nodes'>;

export class Mapper {
  readonly layers: FloatLayer[] = [];
  readonly unsupported: UnsupportedNode[] = [];
  readonly names = new LayerNames();
  private readonly values = new Map<string, ValueLayer>();
  private readonly inputName: string;
  private input: Shape;

  constructor(readonly specialized: SpecializedGraph) {
    this.inputName = specialized.graph.inputs[0]!.name;
    this.values.set(this.inputName, { layer: 'input' });
    this.input = this.shapeOf(this.inputName) ?? [elementsOf(this.sampleOf(this.inputName)!)];
  }

  /** Of one sample of the network's input. */
  get inputShape(): Shape {
    return this.input;
  }

  /** What stands for a value; undefined where a node before it was refused. */
  value(name: string): ValueLayer | undefined {
    return this.values.get(name);
  }

  /** The value of an input that does not depend on the sample. */
  constant(node: OnnxNode, index: number): Tensor | undefined {
    const name = node.inputs[index];
    return name ? this.specialized.constants.get(name) : undefined;
  }

  /** Dimensions of one sample of a value as in the file. */
  sampleOf(name: string): readonly number[] | undefined {
    const shape = this.specialized.shapes.get(name);
    return shape?.[0] === this.specialized.batch ? shape.slice(1) : undefined;
  }

  /** The same as a layer's shape: a signal [channels, length] becomes [channels, 1, length]. */
  shapeOf(name: string): Shape | undefined {
    const sample = this.sampleOf(name);
    if (sample?.length === 1) return [sample[0]!];
    if (sample?.length === 2) return [sample[0]!, 1, sample[1]!];
    return sample?.length === 3 ? [sample[0]!, sample[1]!, sample[2]!] : undefined;
  }

  /** Adds a layer for a node's first output. */
  append(name: string, node: OnnxNode, inputs: readonly string[], layer: NewLayer, shape?: Shape): Refusal | undefined {
    const outputShape = shape ?? this.shapeOf(node.outputs[0]!);
    if (!outputShape) {
      const found = this.specialized.shapes.get(node.outputs[0]!);
      return {
        reason: `its output has the shape ${found ? formatDimensions(found) : 'unknown'}`,
        nearest:
          'keep the batch in front: [batch, features], [batch, channels, length] or [batch, channels, height, width]',
      };
    }
    this.layers.push({ ...layer, name, inputs, shape: outputShape, nodes: [node.name] } as FloatLayer);
    this.values.set(node.outputs[0]!, { layer: name });
    return undefined;
  }

  /** The node's first output is what its value `source` is, with other properties perhaps. */
  alias(node: OnnxNode, source: ValueLayer): undefined {
    this.values.set(node.outputs[0]!, source);
    return undefined;
  }

  /** Lets the network's input have the shape that the graph gives it in its first node. */
  reshapeInput(node: OnnxNode): boolean {
    const shape = this.shapeOf(node.outputs[0]!);
    const alone = this.specialized.nodes.filter(({ inputs }) => inputs.includes(this.inputName)).length === 1;
    if (!shape || !alone) return false;
    this.input = shape;
    this.alias(node, { layer: 'input' });
    return true;
  }

  refuse(node: OnnxNode, { reason, nearest }: Refusal): void {
    this.unsupported.push({ name: node.name, operator: node.operator, reason, nearest });
  }
}

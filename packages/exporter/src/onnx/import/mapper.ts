// The state of one import: which layer stands for which ONNX value, and what could not be mapped.
import type { Shape } from '@bitnetmcu/models';
import type { FloatLayer } from '../../float/float-network.js';
import type { UnsupportedNode } from '../../float/unsupported.js';
import type { OnnxNode } from '../ir/graph.js';
import { elementsOf, type Tensor } from '../ir/tensor.js';
import type { ElementOrder } from './element-order.js';
import { type InputLayout, layoutOf, mapsOf } from './input-layout.js';
import { LayerNames } from './layer-names.js';
import type { SpecializedGraph } from './specialize.js';

/** What stands for an ONNX value. */
export interface ValueLayer {
  /** A layer's name or `input`. */
  readonly layer: string;
  /** Which element of the layer each of its elements is. */
  readonly order: ElementOrder;
  /** Zeros that a Pad puts around it, which a convolution behind takes over: above, left, below, right. */
  readonly zeros?: Edges;
  /** Set between QuantizeLinear and DequantizeLinear, where the value is integers. */
  readonly quantized?: {
    readonly scale: number;
    readonly zeroPoint: number;
    readonly low: number;
    readonly high: number;
  };
}

/** Above, left, below, right. */
export type Edges = readonly [number, number, number, number];

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
  private readonly shapes = new Map<string, Shape>();
  private readonly vectors = new Map<string, string>();
  /** How samples of the graph and of the network lie. */
  readonly input: InputLayout;

  constructor(readonly specialized: SpecializedGraph) {
    this.input = layoutOf(specialized);
    this.shapes.set('input', this.input.shape);
    this.values.set(specialized.graph.inputs[0]!.name, { layer: 'input', order: this.input.order });
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

  /** Dimensions of one sample of a value; all of them where the graph has one sample and took the batch from the front. */
  dimensionsOf(name: string): readonly number[] | undefined {
    const { shapes, batch } = this.specialized;
    return this.sampleOf(name) ?? (batch === 1 ? shapes.get(name) : undefined);
  }

  /** The same as maps [channels, height, width]: a signal [channels, length] has one row. */
  mapsOf(name: string): readonly [number, number, number] | undefined {
    const sample = this.sampleOf(name);
    return sample && mapsOf(sample);
  }

  /** Shape of a layer's output, or of the network's input. */
  layerShape(layer: string): Shape {
    return this.shapes.get(layer)!;
  }

  /** Adds a layer of the given shape for a node's first output, whose elements are in the given order of the layer's. */
  append(
    name: string,
    node: OnnxNode,
    inputs: readonly string[],
    layer: NewLayer,
    shape: Shape,
    order: ElementOrder,
  ): undefined {
    this.add(name, inputs, layer, shape, node.name);
    this.values.set(node.outputs[0]!, { layer: name, order });
    return undefined;
  }

  /** Adds a layer that gives each element of its input a value. */
  appendElementwise(kind: string, node: OnnxNode, { layer, order }: ValueLayer, added: NewLayer): undefined {
    return this.append(this.names.numbered(kind), node, [layer], added, this.layerShape(layer), order);
  }

  /** The layer as a vector [features]: itself, or flattened. */
  vectorOf(layer: string, node: OnnxNode): string {
    const shape = this.layerShape(layer);
    if (shape.length === 1) return layer;
    const known = this.vectors.get(layer);
    if (known !== undefined) return known;
    const name = this.names.numbered('flatten');
    this.add(name, [layer], { op: 'flatten' }, [elementsOf(shape)], node.name);
    this.vectors.set(layer, name);
    return name;
  }

  private add(name: string, inputs: readonly string[], layer: NewLayer, shape: Shape, node: string): void {
    this.layers.push({ ...layer, name, inputs, shape, nodes: [node] } as FloatLayer);
    this.shapes.set(name, shape);
  }

  /** The node's first output is what its value `source` is, with other properties perhaps. */
  alias(node: OnnxNode, source: ValueLayer): undefined {
    this.values.set(node.outputs[0]!, source);
    return undefined;
  }

  refuse(node: OnnxNode, { reason, nearest }: Refusal): void {
    this.unsupported.push({ name: node.name, operator: node.operator, reason, nearest });
  }
}

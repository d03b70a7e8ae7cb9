// Grows a QuantizedModel node by node and takes back a node that could overflow.
import { proveAccumulatorBounds, type Range } from '../accumulator-bounds.js';
import { ModelError } from '../errors.js';
import { INPUT } from '../graph.js';
import type { QuantizedNode } from '../ops/index.js';
import type { Unplaced } from '../ops/op-definition.js';
import type { QuantizedModel } from '../quantized-model.js';
import { type ResolvedNode, resolveModel } from '../resolve-model.js';
import type { Shape, TensorType } from '../tensor-shape.js';

/** The tensor that the next node reads. */
export interface LastTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly type: TensorType;
}

export class ModelBuilder {
  private nodes: readonly QuantizedNode[] = [];
  private bounds: Range = { min: -128, max: 127 };
  private tensor: LastTensor;
  private readonly input: QuantizedModel['input'];

  constructor(
    private readonly name: string,
    shape: Shape,
    staticInput: boolean,
  ) {
    this.tensor = { name: INPUT, shape, type: 'int8' };
    this.input = {
      shape,
      preprocessing: { divisor: 255, mean: 0.1307, deviation: 0.3081 },
      quantization: staticInput ? { kind: 'static', scale: 32 } : { kind: 'dynamic' },
    };
  }

  get last(): LastTensor {
    return this.tensor;
  }

  get lastBounds(): Range {
    return this.bounds;
  }

  get sample(): Pick<LastTensor, 'shape' | 'type'> {
    return { shape: this.input.shape, type: 'int8' };
  }

  /** Appends a node that reads the last tensor (and `other`). False, and nothing appended, where it could overflow. */
  push(node: Unplaced<QuantizedNode>, ...other: readonly string[]): boolean {
    return this.append([{ ...node, name: this.nameAfter(0), inputs: [this.tensor.name, ...other] } as QuantizedNode]);
  }

  /** Appends two nodes that both read the last tensor, and one that reads the two. False, and nothing appended, where one could overflow. */
  fork(left: Unplaced<QuantizedNode>, right: Unplaced<QuantizedNode>, join: Unplaced<QuantizedNode>): boolean {
    const [first, second, third] = [0, 1, 2].map((after) => this.nameAfter(after)) as [string, string, string];
    return this.append([
      { ...left, name: first, inputs: [this.tensor.name] } as QuantizedNode,
      { ...right, name: second, inputs: [this.tensor.name] } as QuantizedNode,
      { ...join, name: third, inputs: [first, second] } as QuantizedNode,
    ]);
  }

  /** Appends nodes that all read the last tensor, and joins that put them together one after another. False, and nothing appended, where one could overflow. */
  joined(parts: readonly Unplaced<QuantizedNode>[], join: Unplaced<QuantizedNode>): boolean {
    const names = parts.map((_, i) => this.nameAfter(i));
    const added = parts.map((part, i) => ({ ...part, name: names[i]!, inputs: [this.tensor.name] }) as QuantizedNode);
    let [whole] = names;
    for (const name of names.slice(1)) {
      const joinedName = this.nameAfter(added.length);
      added.push({ ...join, name: joinedName, inputs: [whole!, name] } as QuantizedNode);
      whole = joinedName;
    }
    return this.append(added);
  }

  /** Appends a node that reads the sample, and one that reads the last tensor and it. False, and nothing appended, where one could overflow. */
  chosen(scores: Unplaced<QuantizedNode>, choice: Unplaced<QuantizedNode>): boolean {
    const [first, second] = [this.nameAfter(0), this.nameAfter(1)];
    return this.append([
      { ...scores, name: first, inputs: [INPUT] } as QuantizedNode,
      { ...choice, name: second, inputs: [this.tensor.name, first] } as QuantizedNode,
    ]);
  }

  private nameAfter(nodes: number): string {
    return `n${this.nodes.length + nodes + 1}`;
  }

  private append(added: readonly QuantizedNode[]): boolean {
    const nodes = [...this.nodes, ...added];
    try {
      this.bounds = proveAccumulatorBounds({ input: this.input, nodes }).at(-1)!.output;
    } catch (error) {
      if (ModelError.isInstance(error) && error.code === 'accumulator-overflow') return false;
      throw error;
    }
    const { outputShape, outputType }: ResolvedNode = resolveModel({ input: this.input, nodes }).at(-1)!;
    this.nodes = nodes;
    this.tensor = { name: nodes.at(-1)!.name, shape: outputShape, type: outputType };
    return true;
  }

  model(): QuantizedModel {
    return {
      name: this.name,
      input: this.input,
      nodes: this.nodes,
      labels: [],
      provenance: { tool: 'conformance suite' },
    };
  }
}

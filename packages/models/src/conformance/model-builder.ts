// Grows a QuantizedModel node by node and takes back a node that could overflow.
import { proveAccumulatorBounds, type Range } from '../accumulator-bounds.js';
import { ModelError } from '../errors.js';
import { INPUT } from '../graph.js';
import type { QuantizedModel, QuantizedNode, Shape } from '../quantized-model.js';
import { type ResolvedNode, resolveModel, type TensorType } from '../resolve-model.js';

type Unnamed<T> = T extends QuantizedNode ? Omit<T, 'name' | 'inputs'> : never;

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

  /** Appends a node that reads the last tensor (and `other`). False, and nothing appended, where it could overflow. */
  push(node: Unnamed<QuantizedNode>, ...other: readonly string[]): boolean {
    const name = `n${this.nodes.length + 1}`;
    const nodes = [...this.nodes, { ...node, name, inputs: [this.tensor.name, ...other] } as QuantizedNode];
    try {
      this.bounds = proveAccumulatorBounds({ input: this.input, nodes }).at(-1)!.output;
    } catch (error) {
      if (error instanceof ModelError && error.code === 'accumulator-overflow') return false;
      throw error;
    }
    const { outputShape, outputType }: ResolvedNode = resolveModel({ input: this.input, nodes }).at(-1)!;
    this.nodes = nodes;
    this.tensor = { name, shape: outputShape, type: outputType };
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

// The reference: integer inference in plain TypeScript, each node as its file in ops/ says. Every other implementation must give these
// logits for every input.
import { proveAccumulatorBounds } from './accumulator-bounds.js';
import { ModelError } from './errors.js';
import { INPUT } from './graph.js';
import type { InferenceBackend, LoadedModel } from './inference.js';
import { type NodeOp, opOf } from './ops/index.js';
import type { QuantizedModel } from './quantized-model.js';
import { type ResolvedNode, validateQuantizedModel } from './resolve-model.js';
import { elementCount, type Shape, type TensorType } from './tensor-shape.js';

/** The output of one node for one sample. */
export interface TracedTensor {
  readonly name: string;
  /** The node's operation, or `input`. */
  readonly op: NodeOp | 'input';
  readonly shape: Shape;
  /** Int8Array where the node's type is int8 (input, shiftNorm, maxAbsNorm, requantize to int8, lookup, and what only moves those). */
  readonly values: Int8Array | Int32Array;
}

/**
 * The TypeScript implementation of integer inference.
 *
 * @example
 * ```ts
 * import { classOf, quantizeInput, ReferenceInference } from '@bitnetmcu/models';
 *
 * const loaded = await new ReferenceInference().load(model);
 * const logits = await loaded.infer(quantizeInput(model, pixels), 1);
 * console.log(model.labels[classOf(logits)]);
 * ```
 */
export class ReferenceInference implements InferenceBackend {
  readonly name = 'typescript';

  /** @throws ModelError what `validateQuantizedModel` and `proveAccumulatorBounds` throw. */
  async load(model: QuantizedModel): Promise<ReferenceModel> {
    return new ReferenceModel(model);
  }
}

/** A model loaded for reference inference; codes are decoded and buffers allocated once. */
export class ReferenceModel implements LoadedModel {
  readonly inputs: number;
  readonly outputs: number;
  private readonly resolved: readonly ResolvedNode[];
  private readonly sample: Int32Array;
  private readonly buffers: ReadonlyMap<string, Int32Array>;
  private readonly steps: readonly (() => void)[];
  private closed = false;

  /** @throws ModelError what `validateQuantizedModel` and `proveAccumulatorBounds` throw. */
  constructor(private readonly model: QuantizedModel) {
    this.resolved = validateQuantizedModel(model);
    proveAccumulatorBounds(model);
    this.inputs = elementCount(model.input.shape);
    this.outputs = elementCount(this.resolved.at(-1)!.outputShape);
    this.sample = new Int32Array(this.inputs);
    const buffers = new Map<string, Int32Array>([[INPUT, this.sample]]);
    this.steps = this.resolved.map((resolved) => {
      const inputs = resolved.node.inputs.map((name) => buffers.get(name)!);
      const op = opOf(resolved.node);
      const out = op.sharesMemory ? inputs[0]! : new Int32Array(elementCount(resolved.outputShape));
      buffers.set(resolved.node.name, out);
      return op.reference(resolved, inputs, out);
    });
    this.buffers = buffers;
  }

  /**
   * Logits of `count` int8 samples laid out one after another.
   * @throws ModelError `invalid-input` where the length is not count·inputs, `closed` after `close()`.
   */
  infer(inputs: Int8Array, count: number): Int32Array {
    this.requireSamples(inputs, count);
    const logits = logitsOf(count, this.outputs);
    for (let s = 0; s < count; s++) logits.set(this.run(inputs, s), s * this.outputs);
    return logits;
  }

  /** The input and every node's output for one int8 sample, in node order. @throws ModelError as `infer`. */
  trace(input: Int8Array): TracedTensor[] {
    this.requireSamples(input, 1);
    this.run(input, 0);
    return [
      { name: INPUT, op: 'input', shape: this.model.input.shape, values: input.slice() },
      ...this.resolved.map(({ node, outputShape, outputType }) => ({
        name: node.name,
        op: node.op,
        shape: outputShape,
        values: copyAs(outputType, this.buffers.get(node.name)!),
      })),
    ];
  }

  close(): void {
    this.closed = true;
  }

  private run(inputs: Int8Array, sample: number): Int32Array {
    const start = sample * this.inputs;
    for (let i = 0; i < this.inputs; i++) this.sample[i] = inputs[start + i]!;
    for (const step of this.steps) step();
    return this.buffers.get(this.resolved.at(-1)!.node.name)!;
  }

  private requireSamples(inputs: Int8Array, count: number): void {
    if (this.closed) throw new ModelError('closed', `The model '${this.model.name}' was closed: load it again.`);
    if (!Number.isInteger(count) || count < 0 || inputs.length !== count * this.inputs) {
      throw new ModelError(
        'invalid-input',
        `${inputs.length} input values found for ${count} samples, ${this.inputs} wanted for each.`,
      );
    }
  }
}

function copyAs(type: TensorType, values: Int32Array): Int8Array | Int32Array {
  return type === 'int8' ? Int8Array.from(values) : values.slice();
}

/** @throws ModelError `model-too-large` */
function logitsOf(count: number, outputs: number): Int32Array {
  try {
    return new Int32Array(count * outputs);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ModelError(
      'model-too-large',
      `The logits of ${count} samples with ${outputs} outputs take ${4 * count * outputs} bytes, more memory than this process can have: run fewer samples at once.`,
      { cause },
    );
  }
}

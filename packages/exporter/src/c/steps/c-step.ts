// What a step of a program is in C: its tables and its statements. Each kind of step is one file here; index.ts has the table of them.
import type { Buffer, KernelStep } from '@bitnetmcu/mcu-runtime/internal';
import type { TensorType, WeightedNode } from '@bitnetmcu/models/internal';
import type { BufferType } from '../buffers.js';
import type { RuntimeCalls } from '../runtime-calls.js';

/** The step of an operation; that of pools has two of them. */
export type StepOf<O extends KernelStep['op'], S = KernelStep> = S extends { readonly op: infer P }
  ? O extends P
    ? S
    : never
  : never;

/** What the constant tables of a step are called. */
export interface CLayer {
  /** Prefix of its tables. */
  readonly identifier: string;
  /** For comments: what `cComment` gives. */
  readonly name: string;
  readonly description: string;
}

/** A layer with the source of its tables. */
export interface LayerSource {
  readonly layer: CLayer;
  readonly tables: readonly string[];
}

/** What the tables of a step may ask for. */
export interface LayerSite {
  /** The identifier of a node, the same one each time. */
  identifier(node: string): string;
  /** A node with weights, by its name. */
  weightedNode(name: string): WeightedNode;
  readonly runtime: RuntimeCalls;
}

/** Where the statements of a step stand. */
export interface CallSite {
  /** What the step reads and writes, as pointers; inside a channel loop at its channel. */
  readonly x: string;
  readonly y: string;
  /** As `BufferPointers.pointer`. */
  pointer(buffer: Buffer, type: BufferType, role?: string): string;
  /** The loop variable inside a channel loop, else empty. */
  readonly channel: string;
  readonly runtime: RuntimeCalls;
}

/** What a step costs: bytes of its constant tables, and multiply-accumulates of one inference. */
export interface StepCost {
  readonly tableBytes: number;
  readonly macs: number;
}

/** A step without constant tables. */
export interface CallStep<S extends KernelStep> {
  statements(step: S, site: CallSite): readonly string[];
}

/** A step that reads constant tables: weights, or the description of its windows. */
export interface TableStep<S extends KernelStep> {
  layer(step: S, site: LayerSite): LayerSource;
  statements(step: S, site: CallSite, layer: CLayer): readonly string[];
  cost(step: S): StepCost;
}

/** A kind of step. */
export type CStep<S extends KernelStep> = CallStep<S> | TableStep<S>;

/** Suffixes of kernels that exist for both types of activations. */
export const SUFFIX: Readonly<Record<TensorType, string>> = { int8: 'i8', int32: 'i32' };

/** A constant of a type of the runtime, field by field. */
export function constantStruct(type: string, { identifier }: CLayer, fields: readonly string[]): string {
  return `static const ${type} ${identifier}_layer = {\n${fields.map((line) => `  ${line},`).join('\n')}\n};\n`;
}

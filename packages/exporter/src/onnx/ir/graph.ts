// An ONNX graph as plain data: what the file says, without protobuf. Values are named; every name is assigned once.
import type { DataType, Tensor } from './tensor.js';

/** Attributes that operators here read. Graphs, sparse tensors and types stay out: no operator that needs them is known. */
export type AttributeValue = number | string | Tensor | readonly number[] | readonly string[];

export interface OnnxNode {
  /** As in the file, or the name of its first output where the file has none. */
  readonly name: string;
  readonly operator: string;
  /** '' is ONNX's own domain. */
  readonly domain: string;
  /** '' is an input left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  /** Names of attributes of kinds that no operator here reads (subgraphs, references of functions). */
  readonly unreadAttributes: readonly string[];
}

export interface OnnxValue {
  readonly name: string;
  readonly type: DataType;
  /** A string is a symbolic dimension such as `batch`; undefined: the file gives no shape. */
  readonly shape: readonly (number | string)[] | undefined;
}

export interface OnnxGraph {
  readonly name: string;
  /** Version of ONNX's own operator set. */
  readonly opset: number;
  /** Without those that only name a default value's initializer. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  /** In topological order. */
  readonly nodes: readonly OnnxNode[];
  /** Names of the classes, in the order of the outputs, where the file says them (those of scikit-learn do). */
  readonly classes?: readonly string[];
  /** As the file says: tool and version. */
  readonly producer: string;
}

// Small graphs for tests, written as plain data.
import type { AttributeValue, OnnxGraph, OnnxNode } from '../ir/graph.js';
import { elementsOf, type Tensor } from '../ir/tensor.js';
import { uniform } from './fixtures.js';

export function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, AttributeValue>> = {},
  domain = '',
): OnnxNode {
  return {
    name: `${output}_${operator}`,
    operator,
    domain,
    inputs,
    outputs: [output],
    attributes: new Map(Object.entries(attributes)),
    unreadAttributes: [],
  };
}

/** A graph from `x` to the last node's output. */
export function graphOf(
  inputShape: readonly (number | string)[],
  initializers: Readonly<Record<string, Tensor>>,
  nodes: readonly OnnxNode[],
  opset = 18,
): OnnxGraph {
  const output = nodes.at(-1)!.outputs[0]!;
  return {
    name: 'test',
    opset,
    inputs: [{ name: 'x', type: 'float32', shape: inputShape }],
    outputs: [{ name: output, type: 'float32', shape: undefined }],
    initializers: new Map(Object.entries(initializers)),
    nodes,
    producer: 'test',
  };
}

/** Uniform float32 values in ±0.5. */
export function randomTensor(shape: readonly number[], seed: number): Tensor {
  const random = uniform(seed);
  return { type: 'float32', shape, data: Float32Array.from({ length: elementsOf(shape) }, () => random() - 0.5) };
}

export function int64(...values: number[]): Tensor {
  return { type: 'int64', shape: [values.length], data: Float64Array.from(values) };
}

export function scalar(value: number): Tensor {
  return { type: 'float32', shape: [], data: Float32Array.of(value) };
}

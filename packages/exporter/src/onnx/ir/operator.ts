// What an operator is: a function of tensors and attributes. Operators never see names, files or the graph.
import { ExporterError } from '../../errors.js';
import type { Budget } from './budget.js';
import type { AttributeValue } from './graph.js';
import { arrayOf, type DataType, formatDimensions, type Tensor } from './tensor.js';

/** Inputs of one node and what surrounds them. */
export interface OperatorCall {
  /** undefined is an input left out. */
  readonly inputs: readonly (Tensor | undefined)[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  readonly opset: number;
  /** How many outputs the node names; operators with optional outputs look here. */
  readonly outputs: number;
  readonly budget: Budget;
}

/** An ONNX operator: one tensor for each output. */
export type Operator = (call: OperatorCall) => Tensor[];

/** Input number `index`. @throws ExporterError `onnx` where it was left out. */
export function requireInput(call: OperatorCall, index: number): Tensor {
  const tensor = call.inputs[index];
  if (tensor === undefined) {
    throw new ExporterError('onnx', `Input ${index} is missing; the file is damaged or was made by a faulty tool`);
  }
  return tensor;
}

/** A zeroed tensor within the budget. */
export function newTensor(call: OperatorCall, type: DataType, shape: readonly number[]): Tensor {
  return { type, shape, data: arrayOf(type, call.budget.allocate(shape)) };
}

export function numberAttribute(call: OperatorCall, name: string, fallback: number): number {
  const value = call.attributes.get(name);
  if (value === undefined) return fallback;
  if (typeof value !== 'number') throw wrongAttribute(name, 'a number');
  return value;
}

export function stringAttribute(call: OperatorCall, name: string, fallback: string): string {
  const value = call.attributes.get(name);
  if (value === undefined) return fallback;
  if (typeof value !== 'string') throw wrongAttribute(name, 'a string');
  return value;
}

export function numbersAttribute(call: OperatorCall, name: string): readonly number[] | undefined {
  const value = call.attributes.get(name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'number')) {
    throw wrongAttribute(name, 'a list of numbers');
  }
  return value as readonly number[];
}

/** Whole numbers of an input tensor, such as axes or a shape. */
export function integersOf(tensor: Tensor): number[] {
  if (tensor.type !== 'int64' && tensor.type !== 'int32') {
    throw new ExporterError('onnx', `${tensor.type} values found where int64 or int32 is wanted; the file is damaged`);
  }
  if (tensor.data.length > 1024) {
    throw new ExporterError('onnx-limit', `${tensor.data.length} axes or sizes found, at most 1024 wanted`);
  }
  return Array.from(tensor.data);
}

/** The refusal of an operator's variant that is not evaluated here. */
export function unsupportedVariant(what: string): ExporterError {
  return new ExporterError('onnx-unsupported', `${what} is not supported`);
}

/** The refusal of tensors that do not fit together. */
export function shapeMismatch(what: string, ...shapes: readonly (readonly number[])[]): ExporterError {
  return new ExporterError(
    'onnx',
    `${what}: the shapes ${shapes.map(formatDimensions).join(' and ')} do not fit; check the input shape, else the file is damaged`,
  );
}

function wrongAttribute(name: string, wanted: string): ExporterError {
  return new ExporterError('onnx', `Attribute ${name} is not ${wanted}; the file is damaged`);
}

// The suite that every implementation of integer inference passes: random models and inputs, logits equal to the reference's.
import { FORMAT_NAMES, type FormatName } from '@bitnetmcu/quant';
import { z } from 'zod';
import type { InferenceBackend } from '../inference.js';
import { NODE_OPS, type NodeOp, opOf } from '../ops/index.js';
import type { QuantizedModel } from '../quantized-model.js';
import { ReferenceModel } from '../reference-inference.js';
import { parseWithSchema } from '../schema-issues.js';
import { formatShape } from '../tensor-shape.js';
import { conformanceInputs } from './random-inputs.js';
import { conformanceModel, type ModelRestrictions } from './random-model.js';

export interface ConformanceOptions extends ModelRestrictions {
  /** Number of models. Default 100. */
  readonly models?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Samples a model, the first five of them extremes. Default 8. */
  readonly samples?: number;
  /** The run ends after this many models that differ. Default 5. */
  readonly maxDifferences?: number;
}

/** The first difference in one model. */
export interface ConformanceDifference {
  /** `conformanceModel(seed, index, restrictions)` makes the model again, `conformanceInputs(seed, index, …)` its inputs. */
  readonly seed: number;
  readonly index: number;
  /** One line: the model's nodes. */
  readonly model: string;
  /** One line: the sample, output, expected and actual logit, or the error thrown. */
  readonly problem: string;
}

export interface ConformanceReport {
  readonly backend: string;
  /** Models and samples compared: a suite that compared nothing passes nothing. */
  readonly models: number;
  readonly samples: number;
  readonly differences: readonly ConformanceDifference[];
}

const count = z.int().min(1).optional();
const optionsSchema = z.strictObject({
  models: count,
  seed: z.int().optional(),
  samples: count,
  maxDifferences: count,
  operations: z
    .array(z.enum(NODE_OPS as [NodeOp, ...NodeOp[]]))
    .min(1)
    .optional(),
  formats: z
    .array(z.enum(FORMAT_NAMES as [FormatName, ...FormatName[]]))
    .min(1)
    .optional(),
  maxElements: z.int().min(16).optional(),
});

/**
 * Runs random models through an implementation and compares every logit with the reference inference.
 * @throws ModelError `invalid-option` for options with which nothing, or not what was asked for, would be compared
 *
 * @example
 * ```ts
 * import { ReferenceInference } from '@bitnetmcu/models';
 * import { runConformance } from '@bitnetmcu/models/conformance';
 *
 * const { models, samples, differences } = await runConformance(new ReferenceInference());
 * console.log(models, samples, differences.length); // of an implementation that is right: none
 * ```
 */
export async function runConformance(
  backend: InferenceBackend,
  options: ConformanceOptions = {},
): Promise<ConformanceReport> {
  parseWithSchema(optionsSchema, options, 'call of runConformance', 'invalid-option');
  const { models = 100, seed = 1, samples = 8, maxDifferences = 5 } = options;
  const differences: ConformanceDifference[] = [];
  let index = 0;
  for (; index < models && differences.length < maxDifferences; index++) {
    const model = conformanceModel(seed, index, options);
    const reference = new ReferenceModel(model);
    const inputs = conformanceInputs(seed, index, reference.inputs, samples);
    const problem = await compare(backend, model, inputs, samples, reference);
    if (problem !== undefined) differences.push({ seed, index, model: describeModel(model), problem });
  }
  return { backend: backend.name, models: index, samples: index * samples, differences };
}

async function compare(
  backend: InferenceBackend,
  model: QuantizedModel,
  inputs: Int8Array,
  samples: number,
  reference: ReferenceModel,
): Promise<string | undefined> {
  const expected = reference.infer(inputs, samples);
  let actual: Int32Array;
  try {
    const loaded = await backend.load(model);
    try {
      actual = await loaded.infer(inputs, samples);
    } finally {
      loaded.close();
    }
  } catch (error) {
    return `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
  if (actual.length !== expected.length) return `gave ${actual.length} logits, ${expected.length} wanted`;
  const first = expected.findIndex((value, i) => value !== actual[i]);
  if (first === -1) return undefined;
  const sample = Math.floor(first / reference.outputs);
  const output = first % reference.outputs;
  return `sample ${sample}, output ${output}: ${expected[first]} expected, ${actual[first]} found`;
}

/** One line: input shape and nodes with their sizes and formats. */
export function describeModel(model: QuantizedModel): string {
  const nodes = model.nodes.map((node) => opOf(node).describe(node));
  return [formatShape(model.input.shape), ...nodes].join(' | ');
}

// Samples of a data set in the input shape of an ONNX graph.
import type { OnnxGraph } from '@bitnetmcu/exporter';
import { elementCount, type Preprocessing, preprocessingSchema, type Shape } from '@bitnetmcu/models';
import { type Dataset, fitInput, fitSamples } from '@bitnetmcu/trainer';
import { CliError } from '../errors.js';

/** The first training samples, resized to `shape`: raw, as they stand before the preprocessing. */
export function calibrationSamples(dataset: Dataset, shape: Shape, wanted: number): Uint8Array {
  const count = Math.min(wanted, dataset.train.count);
  const labels = dataset.train.labels.subarray(0, count);
  const raw = { count, labels, bytes: dataset.train.bytes.subarray(0, count * elementCount(dataset.shape)) };
  return fitSamples(raw, fitInput(dataset.shape, shape)).bytes;
}

/** `divisor,mean,deviation`; the project's own preprocessing where nothing is given. @throws CliError `usage` */
export function parsePreprocessing(text: string | undefined): Preprocessing {
  if (text === undefined) return preprocessingSchema.parse({});
  const [divisor, mean, deviation, ...more] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const parsed = preprocessingSchema.safeParse({ divisor, mean, deviation });
  if (parsed.success && deviation !== undefined && more.length === 0) return parsed.data;
  throw new CliError(
    'usage',
    `--preprocessing ${text}: divisor,mean,deviation of (x/divisor − mean)/deviation is wanted, such as 255,0.1307,0.3081, or 255,0,1 for x/255.`,
  );
}

/** What stands in front of a graph: nothing where it reads bytes. @throws CliError `usage` where something else was given */
export function preprocessingOfGraph(graph: OnnxGraph, text: string | undefined, parsed: Preprocessing): Preprocessing {
  if (graph.inputs[0]?.type !== 'uint8') return parsed;
  const { divisor, mean, deviation } = parsed;
  if (text === undefined || (divisor === 1 && mean === 0 && deviation === 1)) return NOTHING;
  throw new CliError(
    'usage',
    `--preprocessing ${text}: the graph reads bytes as they are (its input is uint8); leave the option out.`,
  );
}

const NOTHING: Preprocessing = { divisor: 1, mean: 0, deviation: 1 };

// What an ONNX graph wants of its samples: their shape and what its program does to them.
import type { OnnxGraph } from '@bitnetmcu/exporter';
import { inputLayout } from '@bitnetmcu/exporter/internal';
import type { Preprocessing, Shape } from '@bitnetmcu/models';
import { preprocessingSchema } from '@bitnetmcu/models/internal';
import { CliError } from '../errors.js';

/** The shape of the network's samples; undefined where the graph leaves its own open. */
export function fixedShape(graph: OnnxGraph): Shape | undefined {
  const dimensions = graph.inputs[0]?.shape?.slice(1);
  return dimensions?.every((dimension) => typeof dimension === 'number') ? inputLayout(graph).shape : undefined;
}

/** `--preprocessing` of columns that were standardized in front of the graph. */
export const STANDARDIZED = 'standardized';

/** `divisor,mean,deviation`. @throws CliError `usage` */
export function parsePreprocessing(text: string): Preprocessing {
  const [divisor, mean, deviation, ...more] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const parsed = preprocessingSchema.safeParse({ divisor, mean, deviation });
  if (parsed.success && deviation !== undefined && more.length === 0) return parsed.data;
  throw new CliError(
    'usage',
    `--preprocessing ${text}: divisor,mean,deviation of (x/divisor − mean)/deviation is wanted, such as 255,0.1307,0.3081, or 255,0,1 for x/255.`,
  );
}

/** Whether a graph reads bytes as they are, so that nothing stands in front of it. @throws CliError `usage` where something was given */
export function readsBytes(graph: OnnxGraph, given: string | undefined): boolean {
  if (graph.inputs[0]?.type !== 'uint8') return false;
  if (given === undefined) return true;
  const { divisor, mean, deviation } = parsePreprocessing(given);
  if (divisor === 1 && mean === 0 && deviation === 1) return true;
  throw new CliError(
    'usage',
    `--preprocessing ${given}: the graph reads bytes as they are (its input is uint8); leave the option out.`,
  );
}

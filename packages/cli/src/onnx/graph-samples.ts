// What an ONNX graph wants of its samples: their shape and what its program does to them.
import type { OnnxGraph } from '@bitnetmcu/exporter';
import { type Preprocessing, preprocessingSchema, type Shape } from '@bitnetmcu/models';
import { CliError } from '../errors.js';

/** The shape of one sample, without the batch; undefined where the graph leaves it open. */
export function fixedShape(graph: OnnxGraph): Shape | undefined {
  const dimensions = graph.inputs[0]?.shape?.slice(1);
  const fixed = dimensions?.filter((dimension): dimension is number => typeof dimension === 'number');
  if (dimensions === undefined || fixed?.length !== dimensions.length) return undefined;
  if (fixed.length === 3) return [fixed[0]!, fixed[1]!, fixed[2]!];
  // [channels, length] is a signal: an image of one row.
  return fixed.length === 2 ? [fixed[0]!, 1, fixed[1]!] : [fixed.reduce((product, size) => product * size, 1)];
}

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

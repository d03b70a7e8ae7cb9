// What a model says that its ONNX graph does not compute.
import type { QuantizedModel } from '@bitnetmcu/models';
import { ExporterError } from '../../errors.js';

type Described = Pick<QuantizedModel, 'input' | 'output'>;

/** In one sentence, with where it is described; undefined of models that are their graph. */
export function leftOutText({ input, output }: Described): string | undefined {
  const parts = [
    ...(input.frontEnd ? ['how a signal becomes features (frontEnd)'] : []),
    ...(input.raw ? ['how raw values become its int8 input (raw)'] : []),
    ...(output ? [`how logits become ${ANSWERS[output.task]} (output)`] : []),
  ];
  if (parts.length === 0) return undefined;
  const last = parts.pop()!;
  return `The graph leaves out ${parts.length > 0 ? `${parts.join(', ')} and ` : ''}${last}: its metadata say so in JSON, @bitnetmcu/models and the C compute it.`;
}

const ANSWERS: Readonly<Record<NonNullable<QuantizedModel['output']>['task'], string>> = {
  regression: 'values',
  anomaly: 'a score',
  multiLabel: 'labels',
};

/** The metadata of it, in JSON. */
export function leftOutMetadata({ input: { raw, frontEnd }, output }: Described): Record<string, string> {
  const said = Object.entries({ raw, frontEnd, output }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said.map(([key, value]) => [key, JSON.stringify(value)]));
}

/** @throws ExporterError `invalid-option` where raw samples are no bytes that a graph could preprocess */
export function requireBytes({ name, input: { raw, frontEnd } }: QuantizedModel): void {
  if (raw === undefined) return;
  throw new ExporterError(
    'invalid-option',
    `${JSON.stringify(name)} was trained on ${frontEnd ? 'features of signals' : `raw values of type ${raw.type}`}, and raw input of an ONNX graph is uint8 samples; leave it out (int8 is the default), and give the graph what quantizeRaw makes of raw values`,
  );
}

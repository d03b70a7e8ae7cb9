// The check that a front end can be computed in 32 bits and gives what the network's input takes.
import { ModelError } from '../errors.js';
import type { RawInput } from '../raw-input/raw-input.js';
import { formatShape, type Shape, sameShape } from '../tensor-shape.js';
import { featureOf } from './features/index.js';
import { filterFault } from './filters/index.js';
import { type FrontEnd, frontEndShape } from './front-end.js';

interface Input {
  readonly shape: Shape;
  readonly raw?: RawInput | undefined;
  readonly frontEnd?: FrontEnd | undefined;
}

/** @throws ModelError `invalid-input`, naming what does not fit. */
export function requireFrontEnd({ shape, raw, frontEnd }: Input): void {
  if (frontEnd === undefined) return;
  const fault = frontEndFault(frontEnd) ?? inputFault(frontEnd, shape, raw);
  if (fault) throw new ModelError('invalid-input', `The front end of the input: ${fault}.`);
}

function frontEndFault({ channels, decimals, names, filters, features, frame }: FrontEnd): string | undefined {
  if (decimals && decimals.length !== channels) {
    return `it has decimals of ${decimals.length} channels, and ${channels} channels`;
  }
  if (names && names.length !== channels) return `it has names of ${names.length} channels, and ${channels} channels`;
  for (const filter of filters) {
    const fault = filterFault(filter);
    if (fault) return fault;
  }
  for (const feature of features) {
    const fault = featureOf(feature).fault?.(feature, frame);
    if (fault) return `${feature.type}: ${fault}`;
  }
  return undefined;
}

function inputFault(frontEnd: FrontEnd, shape: Shape, raw: RawInput | undefined): string | undefined {
  const made = frontEndShape(frontEnd);
  if (!sameShape(made, shape)) {
    return `it makes ${formatShape(made)} of a sample, the input is ${formatShape(shape)}`;
  }
  const kind = frontEnd.frames === 1 ? 'table' : 'signal';
  if (raw?.kind === kind && raw.type === 'i32') return undefined;
  return `input.raw of kind ${kind} and type i32 has to scale its values; ${raw ? `kind ${raw.kind}, type ${raw.type}` : 'none'} found`;
}

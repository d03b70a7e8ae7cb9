// What exported C has for raw values, in one call: nothing, a table of features with its functions, or those of pictures.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { ExportSizes } from '../head-comment.js';
import type { RuntimeCalls } from '../runtime-calls.js';
import { frontEndHeader } from './front-end-header.js';
import { frontEndSource } from './front-end-source.js';
import { imageRawHeader, rawHeader } from './raw-header.js';
import { rawLayout } from './raw-layout.js';
import { classifyRaw, rawSource } from './raw-source.js';

export { classEnumeration } from './raw-header.js';
export { type RawLayout, rawLayout } from './raw-layout.js';
export { refuseSoftFloat } from './soft-float.js';

export interface RawParts {
  /** Definitions behind `<name>_infer` and, where there is one, `<name>_prepare`. */
  readonly source: string;
  /** Prototypes and constants behind `<name>_classify`. */
  readonly header: string;
  /** What `<name>_infer_raw` takes: C type and name of its parameter, and whether there is `<name>_push`. Absent where there is none. */
  readonly values?: { readonly cType: string; readonly values: string; readonly streams: boolean };
}

/** @param prepares whether the model has `<name>_prepare` */
export function rawParts(
  model: QuantizedModel,
  name: string,
  { inputs, outputs }: Pick<ExportSizes, 'inputs' | 'outputs'>,
  prepares: boolean,
  runtime: RuntimeCalls,
): RawParts {
  const classifies = model.output === undefined;
  const classes = classifies ? Math.max(2, outputs) : 2;
  const layout = rawLayout(model);
  const scores = model.output?.task === 'anomaly';
  const rawSizes = { inputs, outputs, classes, classifies, scores };
  const { frontEnd } = model.input;
  if (layout !== undefined && frontEnd !== undefined) {
    return {
      source: frontEndSource(name, frontEnd, layout, rawSizes, runtime),
      header: frontEndHeader(name, frontEnd, layout, classifies),
      values: { cType: 'int16_t', values: 'values', streams: true },
    };
  }
  if (layout !== undefined) {
    return {
      source: rawSource(name, layout, rawSizes, runtime),
      header: rawHeader(name, layout, classifies),
      values: { cType: layout.cType, values: 'values', streams: layout.stream !== undefined },
    };
  }
  if (!prepares) return { source: '', header: '' };
  return {
    source: classifyRaw(name, 'uint8_t', 'pixels', `${name}_prepare`, { inputs, outputs, classifies }, runtime),
    header: imageRawHeader(name, classifies),
    values: { cType: 'uint8_t', values: 'pixels', streams: false },
  };
}

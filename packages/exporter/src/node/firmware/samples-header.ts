// samples.h: test samples as int8 inputs, with what the reference inference makes of them.
import { argmax, type QuantizedModel, ReferenceModel } from '@bitnetmcu/models';
import { ExporterError } from '../../errors.js';

export interface FirmwareSamples {
  readonly count: number;
  /** Class of each sample by the reference inference. */
  readonly classes: readonly number[];
  /** FNV-1a over the little-endian bytes of all logits. */
  readonly checksum: number;
}

/** Runs the reference over whole samples, at least one. @throws ExporterError `invalid-samples` */
export function firmwareSamples(model: QuantizedModel, inputs: Int8Array): FirmwareSamples {
  const reference = new ReferenceModel(model);
  const count = inputs.length / reference.inputs;
  if (!Number.isInteger(count) || count === 0) {
    throw new ExporterError(
      'invalid-samples',
      `${inputs.length} input values found, a multiple of ${reference.inputs} wanted: whole samples, at least one`,
    );
  }
  const logits = reference.infer(inputs, count);
  const classes = Array.from({ length: count }, (_, i) => argmax(logits, i * reference.outputs, reference.outputs));
  return { count, classes, checksum: fnv1a(logits) };
}

function fnv1a(values: Int32Array): number {
  let hash = 2166136261;
  for (const value of values) {
    for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((value >>> shift) & 0xff), 16777619);
  }
  return hash >>> 0;
}

/** @param name prefix of the exported model's functions */
export function samplesHeader(
  model: QuantizedModel,
  name: string,
  inputs: Int8Array,
  { count, classes, checksum }: FirmwareSamples,
): string {
  const features = inputs.length / count;
  const rows = Array.from({ length: count }, (_, i) => {
    const values = [...inputs.subarray(i * features, (i + 1) * features)];
    const lines = Array.from({ length: Math.ceil(features / 24) }, (_, k) =>
      values.slice(24 * k, 24 * k + 24).join(', '),
    );
    return `  { /* ${i}: class ${classes[i]} */\n    ${lines.join(',\n    ')} }`;
  });
  const upper = name.toUpperCase();
  return `/* Test samples, quantized as the model wants them, and the results of the reference inference. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "${name}.h"

#define MODEL_NAME ${JSON.stringify(model.name)}
#define MODEL_INPUTS ${upper}_INPUTS
#define MODEL_OUTPUTS ${upper}_OUTPUTS
#define model_infer ${name}_infer
#define SAMPLE_COUNT ${count}u
#define EXPECTED_CHECKSUM 0x${checksum.toString(16).padStart(8, '0')}u

static const uint16_t expected_classes[SAMPLE_COUNT] = { ${classes.join(', ')} };

static const int8_t samples[SAMPLE_COUNT][MODEL_INPUTS] = {
${rows.join(',\n')}
};

#endif
`;
}

/** What the firmware prints where everything is right. */
export function expectedOutput(model: QuantizedModel, { classes, checksum }: FirmwareSamples): string {
  const lines = classes.map((one, i) => `sample ${i}: class ${one}`);
  const sum = checksum.toString(16).padStart(8, '0');
  return [model.name, ...lines, `checksum ${sum}: self-test passed`, ''].join('\r\n');
}

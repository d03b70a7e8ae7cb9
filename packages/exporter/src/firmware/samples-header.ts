// samples.h: test samples as int8 inputs, with what the reference inference makes of them.
import type { QuantizedModel } from '@bitnetmcu/models';
import { decide, decisionNumber, ReferenceModel } from '@bitnetmcu/models/internal';
import { wrapValues } from '../c/c-text.js';
import { ExporterError } from '../errors.js';

export interface FirmwareSamples {
  readonly count: number;
  /** What the model's `_infer` returns for each sample, by the reference inference: its class, or whether it is an anomaly. */
  readonly classes: readonly number[];
  /** Over all logits. */
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
  const answerTo = (i: number) =>
    decisionNumber(
      decide(
        model,
        inputs.subarray(i * reference.inputs, (i + 1) * reference.inputs),
        logits.subarray(i * reference.outputs, (i + 1) * reference.outputs),
      ),
    );
  const classes = Array.from({ length: count }, (_, i) => answerTo(i));
  return { count, classes, checksum: checksumOf(logits) };
}

/** As self_test.c computes it: times 5 plus the next logit, modulo 2^32. */
function checksumOf(logits: Int32Array): number {
  let checksum = 0;
  for (const logit of logits) checksum = (Math.imul(checksum, 5) + logit) | 0;
  return checksum >>> 0;
}

/** Longest run that a byte can count. */
const MAX_RUN = 255;

/**
 * A sample as self_test.c unpacks it: its most frequent value, the background; then the sample, in which a background is followed by
 * how often it occurs in a row. A digit of 256 values takes 90 to 200 bytes.
 */
export function packSample(values: Int8Array): Int8Array {
  const background = mostFrequent(values);
  const packed = [background];
  for (let at = 0; at < values.length; ) {
    const value = values[at]!;
    packed.push(value);
    let run = 1;
    if (value === background) {
      while (run < MAX_RUN && values[at + run] === background) run++;
      packed.push(run);
    }
    at += run;
  }
  return Int8Array.from(packed);
}

function mostFrequent(values: Int8Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

/** @param name prefix of the exported model's functions */
export function samplesHeader(name: string, inputs: Int8Array, { count, classes, checksum }: FirmwareSamples): string {
  const features = inputs.length / count;
  const packed = classes.map((_, i) => packSample(inputs.subarray(i * features, (i + 1) * features)));
  const rows = classes.map(
    (one, i) => `  /* ${i}: class ${one} */\n${wrapValues(Array.from(packed[i]!, String)).join('\n')}`,
  );
  const upper = name.toUpperCase();
  return `/* Test samples, quantized as the model wants them and packed, and the checksum of the reference inference's logits. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "${name}.h"
#include "bnm_memory.h"

#define SELF_TEST_INPUTS ${upper}_INPUTS
#define SELF_TEST_OUTPUTS ${upper}_OUTPUTS
#define self_test_infer ${name}_infer
#define SAMPLE_COUNT ${count}u
#define SAMPLE_BYTES ${packed.reduce((sum, { length }) => sum + length, 0)}u
#define EXPECTED_CHECKSUM 0x${checksum.toString(16).padStart(8, '0')}u
#define sample_byte(p) ((int8_t)bnm_read_u8(p))

static const int8_t samples[] BNM_PROGMEM = {
${rows.join('\n')}
};

#endif
`;
}

/** What the firmware prints where everything is right. */
export function expectedOutput({ classes }: FirmwareSamples): string {
  return [...classes.map((one) => `\r\nclass ${one}`), '\r\nself-test passed'].join('');
}

// samples.h: test samples, raw values or int8 inputs, with what the reference inference makes of them.
import { type QuantizedModel, quantizeRaw } from '@bitnetmcu/models';
import { decide, decisionNumber, ReferenceModel } from '@bitnetmcu/models/internal';
import { int32Literal } from '../c/c-tables.js';
import { wrapValues } from '../c/c-text.js';
import { ExporterError } from '../errors.js';
import { SAMPLE_BYTES, type SampleType, sampleType, sampleValues } from './raw-samples.js';

export interface FirmwareSamples {
  readonly count: number;
  readonly type: SampleType;
  /** One sample after another. */
  readonly values: Int32Array;
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
  const type = sampleType(model);
  const values = sampleValues(model, inputs);
  const { raw, shape } = model.input;
  // An int8 that no raw value becomes, of a sample that is none of the data set's, is another one on the device.
  const quantized = raw === undefined || type === 'i8' ? inputs : quantizeRaw(raw, shape, values);
  const logits = reference.infer(quantized, count);
  const sampleOf = (all: Int8Array | Int32Array, i: number, size: number) => all.subarray(i * size, (i + 1) * size);
  const classes = Array.from({ length: count }, (_, i) => {
    const input = sampleOf(quantized, i, reference.inputs);
    return decisionNumber(decide(model, input, sampleOf(logits, i, reference.outputs)));
  });
  return { count, type, values, classes, checksum: checksumOf(logits) };
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
  return Int8Array.from(packValues(values));
}

/** Bytes of a packed sample in flash. @param input its int8 */
export function sampleBytes(model: QuantizedModel, input: Int8Array): number {
  return SAMPLE_BYTES[sampleType(model)] * packValues(sampleValues(model, input)).length;
}

function packValues(values: Int8Array | Int32Array): number[] {
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
  return packed;
}

function mostFrequent(values: Int8Array | Int32Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

/** How a value of a type is declared and read. */
const VALUES: Readonly<Record<SampleType, { readonly type: string; readonly read: string }>> = {
  i8: { type: 'int8_t', read: '((int8_t)bnm_read_u8(p))' },
  u8: { type: 'uint8_t', read: 'bnm_read_u8(p)' },
  i16: { type: 'int16_t', read: '((int16_t)bnm_read_u16(p))' },
  i32: { type: 'int32_t', read: 'bnm_read_i32(p)' },
};

/** @param name prefix of the exported model's functions */
export function samplesHeader(name: string, { count, type, values, classes, checksum }: FirmwareSamples): string {
  const features = values.length / count;
  const wrap = (value: number) => (type === 'i8' ? (value << 24) >> 24 : value);
  const packed = classes.map((_, i) => packValues(values.subarray(i * features, (i + 1) * features)).map(wrap));
  const rows = classes.map(
    (one, i) => `  /* ${i}: class ${one} */\n${wrapValues(packed[i]!.map(int32Literal)).join('\n')}`,
  );
  const upper = name.toUpperCase();
  return `/* Test samples, ${type === 'i8' ? 'quantized as the model wants them' : 'raw values'} and packed, and the checksum of the reference inference's logits. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "${name}.h"
#include "bnm_memory.h"

#define SELF_TEST_INPUTS ${upper}_INPUTS
#define SELF_TEST_OUTPUTS ${upper}_OUTPUTS
#define self_test_infer ${name}_infer
${type === 'i8' ? '' : `#define self_test_quantize ${name}_quantize_raw\n`}#define SAMPLE_COUNT ${count}u
#define SAMPLE_VALUES ${packed.reduce((sum, { length }) => sum + length, 0)}u
#define EXPECTED_CHECKSUM 0x${checksum.toString(16).padStart(8, '0')}u
typedef ${VALUES[type].type} self_test_value;
#define sample_value(p) ${VALUES[type].read}

static const self_test_value samples[] BNM_PROGMEM = {
${rows.join('\n')}
};

#endif
`;
}

/** What the firmware prints where everything is right. */
export function expectedOutput({ classes }: FirmwareSamples): string {
  return [...classes.map((one) => `\r\nclass ${one}`), '\r\nself-test passed'].join('');
}

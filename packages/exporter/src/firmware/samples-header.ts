// samples.h: test samples, raw values or int8 inputs, with what the reference inference makes of them.
import { type QuantizedModel, quantizeRaw } from '@bitnetmcu/models';
import { decide, decisionNumber, ReferenceModel, type Task, taskOf } from '@bitnetmcu/models/internal';
import { int32Literal } from '../c/c-tables.js';
import { wrapValues } from '../c/c-text.js';
import { ExporterError } from '../errors.js';
import { SAMPLE_BYTES, type SampleType, sampleType, sampleValues } from './raw-samples.js';

export interface FirmwareSamples {
  readonly count: number;
  readonly task: Task;
  readonly type: SampleType;
  /** One sample after another. */
  readonly values: Int32Array;
  /** What the model's `_infer` returns for each sample, by the reference inference: its class, or whether it is an anomaly. */
  readonly classes: readonly number[];
  /** Over all logits. */
  readonly checksum: number;
  /** What all of them take of the flash, packed. */
  readonly bytes: number;
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
  const packed = classes.map((_, i) => packValues(values.subarray(i * reference.inputs, (i + 1) * reference.inputs)));
  const bytes = SAMPLE_BYTES[type] * packed.reduce((sum, { length }) => sum + length, 0);
  return { count, task: taskOf(model), type, values, classes, checksum: checksumOf(logits), bytes };
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

/** What the self-test prints of a sample; values and labels are too many for a line: there samples are numbered. */
const PRINTED: Readonly<
  Record<
    Task,
    {
      readonly word: string;
      /** How many numbers there are, as a C expression. */
      readonly numbers?: (outputs: string) => string;
    }
  >
> = {
  classification: { word: 'class', numbers: (outputs) => outputs },
  anomaly: { word: 'anomaly', numbers: () => '2' },
  regression: { word: 'sample' },
  multiLabel: { word: 'sample' },
};

/** @param name prefix of the exported model's functions */
export function samplesHeader(name: string, samples: FirmwareSamples): string {
  const { count, task, type, values, classes, checksum } = samples;
  const features = values.length / count;
  const wrap = (value: number) => (type === 'i8' ? (value << 24) >> 24 : value);
  const printed = printedLines(samples);
  const packed = classes.map((_, i) => packValues(values.subarray(i * features, (i + 1) * features)).map(wrap));
  const rows = packed.map((one, i) => `  /* ${printed[i]} */\n${wrapValues(one.map(int32Literal)).join('\n')}`);
  const upper = name.toUpperCase();
  const { word, numbers } = PRINTED[task];
  return `/* Test samples, ${type === 'i8' ? 'quantized as the model wants them' : 'raw values'} and packed, and the checksum of the reference inference's logits. */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "${name}.h"
#include "bnm_memory.h"

#define SELF_TEST_INPUTS ${upper}_INPUTS
#define SELF_TEST_OUTPUTS ${upper}_OUTPUTS
#define SELF_TEST_SHA256 ${upper}_SHA256
#define self_test_infer ${name}_infer
${type === 'i8' ? '' : `#define self_test_quantize ${name}_quantize_raw\n`}/* Printed of each sample: a word, and ${numbers === undefined ? 'its number, for its answer is no number of a class' : 'what the network tells'}. */
#define SELF_TEST_WORD "${word}"
#define SELF_TEST_NUMBERS ${
    numbers === undefined
      ? `${count}
#define SELF_TEST_COUNTS`
      : numbers(`${upper}_OUTPUTS`)
  }
#define SAMPLE_COUNT ${count}u
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

/** A line a sample, as the firmware prints it. */
function printedLines({ task, classes }: FirmwareSamples): string[] {
  const { word, numbers } = PRINTED[task];
  return classes.map((one, i) => `${word} ${numbers === undefined ? i : one}`);
}

/** What the firmware prints where everything is right. */
export function expectedOutput(samples: FirmwareSamples): string {
  return [...printedLines(samples).map((line) => `\r\n${line}`), '\r\nself-test passed'].join('');
}

// What exported C has for answers that are no classes: one record a task, with its functions, constants and prototypes.
import type { QuantizedModel } from '@bitnetmcu/models';
import { answerRange, type LogitScale, type ModelOutputOf } from '@bitnetmcu/models/internal';
import { unknownValue } from '../../unknown-value.js';
import { int32Literal } from '../c-tables.js';
import { cComment } from '../c-text.js';
import type { ExportSizes } from '../head-comment.js';
import { enumeration } from '../raw-input/constants.js';
import { decimalText } from '../raw-input/feature-text.js';
import type { RawParts } from '../raw-input/index.js';
import type { RuntimeCalls } from '../runtime-calls.js';

const HEADER = 'bnm_output.h';

type Outputs = Pick<ExportSizes, 'inputs' | 'outputs'>;

/** A sample as a function takes it: int8 values, or raw ones. */
interface Sample {
  /** `_raw`, or nothing. */
  readonly suffix: string;
  readonly cType: string;
  readonly values: string;
}

export interface OutputParts {
  /** Definitions in front of `<name>_infer`. */
  readonly before: string;
  /** What `<name>_infer` returns. */
  readonly decision: string;
  /** Whether that keeps nothing in static memory. */
  readonly reentrant: boolean;
  /** What the header says of it. */
  readonly returns: string;
  /** Whether there are `<name>_classify` and `<name>_classify_raw`. */
  readonly classifies: boolean;
  /** Definitions behind it, for int8 samples and, where there are any, raw ones. */
  readonly source: string;
  readonly header: string;
}

/** Undefined of models that tell classes. @param raw C type of raw values, with the name of their parameter, where there is `<name>_infer_raw`; whether there is `<name>_push` */
export function outputParts(
  { output, labels }: QuantizedModel,
  name: string,
  sizes: Outputs,
  raw: RawParts['values'],
  runtime: RuntimeCalls,
): OutputParts | undefined {
  if (output === undefined) return undefined;
  const samples: Sample[] = [
    { suffix: '', cType: 'int8_t', values: 'input' },
    ...(raw ? [{ suffix: '_raw', ...raw }] : []),
  ];
  const streams = raw?.streams ?? false;
  switch (output.task) {
    case 'regression':
      return regression(output, name, sizes, samples, streams, runtime);
    case 'anomaly':
      return anomaly(output, name, sizes, samples, streams, runtime);
    case 'multiLabel':
      return multiLabel(labels, name, sizes, samples, streams, runtime);
    default:
      throw unknownValue('output', output);
  }
}

function scaleLiteral({ low, high, bias, offset, multiplier, preShift, shift }: LogitScale): string {
  return `{ ${int32Literal(low)}, ${int32Literal(high)}, ${bias}u, ${int32Literal(offset)}, ${multiplier}u, ${preShift}, ${shift} }`;
}

function regression(
  { values }: ModelOutputOf<'regression'>,
  name: string,
  { outputs }: Outputs,
  samples: readonly Sample[],
  streams: boolean,
  runtime: RuntimeCalls,
): OutputParts {
  const M = name.toUpperCase();
  const isOne = values.length === 1;
  const scale = runtime.reference('bnm_scale_logit', HEADER);
  const fill = (from: string) =>
    isOne
      ? `  return ${scale}(${from}[0], &value_scales[0]);`
      : `  for (uint16_t i = 0; i < ${outputs}; i++) values_of[i] = ${scale}(${from}[i], &value_scales[i]);`;
  const signature = ({ suffix, cType, values: sample }: Sample) =>
    isOne
      ? `int32_t ${name}_predict${suffix}(const ${cType} *${sample})`
      : `void ${name}_predict${suffix}(const ${cType} *${sample}, int32_t *values_of)`;
  const pushed = isOne ? `int32_t ${name}_push_values(void)` : `void ${name}_push_values(int32_t *values_of)`;
  const answer: readonly CommentRow[] = [
    isOne ? ['@return', 'the value'] : ['@param values_of', `${M}_VALUES of them`],
  ];
  const rows = values.map((one, i) => ` *   ${i}  ${valueText(one)}`);
  return {
    before: '',
    decision: '0;',
    reentrant: true,
    returns: '0: the logits become values by the functions below',
    classifies: false,
    source: `/* From logits to values: low, high, bias, offset, multiplier, shifts. */
static const bnm_logit_scale value_scales[${outputs}] BNM_PROGMEM = {
${values.map((one) => `  ${scaleLiteral(one)}, /* ${cComment(one.name)} */`).join('\n')}
};

${samples
  .map(
    (sample) => `${signature(sample)}
{
  int32_t logits[${outputs}];
  ${name}_infer${sample.suffix}(${sample.values}, logits);
${fill('logits')}
}
`,
  )
  .join('\n')}${streams ? `\n${pushed}\n{\n${fill('stream_logits')}\n}\n` : ''}`,
    header: `
/*
 * ---- Values -------------------------------------------------------------------------------------------------------------
 *
 * Answers are integers, in this order and these units, and never leave their range.
${rows.join('\n')}
 */
/** Values of an answer. */
#define ${M}_VALUES ${outputs}
/** Their decimals, for an array. */
#define ${M}_VALUE_DECIMALS { ${values.map(({ decimals }) => decimals).join(', ')} }
${enumeration(
  name,
  'answer',
  values.map((one) => one.name),
)}
${samples.map((sample) => `${comment(`The ${isOne ? 'value' : `${outputs} values`} of a sample.`, [sampleText(name, sample), ...answer])}${signature(sample)};`).join('\n')}
${streams ? `${comment(lastWindow(name), answer)}${pushed};\n` : ''}`,
  };
}

/** Of what tells of a stream. */
const lastWindow = (name: string) => `The same of the last complete window of ${name}_push, not smoothed.`;

const sampleText = (name: string, { suffix, values }: Sample): CommentRow => [
  `@param ${values}`,
  `as that of ${name}_infer${suffix}`,
];

type CommentRow = readonly [string, string];

/** For Doxygen. */
function comment(text: string, rows: readonly CommentRow[]): string {
  return `/**\n * ${text}\n *\n${rows.map(([what, meaning]) => ` * ${what}  ${meaning}\n`).join('')} */\n`;
}

/** `load: in 0.1 kg, 21.5 is 215; from -3.0 to 46.0`, safe for a comment. */
function valueText({ name, unit, decimals, ...scale }: ModelOutputOf<'regression'>['values'][number]): string {
  const [first, last] = answerRange(scale);
  const text = (value: number) => decimalText(value, decimals);
  const middle = Math.round((first + last) / 2);
  const meaning =
    decimals === 0
      ? `in ${unit ?? 'whole numbers'}`
      : `in ${text(1)}${unit ? ` ${unit}` : ''}, ${text(middle)} is ${middle}`;
  return cComment(`${name}: ${meaning}; from ${text(first)} to ${text(last)}`);
}

function anomaly(
  { reconstruction, threshold, quantile }: ModelOutputOf<'anomaly'>,
  name: string,
  { inputs, outputs }: Outputs,
  samples: readonly Sample[],
  streams: boolean,
  runtime: RuntimeCalls,
): OutputParts {
  const M = name.toUpperCase();
  const score = runtime.reference('bnm_anomaly_score', HEADER);
  return {
    before: `/* From logits to the int8 input that they reconstruct. */
static const bnm_logit_scale reconstruction BNM_PROGMEM = ${scaleLiteral(reconstruction)};
${runtime.memory.value('infer', 'int32_t', 'score_of_sample')}
`,
    decision: `(score_of_sample = ${score}(input, logits, ${inputs}, &reconstruction)) > ${M}_THRESHOLD;`,
    reentrant: false,
    returns: `1 where the sample is an anomaly, else 0`,
    classifies: false,
    source: samples
      .map(
        ({ suffix, cType, values }) => `int32_t ${name}_score${suffix}(const ${cType} *${values})
{
  ${runtime.memory.array('score', 'int32_t', 'logits', outputs)}
  ${name}_infer${suffix}(${values}, logits);
  return score_of_sample;
}

int ${name}_is_anomaly${suffix}(const ${cType} *${values})
{
  return ${name}_score${suffix}(${values}) > ${M}_THRESHOLD;
}
`,
      )
      .concat(streams ? [`int32_t ${name}_push_score(void)\n{\n  return stream_score;\n}\n`] : [])
      .join('\n'),
    header: `
/*
 * ---- Anomalies ----------------------------------------------------------------------------------------------------------
 *
 * The network reconstructs its input; the score is how far off it is: the sum of (reconstruction - input)^2 over the int8 input.
 * ${(100 * quantile).toFixed(2)} % of the normal samples it was set on score no more than the threshold. To move it, compile the model
 * with -D${M}_THRESHOLD=... */
#ifndef ${M}_THRESHOLD
/** Scores above it are those of anomalies. */
#define ${M}_THRESHOLD ${int32Literal(threshold)}
#endif

${samples
  .map(
    (
      sample,
    ) => `${comment('How far the reconstruction is off.', [sampleText(name, sample), ['@return', 'the score']])}int32_t ${name}_score${sample.suffix}(const ${sample.cType} *${sample.values});
${comment('Whether a sample is an anomaly.', [sampleText(name, sample), ['@return', '1 where the score is above the threshold, else 0']])}int ${name}_is_anomaly${sample.suffix}(const ${sample.cType} *${sample.values});
`,
  )
  .concat(
    streams ? [`${comment(lastWindow(name), [['@return', 'the score']])}int32_t ${name}_push_score(void);\n`] : [],
  )
  .join('')}`,
  };
}

function multiLabel(
  labels: readonly string[],
  name: string,
  { outputs }: Outputs,
  samples: readonly Sample[],
  streams: boolean,
  runtime: RuntimeCalls,
): OutputParts {
  const mask = runtime.reference('bnm_label_mask', HEADER);
  const bits: CommentRow = ['@return', 'a bit for each label'];
  return {
    before: '',
    decision: '0;',
    reentrant: true,
    returns: '0: the logits become labels by the functions below',
    classifies: false,
    source: samples
      .map(
        ({ suffix, cType, values }) => `uint32_t ${name}_labels${suffix}(const ${cType} *${values})
{
  int32_t logits[${outputs}];
  ${name}_infer${suffix}(${values}, logits);
  return ${mask}(logits, ${outputs});
}
`,
      )
      .concat(
        streams ? [`uint32_t ${name}_push_labels(void)\n{\n  return ${mask}(stream_logits, ${outputs});\n}\n`] : [],
      )
      .join('\n'),
    header: `
/*
 * ---- Labels -------------------------------------------------------------------------------------------------------------
 *
 * Bit i of the answer is set where label i holds: its logit is above 0, a probability above 1/2. */
${labels.length > 0 ? `${enumeration(name, 'label', labels)}\n` : ''}${samples
  .map(
    (sample) =>
      `${comment('The labels of a sample.', [sampleText(name, sample), bits])}uint32_t ${name}_labels${sample.suffix}(const ${sample.cType} *${sample.values});`,
  )
  .concat(streams ? [`${comment(lastWindow(name), [bits])}uint32_t ${name}_push_labels(void);`] : [])
  .join('\n')}
`,
  };
}

// C that takes raw values: the table of features, and the functions before <name>_infer.
import type { RawFeature } from '@bitnetmcu/models/internal';
import { int32Literal } from '../c-tables.js';
import { cComment, wrapValues } from '../c-text.js';
import type { RuntimeCalls } from '../runtime-calls.js';
import type { RawLayout } from './raw-layout.js';
import { streamSource } from './stream.js';

const HEADER = 'bnm_raw.h';

export interface RawSizes {
  readonly inputs: number;
  readonly outputs: number;
  /** Decisions that `<name>_infer` can return. */
  readonly classes: number;
  /** Whether there is `<name>_classify_raw`. */
  readonly classifies: boolean;
  /** Whether `<name>_infer` leaves a score. */
  readonly scores: boolean;
}

/** Definitions for the model's .c file, behind `<name>_infer`. */
export function rawSource(
  name: string,
  layout: RawLayout,
  { inputs, outputs, classes, classifies, scores }: RawSizes,
  runtime: RuntimeCalls,
): string {
  const { raw, cType, features, run, stream } = layout;
  const quantizer = runtime.reference(`bnm_quantize_raw_${raw.type}`, HEADER);
  const decimals = raw.type === 'f32' ? ', raw_decimals' : '';
  const quantize = (values: string, length: number, input: string) =>
    `${quantizer}(${values}, ${features}, ${length}, raw_features${decimals}, ${input});`;
  const parts = [
    featureTable(raw, features),
    raw.type === 'f32'
      ? `static const uint8_t raw_decimals[${features}] BNM_PROGMEM = {\n${wrapValues(raw.features.map((one) => `${one.decimals}`)).join('\n')}\n};\n`
      : '',
    `void ${name}_quantize_raw(const ${cType} *values, int8_t *input)
{
  ${quantize('values', run, 'input')}
}
`,
    classifyRaw(name, cType, 'values', `${name}_quantize_raw`, { inputs, outputs, classifies }, runtime),
    stream === undefined
      ? ''
      : streamSource(
          name,
          {
            channels: features,
            window: stream.window,
            outputs,
            classes,
            scores,
            cType,
            quantizeStep: quantize('values', 1, 'step'),
          },
          runtime,
        ),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** The table of features. */
export function featureTable({ features: records }: RawLayout['raw'], features: number): string {
  return `/* How raw values become int8: low, high, bias, multiplier, curve, shift. ${16 * features} bytes */
static const bnm_raw_feature raw_features[${features}] BNM_PROGMEM = {
${records.map(record).join('\n')}
};
`;
}

/** `<name>_infer_raw` and `<name>_classify_raw`, with a function that makes int8 of raw values. */
export function classifyRaw(
  name: string,
  cType: string,
  values: string,
  prepare: string,
  { inputs, outputs, classifies }: Omit<RawSizes, 'classes' | 'scores'>,
  { memory }: RuntimeCalls,
): string {
  return `int ${name}_infer_raw(const ${cType} *${values}, int32_t *logits)
{
  ${memory.array('infer_raw', 'int8_t', 'input', inputs)}
  ${prepare}(${values}, input);
  return ${name}_infer(input, logits);
}
${
  classifies
    ? `
int ${name}_classify_raw(const ${cType} *${values})
{
  int32_t logits[${outputs}];
  return ${name}_infer_raw(${values}, logits);
}
`
    : ''
}`;
}

function record({ name, low, high, bias, multiplier, curve, preShift, shift }: RawFeature): string {
  const literals = [low, high, bias].map(int32Literal).join(', ');
  const position = curve === 'log2' ? `BNM_RAW_LOG2 | ${preShift}` : `${preShift}`;
  return `  { ${literals}, ${multiplier}u, ${position}, ${shift} }, /* ${cComment(name)} */`;
}

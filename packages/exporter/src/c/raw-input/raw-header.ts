// What the header of an exported model says of raw values: constants, features in words, prototypes.
import type { QuantizedModel } from '@bitnetmcu/models';
import { cString } from '../c-text.js';
import { enumeration } from './constants.js';
import { featureText } from './feature-text.js';
import type { RawLayout } from './raw-layout.js';
import { streamHeader } from './stream.js';

/** `enum <name>_class`; empty where classes have no names. */
export function classEnumeration(name: string, { labels, output }: Pick<QuantizedModel, 'labels' | 'output'>): string {
  return labels.length === 0 || output !== undefined ? '' : `\n${enumeration(name, 'class', labels)}`;
}

/** Everything of a model with raw values, to stand behind `<name>_classify`. */
export function rawHeader(name: string, layout: RawLayout, classifies: boolean): string {
  const { raw, cType, features, run, stream } = layout;
  const M = name.toUpperCase();
  const isTable = raw.kind === 'table';
  const rows = raw.features.map((one, i) => ` *   ${i}  ${featureText(one, raw.type)}`);
  return `
/* ---- Raw values ---------------------------------------------------------------------------------------------------------
 *
 * ${isTable ? 'Features' : 'Channels'}, in the order of the values. What lies outside its range counts as the end of it.
${rows.join('\n')}
 */
${isTable ? `#define ${M}_FEATURES ${features}` : `#define ${M}_CHANNELS ${features}\n#define ${M}_WINDOW ${run}`}
typedef ${cType} ${name}_value;
/* For bnm_row.h, and for whoever reads text: the type, the decimals and the names of ${isTable ? 'features' : 'channels'}. */
#define ${M}_VALUE_TYPE BNM_RAW_${raw.type.toUpperCase()}
#define ${M}_DECIMALS { ${raw.features.map(({ decimals }) => decimals).join(', ')} }
#define ${M}_NAMES_OF_FEATURES { ${raw.features.map((one) => cString(one.name)).join(', ')} }

${enumeration(
  name,
  'feature',
  raw.features.map((one) => one.name),
)}
/* The ${classifies ? 'class' : 'answer'} of a raw sample. The int8 input is in static memory, ${M}_INPUTS bytes.
 * values  ${M}_INPUTS values${isTable ? '' : `: channel after channel, ${M}_WINDOW time steps of each`} */
${
  classifies
    ? `int ${name}_classify_raw(const ${name}_value *values);

/* Besides the class its logits. */
`
    : `/* As ${name}_infer. */
`
}int ${name}_infer_raw(const ${name}_value *values, int32_t *logits);

/* Raw values to the int8 input of ${name}_infer, the same bits as in training.
 * input   ${M}_INPUTS values */
void ${name}_quantize_raw(const ${name}_value *values, int8_t *input);
${stream === undefined ? '' : streamHeader(name, `${name}_value`, stream)}`;
}

/** Of a model with `<name>_prepare`. */
export function imageRawHeader(name: string, classifies: boolean): string {
  const M = name.toUpperCase();
  return `
${classifies ? `/* The class of a sample of uint8 values, prepared in static memory of ${M}_INPUTS bytes; besides it the logits. */\nint ${name}_classify_raw(const uint8_t *pixels);\n` : `/* As ${name}_infer, of uint8 values. */\n`}int ${name}_infer_raw(const uint8_t *pixels, int32_t *logits);
`;
}

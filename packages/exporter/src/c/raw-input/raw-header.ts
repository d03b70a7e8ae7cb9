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
  const valuesText = `${M}_INPUTS values${isTable ? '' : `: channel after channel, ${M}_WINDOW time steps of each`}`;
  const rows = raw.features.map((one, i) => ` *   ${i}  ${featureText(one, raw.type)}`);
  return `
/*
 * ---- Raw values ---------------------------------------------------------------------------------------------------------
 *
 * ${isTable ? 'Features' : 'Channels'}, in the order of the values. What lies outside its range counts as the end of it.
${rows.join('\n')}
 */
${isTable ? `/** Raw values of a sample. */\n#define ${M}_FEATURES ${features}` : `/** Values of a time step. */\n#define ${M}_CHANNELS ${features}\n/** Time steps of a sample. */\n#define ${M}_WINDOW ${run}`}
/** A raw value. */
typedef ${cType} ${name}_value;
/** For bnm_row.h, and for whoever reads text: the type of raw values. */
#define ${M}_VALUE_TYPE BNM_RAW_${raw.type.toUpperCase()}
/** Decimals of ${isTable ? 'features' : 'channels'}, for an array. */
#define ${M}_DECIMALS { ${raw.features.map(({ decimals }) => decimals).join(', ')} }
/** Names of ${isTable ? 'features' : 'channels'}, for an array of text. */
#define ${M}_NAMES_OF_FEATURES { ${raw.features.map((one) => cString(one.name)).join(', ')} }

${enumeration(
  name,
  'feature',
  raw.features.map((one) => one.name),
)}
${
  classifies
    ? `/**
 * The class of a raw sample. The int8 input is in static memory, ${M}_INPUTS bytes.
 *
 * @param values  ${valuesText}
 * @return        as ${name}_infer
 */
int ${name}_classify_raw(const ${name}_value *values);

`
    : ''
}/**
 * Runs the network on a raw sample. The int8 input is in static memory, ${M}_INPUTS bytes.
 *
 * @param values  ${valuesText}
 * @param logits  ${M}_OUTPUTS values
 * @return        as ${name}_infer
 */
int ${name}_infer_raw(const ${name}_value *values, int32_t *logits);

/**
 * Raw values to the int8 input of ${name}_infer, the same bits as in training.
 *
 * @param values  ${valuesText}
 * @param input   ${M}_INPUTS values
 */
void ${name}_quantize_raw(const ${name}_value *values, int8_t *input);
${stream === undefined ? '' : streamHeader(name, `${name}_value`, stream)}`;
}

/** Of a model with `<name>_prepare`. */
export function imageRawHeader(name: string, classifies: boolean): string {
  const M = name.toUpperCase();
  return `
${
  classifies
    ? `/**
 * The class of a sample of uint8 values, prepared in static memory of ${M}_INPUTS bytes.
 *
 * @param pixels  ${M}_INPUTS values
 * @return        as ${name}_infer
 */
int ${name}_classify_raw(const uint8_t *pixels);
`
    : ''
}/**
 * Runs the network on a sample of uint8 values, prepared in static memory of ${M}_INPUTS bytes.
 *
 * @param pixels  ${M}_INPUTS values
 * @param logits  ${M}_OUTPUTS values
 * @return        as ${name}_infer
 */
int ${name}_infer_raw(const uint8_t *pixels, int32_t *logits);
`;
}

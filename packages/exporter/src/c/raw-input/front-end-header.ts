// What the header of a model that reads features of signals says: constants, features in words, prototypes.
import { channelNames, type FrontEnd, windowOf } from '@bitnetmcu/models/internal';
import { cString } from '../c-text.js';
import { featureText } from './feature-text.js';
import type { RawLayout } from './raw-layout.js';
import { streamHeader } from './stream.js';

/** To stand behind `<name>_classify`. */
export function frontEndHeader(
  name: string,
  frontEnd: FrontEnd,
  { raw, run, stream }: RawLayout,
  classifies: boolean,
): string {
  const M = name.toUpperCase();
  const { channels, frame } = frontEnd;
  const rows = raw.features.map((one, i) => ` *   ${i}  ${featureText(one, raw.type)}`);
  const names = channelNames(frontEnd).map(cString);
  return `
/*
 * ---- Signals -----------------------------------------------------------------------------------------------------------
 *
 * A time step is ${channels} int16, one a channel. Of every frame of ${frame} steps, ${frontEnd.hop} steps apart, the network reads features in integers:
${rows.join('\n')}
 */
/** Values of a time step. */
#define ${M}_CHANNELS ${channels}
/** Time steps of a sample. */
#define ${M}_SAMPLES ${windowOf(frontEnd)}
/** Frames of a sample. */
#define ${M}_WINDOW ${run}
/** A raw value. */
typedef int16_t ${name}_value;
/** For bnm_row.h, and for whoever reads text: the type of raw values. */
#define ${M}_VALUE_TYPE BNM_RAW_I16
/** Decimals of channels, for an array. */
#define ${M}_DECIMALS { ${names.map((_, channel) => frontEnd.decimals?.[channel] ?? 0).join(', ')} }
/** Names of channels, for an array of text. */
#define ${M}_NAMES_OF_FEATURES { ${names.join(', ')} }

${
  classifies
    ? `/**
 * The class of a whole sample. The int8 input is in static memory, ${M}_INPUTS bytes.
 *
 * @param values  ${M}_CHANNELS * ${M}_SAMPLES values: channel after channel
 * @return        as ${name}_infer
 */
int ${name}_classify_raw(const ${name}_value *values);

`
    : ''
}/**
 * Runs the network on a whole sample. The int8 input is in static memory, ${M}_INPUTS bytes.
 *
 * @param values  ${M}_CHANNELS * ${M}_SAMPLES values: channel after channel
 * @param logits  ${M}_OUTPUTS values
 * @return        as ${name}_infer
 */
int ${name}_infer_raw(const ${name}_value *values, int32_t *logits);

/**
 * A sample to the int8 input of ${name}_infer, the same bits as in training.
 *
 * @param values  ${M}_CHANNELS * ${M}_SAMPLES values: channel after channel
 * @param input   ${M}_INPUTS values
 */
void ${name}_quantize_raw(const ${name}_value *values, int8_t *input);
${streamHeader(name, `${name}_value`, { hop: stream?.hop ?? 1, frames: true })}`;
}

// `<name>.h`: what a program may call, with comments that Doxygen reads.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { WorkingMemory } from './buffers.js';
import { cString } from './c-text.js';
import type { ExportSizes } from './head-comment.js';
import { withDistinctNames } from './header-names.js';
import { identityHeader, type ModelIdentity } from './identity.js';
import { inferHeader } from './infer-function.js';
import type { OutputParts } from './output/output-source.js';
import { classEnumeration, type RawParts } from './raw-input/index.js';

interface HeaderParts {
  readonly memory: WorkingMemory;
  readonly identity: ModelIdentity;
  readonly prepares: boolean;
  readonly raw: RawParts;
  /** Absent of models that tell classes. */
  readonly answers: OutputParts | undefined;
}

export function headerSource(
  name: string,
  model: QuantizedModel,
  { inputs, outputs }: Pick<ExportSizes, 'inputs' | 'outputs'>,
  { memory, identity, prepares, raw, answers }: HeaderParts,
): string {
  const M = name.toUpperCase();
  const labels =
    model.labels.length > 0
      ? `/** Class names, for an array: const char *const labels[] = ${M}_LABELS; */\n#define ${M}_LABELS { ${model.labels.map(cString).join(', ')} }\n`
      : '';
  const reentrant = answers?.reentrant ?? true;
  const returns =
    answers?.returns ??
    `the class: ${outputs === 1 ? '1 where the logit is above 0 (a probability above 1/2), else 0' : 'the index of the first largest logit'}`;
  return withDistinctNames(`/**
 * @file
 * ${name}: ${model.input.shape.join('x')} int8 -> ${outputs} int32 logits. See ${name}.c for sizes, accuracy and origin.
 */
#ifndef ${M}_H
#define ${M}_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** int8 values of a sample. */
#define ${M}_INPUTS ${inputs}
${pictureSizes(M, model)}/** int32 logits. */
#define ${M}_OUTPUTS ${outputs}
${labels}${identityHeader(name, identity)}${classEnumeration(name, model)}
${inferHeader(name, { memory, reentrant, returns })}
${answers ? '' : classifyPrototype(name)}${preparation(name, prepares, model)}${raw.header}${answers?.header ?? ''}
#ifdef __cplusplus
}
#endif

#endif
`);
}

function classifyPrototype(name: string): string {
  const M = name.toUpperCase();
  return `/**
 * The class alone.
 *
 * @param input  ${M}_INPUTS values
 * @return       as ${name}_infer
 */
int ${name}_classify(const int8_t *input);
`;
}

/** How the values of a picture follow each other, and how training brought pictures to that size. */
function pictureSizes(M: string, { input: { raw, shape }, provenance }: QuantizedModel): string {
  const [channels, height, width] = shape;
  if (raw !== undefined || width === undefined || height === 1) return '';
  const first = sizeOfSamples(provenance.data);
  const isTwice = first !== undefined && (first[0] !== height || first[1] !== width);
  const steps = isTwice
    ? `first to a height of ${first[0]} and a width of ${first[1]}, then to these, each time`
    : 'to these';
  return `/**
 * Of a picture: channel after channel (red, green, blue), each row after row from the top. Training brought pictures of other sizes ${steps}
 * by the triangle filter (Pillow: image.resize((width, height), Image.BILINEAR)): ${isTwice ? 'one step, or means of blocks,' : 'means of blocks'} give other values.
 */
#define ${M}_CHANNELS ${channels}
#define ${M}_HEIGHT ${height}
#define ${M}_WIDTH ${width}
`;
}

/** To which all pictures were brought when they were read, [height, width]. */
function sizeOfSamples(data: Readonly<Record<string, unknown>> | undefined): readonly [number, number] | undefined {
  const size = data?.size;
  if (!Array.isArray(size) || size.length !== 2 || !size.every((side) => Number.isSafeInteger(side) && side > 0))
    return undefined;
  return [size[0], size[1]];
}

function preparation(name: string, prepares: boolean, { input }: QuantizedModel): string {
  const M = name.toUpperCase();
  if (prepares)
    return `
/**
 * Preprocesses and quantizes a sample of uint8 values: the same bits as the training tools give, without floating point.
 *
 * @param pixels  ${M}_INPUTS values
 * @param input   ${M}_INPUTS values; may be the memory of pixels
 */
void ${name}_prepare(const uint8_t *pixels, int8_t *input);
`;
  if (input.raw) return '';
  if (input.quantization.kind === 'static')
    return `
/* There is no ${name}_prepare(): ${name}.c describes the int8 of a value, which depends on no other. Of bytes make a table of 256 int8 once. */
`;
  return `
/* There is no ${name}_prepare(): no integer formula gives exactly the int8 input that ${name}.c describes. Compute it in float. */
`;
}

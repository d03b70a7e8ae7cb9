// C of models that read features of signals: a frame of a channel to int8, whole samples, and signals a time step at a time.
import { type CallTable, type FrontEndCall, planFrontEnd } from '@bitnetmcu/mcu-runtime/internal';
import type { FrontEnd } from '@bitnetmcu/models/internal';
import { wrapValues } from '../c-text.js';
import type { RuntimeCalls } from '../runtime-calls.js';
import type { RawLayout } from './raw-layout.js';
import { classifyRaw, featureTable, type RawSizes } from './raw-source.js';
import { streamSource } from './stream.js';

const HEADER = 'bnm_features.h';

/** Definitions for the model's .c file, behind `<name>_infer`. */
export function frontEndSource(
  name: string,
  frontEnd: FrontEnd,
  { raw, features, run }: RawLayout,
  { inputs, outputs, classes, classifies, scores }: RawSizes,
  runtime: RuntimeCalls,
): string {
  const M = name.toUpperCase();
  const { channels, frame, hop } = frontEnd;
  const plan = planFrontEnd(frontEnd);
  const quantizer = runtime.reference('bnm_quantize_raw_i32', 'bnm_raw.h');
  const tables = plan.calls.flatMap(({ table }, i) => (table ? [constant(`front_end_table_${i}`, table)] : []));
  const statements = plan.calls.map((call, i) => `  ${statement(call, i, frame, runtime)}`);
  const { memory } = runtime;
  const working = [
    plan.filteredBytes > 0 ? memory.array('quantize_raw', 'int16_t', 'front_end_filtered', frame) : '',
    plan.scratchBytes > 0 ? memory.array('quantize_raw', 'uint32_t', 'front_end_scratch', plan.scratchBytes / 4) : '',
    memory.array('quantize_raw', 'int32_t', 'front_end_values', plan.values),
  ].filter((line) => line !== '');
  const parts = [
    ...tables,
    featureTable(raw, features),
    `/* Working memory of a frame: ${plan.filteredBytes + plan.scratchBytes + 4 * plan.values} bytes. */\n${working.join('\n')}\n`,
    `/* Writes the int8 of a frame of one channel into a column of the input. x: ${frame} values */
static void front_end_column(const int16_t *x, uint16_t channel, int8_t *column)
{
  int8_t step[${plan.values}];
${statements.join('\n')}
  ${quantizer}(front_end_values, ${plan.values}, 1, raw_features + channel * ${plan.values}u, step);
  column += (size_t)channel * ${plan.values * run}u;
  for (uint16_t i = 0; i < ${plan.values}; i++) column[(size_t)i * ${run}u] = step[i];
}
`,
    `void ${name}_quantize_raw(const int16_t *values, int8_t *input)
{
  for (uint16_t channel = 0; channel < ${channels}; channel++) {
    const int16_t *x = values + (size_t)channel * ${M}_SAMPLES;
    for (uint16_t i = 0; i < ${run}; i++, x += ${hop}) front_end_column(x, channel, input + i);
  }
}
`,
    classifyRaw(name, 'int16_t', 'values', `${name}_quantize_raw`, { inputs, outputs, classifies }, runtime),
    streamSource(
      name,
      {
        channels: features,
        window: run,
        outputs,
        classes,
        scores,
        cType: 'int16_t',
        frames: frames(frontEnd, runtime),
      },
      runtime,
    ),
  ];
  return parts.join('\n');
}

/** How a stream gathers frames: the statements that take a time step, and what forgets them. */
function frames({ channels, frame, hop }: FrontEnd, { memory }: RuntimeCalls) {
  const kept = Math.max(0, frame - hop);
  const pause = Math.max(0, hop - frame);
  const skip = pause === 0 ? '' : `  if (stream_frame_pause != 0) {\n    stream_frame_pause--;\n    return -1;\n  }\n`;
  return {
    memory: `/* The frame that is being filled, channel after channel. */
${memory.array('push', 'int16_t', 'stream_frame', channels * frame)}
${memory.value('push', 'uint16_t', 'stream_frame_steps')}
${pause === 0 ? '' : `${memory.value('push', 'uint16_t', 'stream_frame_pause')}\n`}`,
    take: `${skip}  for (uint16_t channel = 0; channel < ${channels}; channel++) {
    stream_frame[(size_t)channel * ${frame}u + stream_frame_steps] = values[channel];
  }
  if (++stream_frame_steps != ${frame}) return -1;
  for (uint16_t channel = 0; channel < ${channels}; channel++) {
    int16_t *const x = stream_frame + (size_t)channel * ${frame}u;
    if (stream_pause == 0) front_end_column(x, channel, stream_windows + stream_steps);
${kept === 0 ? '' : `    for (uint16_t i = 0; i < ${kept}; i++) x[i] = x[i + ${hop}];\n`}  }
  stream_frame_steps = ${kept};
${pause === 0 ? '' : `  stream_frame_pause = ${pause};\n`}  if (stream_pause != 0) {
    stream_pause--;
    return -1;
  }
`,
    reset: `  stream_frame_steps = 0;\n${pause === 0 ? '' : '  stream_frame_pause = 0;\n'}`,
  };
}

function statement(call: FrontEndCall, i: number, frame: number, runtime: RuntimeCalls): string {
  const { name, from, to, takesLength, table, scratchBytes } = call;
  const values = [
    from === 'frame' ? 'x' : 'front_end_filtered',
    ...(takesLength ? [frame] : []),
    ...(table ? [`front_end_table_${i}`] : []),
    ...(scratchBytes > 0 ? ['front_end_scratch'] : []),
    to === 'filtered' ? 'front_end_filtered' : to === 0 ? 'front_end_values' : `front_end_values + ${to}`,
  ];
  return `${runtime.reference(`bnm_${name}`, HEADER)}(${values.join(', ')});`;
}

function constant(name: string, table: CallTable): string {
  const type = table instanceof Uint8Array ? 'uint8_t' : 'int16_t';
  return `static const ${type} ${name}[${table.length}] BNM_PROGMEM = {\n${wrapValues(Array.from(table, String)).join('\n')}\n};\n`;
}

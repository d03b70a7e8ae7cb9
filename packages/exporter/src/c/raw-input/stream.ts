// C for signals that come a time step at a time: a window that slides over them, and smoothed decisions.
import type { RuntimeCalls } from '../runtime-calls.js';

const HEADER = 'bnm_stream.h';

/** Decisions that are smoothed unless the compiler is told otherwise. */
const VOTES = 3;

interface Stream {
  readonly channels: number;
  /** Time steps or frames of a window: the header's macro. */
  readonly window: number;
  readonly outputs: number;
  /** Decisions that are told apart. */
  readonly classes: number;
  /** Whether `<name>_infer` leaves a score, which `<name>_push_score` gives. */
  readonly scores: boolean;
  readonly cType: string;
  /** Statement that makes the int8 array `step` of the raw array `values`, one a channel. */
  readonly quantizeStep?: string;
  /** Where a step of the window is a frame of the signal: memory, what takes a time step and writes the window's next column, what forgets. */
  readonly frames?: { readonly memory: string; readonly take: string; readonly reset: string };
}

/** `<name>_push` and `<name>_restart`, with their memory; lengths and smoothing are the header's macros. */
export function streamSource(
  name: string,
  { channels, window, outputs, classes, scores, cType, quantizeStep, frames }: Stream,
  runtime: RuntimeCalls,
): string {
  const M = name.toUpperCase();
  const { memory } = runtime;
  const call = (fn: string) => runtime.reference(fn, HEADER);
  return `#if ${M}_HOP < 1 || ${M}_HOP > 65535
#error "${M}_HOP is wanted to be 1 to 65535"
#endif
#if ${M}_VOTES < 1 || ${M}_VOTES > 255 || ${M}_MEAN_SHIFT < 0 || ${M}_MEAN_SHIFT > 15
#error "${M}_VOTES is wanted to be 1 to 255, ${M}_MEAN_SHIFT 0 to 15"
#endif
/* What is left of a window when the next one begins, and time steps between two that do not meet. */
#define STREAM_DROPPED (${M}_HOP < ${M}_WINDOW ? ${M}_HOP : ${M}_WINDOW)

/* The signal's window, channel after channel: the same memory for as long as it is filled, classified and moved on. */
${memory.array('push', 'int8_t', 'stream_windows', channels * window, `${channels} * ${M}_WINDOW`)}
${memory.array('push', 'int32_t', 'stream_logits', outputs)}
${scores ? `${memory.value('push', 'int32_t', 'stream_score')}\n` : ''}/* Time steps in the window; those that no window has, until the next one begins. */
${memory.value('push', 'uint16_t', 'stream_steps')}
${memory.value('push', 'uint16_t', 'stream_pause')}
#if ${M}_MEAN_SHIFT > 0
static int16_t stream_scores[${classes}];
#elif ${M}_VOTES > 1
${memory.array('push', 'uint16_t', 'stream_votes', VOTES, `${M}_VOTES`)}
#endif

${frames?.memory ?? ''}int ${name}_push(const ${cType} *values)
{
${frames?.take ?? takeStep(channels, M, quantizeStep!)}  if (++stream_steps != ${M}_WINDOW) return -1;
  const int decision = ${name}_infer(stream_windows, stream_logits);
${scores ? '  stream_score = score_of_sample;\n' : ''}  ${call('bnm_slide_windows')}(stream_windows, ${channels}, ${M}_WINDOW, STREAM_DROPPED);
  stream_steps = ${M}_WINDOW - STREAM_DROPPED;
  stream_pause = ${M}_HOP - STREAM_DROPPED;
#if ${M}_MEAN_SHIFT > 0
  return ${call('bnm_mean_vote')}(stream_scores, ${classes}, ${M}_MEAN_SHIFT, (uint16_t)decision);
#elif ${M}_VOTES > 1
  return ${call('bnm_vote')}(stream_votes, ${M}_VOTES, (uint16_t)decision);
#else
  return decision;
#endif
}

const int32_t *${name}_push_logits(void)
{
  return stream_logits;
}

void ${name}_restart(void)
{
  stream_steps = 0;
  stream_pause = 0;
${frames?.reset ?? ''}#if ${M}_MEAN_SHIFT > 0
  for (uint16_t i = 0; i < ${classes}; i++) stream_scores[i] = 0;
#elif ${M}_VOTES > 1
  for (uint16_t i = 0; i < ${M}_VOTES; i++) stream_votes[i] = 0;
#endif
}
`;
}

function takeStep(channels: number, M: string, quantizeStep: string): string {
  return `  int8_t step[${channels}];
  if (stream_pause != 0) {
    stream_pause--;
    return -1;
  }
  ${quantizeStep}
  size_t at = stream_steps;
  for (uint16_t channel = 0; channel < ${channels}; channel++) {
    stream_windows[at] = step[channel];
    at += ${M}_WINDOW;
  }
`;
}

/** Macros and prototypes. */
export function streamHeader(
  name: string,
  cType: string,
  { hop, frames = false }: { readonly hop: number; readonly frames?: boolean },
): string {
  const M = name.toUpperCase();
  return `
/*
 * ---- A time step at a time --------------------------------------------------------------------------------------------
 *
 * Compile the model with -D${M}_HOP=… and so on for others. A hop is how many ${frames ? 'frames' : 'time steps'} later the next window begins; decisions
 * are smoothed by the majority of the last ${M}_VOTES (1: none), or, with ${M}_MEAN_SHIFT above 0, by an exponential mean
 * in which each has the weight 2^-${M}_MEAN_SHIFT. */
#ifndef ${M}_HOP
/** Steps from one window to the next. */
#define ${M}_HOP ${hop}
#endif
#ifndef ${M}_VOTES
/** Decisions of which the majority counts. */
#define ${M}_VOTES ${VOTES}
#endif
#ifndef ${M}_MEAN_SHIFT
/** Weight of a decision in the mean, as a shift. */
#define ${M}_MEAN_SHIFT 0
#endif

/**
 * Takes the next time step: one value of each channel. Its memory is static: one signal at a time.
 *
 * @param values  ${M}_CHANNELS values, in the order of ${frames ? 'the channels' : `enum ${name}_feature`}
 * @return        the smoothed class where a window is complete, which the first one is after ${M}_${frames ? 'SAMPLES' : 'WINDOW'} steps, else -1
 */
int ${name}_push(const ${cType} *values);

/**
 * The logits of the last complete window: those of ${name}_infer_raw for the same values.
 *
 * @return  ${M}_OUTPUTS of them
 */
const int32_t *${name}_push_logits(void);

/** Forgets all time steps and decisions: another signal begins. */
void ${name}_restart(void);
`;
}

// Which preprocessing stands in front of a graph where no one says it: by rule, and by how the float graph scores on labelled samples.
import { type FloatReference, type OnnxGraph, type PreprocessingScore, preprocessingScores } from '@bitnetmcu/exporter';
import type { GraphEnds } from '@bitnetmcu/exporter/internal';
import type { Preprocessing } from '@bitnetmcu/models';
import { classCount, preprocessingSchema } from '@bitnetmcu/models/internal';
import type { Dataset, Samples } from '@bitnetmcu/trainer';
import type { DataSpec } from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';
import { count, percent } from '../render/quantities.js';
import type { Terminal } from '../terminal.js';
import { parsePreprocessing, readsBytes, STANDARDIZED } from './graph-samples.js';

export interface ChosenPreprocessing {
  readonly value: Preprocessing;
  /** Of raw values: what the graph reads of them, for people. Absent: `value` of bytes. */
  readonly text?: string;
  /** Why this one. */
  readonly reason: string;
  /** Where the graph normalizes its input and something stands in front of it too. */
  readonly doubt: string | undefined;
}

/**
 * What stands in front of a graph: as given; else nothing where the graph normalizes its input itself, MNIST's constants for MNIST, and
 * for all other data their own units.
 * @param given `--preprocessing`
 * @throws CliError `usage`
 */
function choosePreprocessing(
  given: string | undefined,
  data: DataSpec | undefined,
  { normalization }: Pick<GraphEnds, 'normalization'>,
): ChosenPreprocessing {
  const own =
    normalization &&
    `the graph ${normalization.kind === 'batchNorm' ? 'begins with a batch norm' : 'normalizes its input itself'} (${normalization.nodes.join(', ')}: ${affineText(normalization)})`;
  const chosen =
    given !== undefined
      ? { value: parsePreprocessing(given), reason: 'as given' }
      : own === undefined && data?.kind === 'mnist'
        ? { value: preprocessingSchema.parse({}), reason: "MNIST's" }
        : {
            value: ownUnits(data),
            reason:
              (own ?? (data !== undefined && 'range' in data && data.range))
                ? "the data's own range"
                : 'the values themselves; name another with --preprocessing',
          };
  const { divisor, mean, deviation } = chosen.value;
  const isNothing = divisor === 1 && mean === 0 && deviation === 1;
  const doubt =
    own === undefined || isNothing || given === undefined
      ? undefined
      : `Both normalize: ${own}, and --preprocessing ${given} stands in front of it. One of them is enough where the training did one.`;
  return { ...chosen, doubt };
}

/** Bytes as the numbers that they stand for in the data: those of `range`, else themselves. @throws CliError `usage` */
function ownUnits(data: DataSpec | undefined): Preprocessing {
  const range = data !== undefined && 'range' in data ? data.range : undefined;
  if (range === undefined) return { divisor: 1, mean: 0, deviation: 1 };
  const [low, high] = range;
  if (high < low) {
    throw new CliError(
      'usage',
      `The range ${low},${high} of the data falls; --preprocessing divisor,mean,deviation is wanted to say what the graph gets.`,
    );
  }
  return { divisor: 255 / (high - low), mean: -low, deviation: 1 };
}

/** A gain that is worth a change: a percentage point, and more than two samples. */
export const clearGain = (samples: number): number => Math.max(0.01, 2 / samples);

/**
 * The choice, corrected by evidence: where no one named a preprocessing and the float graph scores better on labelled training samples
 * under another plausible one, that is taken, and said.
 * @param evidence scores of the choice, first, and of the others
 */
function correctPreprocessing(
  chosen: ChosenPreprocessing,
  { scores, samples, chance }: PreprocessingEvidence,
): ChosenPreprocessing {
  const gain = clearGain(samples);
  const [assumed, ...others] = scores.map(({ renumbered, accuracy, ...one }) => ({
    ...one,
    // Classes in another order are a matter of their own, which the look at the result names.
    accuracy: renumbered ?? accuracy,
  }));
  if (assumed === undefined) return chosen;
  const best = others.reduce((better, one) => {
    // The samples' own mean and deviation are never quite the training's: known constants are likelier.
    const margin = one.kind === 'standardized' ? gain : 0;
    return one.accuracy > better.accuracy + margin ? one : better;
  }, assumed);
  if (best.accuracy - assumed.accuracy <= gain || best.accuracy <= chance) return chosen;
  const reason = `found: the float graph gets ${percent(best.accuracy)} of ${count(samples)} training samples with it, ${percent(assumed.accuracy)} with ${preprocessingText(chosen.value)}; name the training's own with --preprocessing`;
  return { ...chosen, value: best.preprocessing, reason };
}

export interface PreprocessingEvidence {
  readonly scores: readonly PreprocessingScore[];
  readonly samples: number;
  /** What guessing scores at most: of a graph that scores no better, nothing can be concluded. */
  readonly chance: number;
}

/** Of a graph whose input is uint8. */
const READS_BYTES: ChosenPreprocessing = {
  value: { divisor: 1, mean: 0, deviation: 1 },
  reason: 'the graph reads bytes as they are',
  doubt: undefined,
};

/** No evidence. */
const NO_SCORES: PreprocessingEvidence = { scores: [], samples: 0, chance: 1 };

/** Always the most frequent class, and three standard deviations. */
export function chanceOf(labels: Uint16Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const share = Math.max(...counts.values()) / labels.length;
  return share + 3 * Math.sqrt((share * (1 - share)) / labels.length);
}

/** Samples on which preprocessings are tried. */
export const TRIED_SAMPLES = 300;

/** How the float graph scores under plausible preprocessings; nothing where it cannot be run, which the import itself then explains. */
async function scorePreprocessings(
  reference: FloatReference,
  { bytes, labels, count: all }: Samples,
  outputs: number,
  assumed: Preprocessing,
  terminal: Terminal,
): Promise<PreprocessingEvidence> {
  const samples = Math.min(all, TRIED_SAMPLES);
  const features = bytes.length / all;
  terminal.status('Trying preprocessings …');
  try {
    // Drawn samples are in a random order.
    const [some, their] = [bytes.subarray(0, samples * features), labels.subarray(0, samples)];
    const scores = await preprocessingScores(reference, some, their, outputs, assumed);
    return { scores, samples, chance: chanceOf(their) };
  } catch (error) {
    terminal.detail((error as Error).message);
    return NO_SCORES;
  } finally {
    terminal.clearStatus();
  }
}

const digits = (value: number): string => Number(value.toPrecision(4)).toString();

function affineText({ factor, offset }: { readonly factor: number; readonly offset: number }): string {
  return `x · ${digits(factor)} ${offset < 0 ? '−' : '+'} ${digits(Math.abs(offset))}`;
}

/** `(x / 255 − 0.1307) / 0.3081`, without what changes nothing. */
export function preprocessingText({ divisor, mean, deviation }: Preprocessing): string {
  const divided = divisor === 1 ? 'x' : `x / ${digits(divisor)}`;
  const shifted = mean === 0 ? divided : `${divided} ${mean < 0 ? '+' : '−'} ${digits(Math.abs(mean))}`;
  if (deviation === 1) return shifted;
  return `${shifted === 'x' ? 'x' : `(${shifted})`} / ${digits(deviation)}`;
}

/** Of bytes: what stands in front of the graph, corrected by evidence. @throws CliError `usage` */
export async function choosePlain(
  given: string | undefined,
  graph: OnnxGraph,
  ends: GraphEnds,
  calibrating: { readonly data: DataSpec; readonly dataset: Dataset } | undefined,
  tried: { readonly reference: FloatReference; readonly samples: Samples } | undefined,
  terminal: Terminal,
): Promise<ChosenPreprocessing> {
  if (given?.trim() === STANDARDIZED) {
    throw new CliError(
      'usage',
      `--preprocessing ${STANDARDIZED} is for tables and signals, each column of which has a mean and a deviation; of bytes give divisor,mean,deviation.`,
    );
  }
  const isBytes = readsBytes(graph, given);
  const byRule = isBytes ? READS_BYTES : choosePreprocessing(given, calibrating?.data, ends);
  const isOpen = given === undefined && !isBytes;
  const evidence =
    isOpen && tried && classCount(ends.outputs) === calibrating!.dataset.labels.length
      ? await scorePreprocessings(tried.reference, tried.samples, ends.outputs, byRule.value, terminal)
      : NO_SCORES;
  return correctPreprocessing(byRule, evidence);
}

// What a graph reads of raw values (rows of tables, signals), and in which unit it answers: as given, else the values themselves, corrected
// by how the float graph scores on labelled training samples.
import type { FloatReference } from '@bitnetmcu/exporter';
import { allFloatLogits, rawValues, type StandardizedColumns } from '@bitnetmcu/exporter/internal';
import type { Preprocessing, Shape } from '@bitnetmcu/models';
import type { RawInput } from '@bitnetmcu/models/internal';
import type { Dataset, Samples } from '@bitnetmcu/trainer';
import { count, percent } from '../render/quantities.js';
import type { Terminal } from '../terminal.js';
import { inUnits } from './graph-output.js';
import { parsePreprocessing, STANDARDIZED } from './graph-samples.js';
import { bestLabelOrder, type GraphScore, graphScore } from './graph-score.js';
import { chanceOf, clearGain, preprocessingText, TRIED_SAMPLES } from './preprocessing-choice.js';

const NOTHING: Preprocessing = { divisor: 1, mean: 0, deviation: 1 };
interface Reading {
  /** Mean and deviation of each column that the graph reads standardized; undefined: it reads the values. */
  readonly standardized: StandardizedColumns | undefined;
  readonly preprocessing: Preprocessing;
  /** Answers are (value − mean)/deviation of the training targets. */
  readonly standardizedTargets: boolean;
}

export interface ChosenReading extends Reading {
  readonly reason: string;
}

interface Tried {
  readonly reference: FloatReference;
  readonly samples: Samples;
  readonly shape: Shape;
  readonly outputs: number;
}

/** Logits of the float graph on samples, those of raw values or bytes. @throws ExporterError where it cannot be run */
export async function graphLogits(
  { reference, samples, shape, outputs }: Tried,
  raw: RawInput | undefined,
  { standardized, preprocessing }: Pick<Reading, 'standardized' | 'preprocessing'>,
): Promise<Float64Array> {
  const values = raw ? rawValues(samples.bytes, shape, { raw, standardized }) : samples.bytes;
  return allFloatLogits(reference, values, samples.count, outputs, preprocessing);
}

/**
 * @param given `--preprocessing`
 * @param tried drawn training samples, and the graph that runs them; absent: nothing is tried
 * @throws CliError `usage`
 */
export async function chooseReading(
  given: string | undefined,
  dataset: Dataset & { readonly raw: RawInput },
  tried: Tried | undefined,
  terminal: Terminal,
): Promise<ChosenReading> {
  const isStandardized = given?.trim() === STANDARDIZED;
  const assumed: Reading = {
    standardized: isStandardized ? columnMoments(dataset) : undefined,
    preprocessing: given === undefined || isStandardized ? NOTHING : parsePreprocessing(given),
    standardizedTargets: false,
  };
  const described = (reading: Reading, reason: string): ChosenReading => ({ ...reading, reason });
  const rule = given === undefined ? 'the values of the files; name another with --preprocessing' : 'as given';
  const scored = tried && (await scoreReadings(assumed, given === undefined, dataset, tried, terminal));
  if (scored === undefined) return described(assumed, rule);
  const { best, scores, samples } = scored;
  if (best === assumed) return described(assumed, rule);
  const [ours, theirs] = [scores.get(assumed)!, scores.get(best)!];
  return described(
    best,
    `found: the float graph gets ${theirs.text} on ${count(samples)} training samples with it, ${ours.text} with ${readingText(assumed)}`,
  );
}

async function scoreReadings(
  assumed: Reading,
  isOpen: boolean,
  dataset: Dataset & { readonly raw: RawInput },
  tried: Tried,
  terminal: Terminal,
): Promise<{ best: Reading; scores: ReadonlyMap<Reading, GraphScore>; samples: number } | undefined> {
  const samples = firstOf(tried.samples, TRIED_SAMPLES);
  const scores = new Map<Reading, GraphScore>();
  const inputs = isOpen ? [assumed, { ...assumed, standardized: columnMoments(dataset) }] : [assumed];
  const isRegression = dataset.output?.task === 'regression';
  terminal.status('Trying preprocessings …');
  try {
    for (const input of inputs) {
      const logits = await graphLogits({ ...tried, samples }, dataset.raw, input);
      for (const standardizedTargets of isRegression ? [false, true] : [false]) {
        const answers = standardizedTargets ? inUnits(dataset, logits) : logits;
        const reading = standardizedTargets ? { ...input, standardizedTargets } : input;
        const score = graphScore(dataset, samples, answers);
        // Labels in another order are a matter of their own, which the look at the result names.
        const order =
          dataset.output?.task === 'multiLabel' && score
            ? bestLabelOrder(samples.targets!, answers, tried.outputs)
            : undefined;
        if (score) scores.set(reading, inBestOrder(score, order?.accuracy));
      }
    }
  } catch (error) {
    terminal.detail((error as Error).message);
    return undefined;
  } finally {
    terminal.clearStatus();
  }
  const own = scores.get(assumed);
  if (own === undefined) return undefined;
  let best = assumed;
  for (const [reading, { value }] of scores) if (value > scores.get(best)!.value) best = reading;
  // Of a graph that scores no better than guessing nothing can be concluded.
  const chance = dataset.output === undefined ? chanceOf(samples.labels) : 0;
  const { value } = scores.get(best)!;
  const isClear = value - own.value > clearGain(samples.count) && value > chance;
  return { best: isClear ? best : assumed, scores, samples: samples.count };
}

/** The score of a graph that has its classes or labels in the order in which it does best. */
function inBestOrder(score: GraphScore, ofLabels: number | undefined): GraphScore {
  if (score.renumbered !== undefined)
    return { value: score.renumbered, text: `${percent(score.renumbered)} (with its classes in another order)` };
  if (ofLabels === undefined) return score;
  const value = Math.max(score.value, ofLabels);
  return { value, text: `${percent(value)} of the labels` };
}

/** Mean and deviation of each column, or channel, of the training part; a constant has the deviation 1, as scikit-learn's scaler gives it. */
function columnMoments({ raw, shape, train }: Dataset & { readonly raw: RawInput }): StandardizedColumns {
  const values = rawValues(train.bytes, shape, { raw });
  const columns = raw.features.length;
  const run = values.length / train.count / columns;
  const [sums, squares] = [new Float64Array(columns), new Float64Array(columns)];
  const columnOf = (i: number) => Math.floor(i / run) % columns;
  values.forEach((value, i) => {
    sums[columnOf(i)]! += value;
  });
  const samples = run * train.count;
  const mean = Array.from(sums, (sum) => sum / samples);
  values.forEach((value, i) => {
    squares[columnOf(i)]! += (value - mean[columnOf(i)]!) ** 2;
  });
  return { mean, deviation: Array.from(squares, (sum) => Math.sqrt(sum / samples) || 1) };
}

/** What the graph gets, for people. */
export function readingText({ standardized, preprocessing, standardizedTargets }: Reading): string {
  const input = standardized
    ? '(value − mean) / deviation of each column, those of the training samples'
    : `${preprocessingText(preprocessing)} of the values in their units`;
  return standardizedTargets ? `${input}; answers are (value − mean) / deviation of the training targets` : input;
}

/** Drawn samples are in a random order. */
function firstOf(samples: Samples, limit: number): Samples {
  if (samples.count <= limit) return samples;
  const { bytes, labels, targets, count: all } = samples;
  return {
    count: limit,
    bytes: bytes.subarray(0, (limit * bytes.length) / all),
    labels: labels.subarray(0, limit),
    ...(targets && { targets: targets.subarray(0, (limit * targets.length) / all) }),
  };
}

// Test samples for a trial of a model: those of its data set, or the few that it carries where that is not at hand.
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { BitnetmcuError } from '@bitnetmcu/quant';
import { CliError } from '../errors.js';
import type { Terminal } from '../terminal.js';
import { mixedSamples, noteFewClasses, type TestSamples, testSamples } from './dataset.js';
import { type DataTrust, openModelData } from './model-data.js';

/** What keeps a data set from being opened; anything else is a mistake in what was asked for. */
const NOT_AT_HAND = ['untrusted-data', 'data-not-found', 'bad-file', 'file-error', 'invalid-data'];

export interface ModelSamples {
  readonly samples: TestSamples;
  /** For people: `10 test samples of iris`. */
  readonly what: (count: string) => string;
}

/** So many of the first test samples, those of these numbers, or so many as stand for the classes. */
export type SampleChoice = number | readonly number[] | { readonly upTo: number };

/**
 * Test samples of a model's data set. Where the user names no data and those of the model are not
 * at hand, the samples in the model, which is said.
 * @throws what `openModelData` and `testSamples` throw, where the model carries no samples or numbers are asked for
 */
export async function modelSamples(
  given: Readonly<Record<string, unknown>> & DataTrust,
  model: QuantizedModel,
  choice: SampleChoice,
  terminal: Terminal,
): Promise<ModelSamples> {
  try {
    const dataset = await openModelData(given, model, terminal);
    const numbers =
      typeof choice === 'object' && 'upTo' in choice ? mixedSamples(dataset, choice.upTo, terminal) : choice;
    const samples = testSamples(dataset, model, numbers);
    if (typeof choice === 'number') noteFewClasses(dataset, samples, terminal);
    return { samples, what: (count) => `${count} of ${dataset.name}` };
  } catch (error) {
    const kept = Object.entries(given).some(([key, value]) => /^data/.test(key) && value !== undefined)
      ? undefined
      : keptSamples(model, choice);
    if (kept === undefined || !isNotAtHand(error)) throw error;
    terminal.note(
      `${error.message.split('\n')[0]}\nThe ${kept.raw.count} test samples that the model carries are taken instead; --data names others.`,
    );
    return { samples: kept, what: (count) => `${count} that the model carries` };
  }
}

function isNotAtHand(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const isKnown = CliError.isInstance(error) || BitnetmcuError.isInstance(error);
  const { code } = error as { code?: string };
  return code === 'ENOENT' || code === 'EACCES' || (isKnown && NOT_AT_HAND.includes(code ?? ''));
}

function keptSamples(model: QuantizedModel, choice: SampleChoice): TestSamples | undefined {
  const limit = typeof choice === 'object' && 'upTo' in choice ? choice.upTo : choice;
  // Samples without classes would count as wrong ones.
  if (typeof limit !== 'number' || model.samples?.labels === undefined) return undefined;
  const features = elementCount(model.input.shape);
  const count = Math.min(limit, model.samples.inputs.length / features);
  const raw = { count, bytes: new Uint8Array(0), labels: model.samples.labels.subarray(0, count) };
  return { raw, fitted: raw, inputs: model.samples.inputs.subarray(0, count * features) };
}

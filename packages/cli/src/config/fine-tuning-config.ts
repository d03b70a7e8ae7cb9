// The configuration of fine-tuning: that of a training run with defaults of its own, without what the imported graph and the data flags say.
import { type TrainingConfigInput, trainingConfigSchema } from '@bitnetmcu/trainer';
import type { DataSpec } from '@bitnetmcu/trainer/internal';
import type { Command } from 'commander';
import { addSchemaFlags, applyFlags, schemaFlags } from './schema-flags.js';

/** Found on held-out images for a LeNet at 4 bit. */
const DEFAULTS = { epochs: 10, learningRate: 3e-4 } as const;

const { epochs, learningRate } = trainingConfigSchema.shape;
const fineTuningSchema = trainingConfigSchema.omit({ network: true, data: true, output: true }).extend({
  epochs: epochs.removeDefault().default(DEFAULTS.epochs),
  learningRate: learningRate.removeDefault().default(DEFAULTS.learningRate),
});

const flags = schemaFlags(fineTuningSchema);

/** Adds a flag for every option of the training configuration that fine-tuning has. */
export function addFineTuningFlags(command: Command): void {
  addSchemaFlags(command, flags, 'Fine-tuning (with --finetune):');
}

/** Which fine-tuning flags were given, for an import without. */
export function givenFineTuningFlags(given: Readonly<Record<string, unknown>>): string[] {
  const probe: Record<string, unknown> = {};
  applyFlags(probe, flags, given);
  return Object.keys(probe);
}

/** The configuration of the run, for createTrainingRun to check. */
export function fineTuningConfig(
  given: Readonly<Record<string, unknown>>,
  data: DataSpec,
  output: string,
): TrainingConfigInput {
  const document: Record<string, unknown> = { ...DEFAULTS, data, output };
  applyFlags(document, flags, given);
  return document as TrainingConfigInput;
}

// The results of a run as files beside its model: report.json, confusion.csv and training.svg.
import { join } from 'node:path';
import type { Task } from '@bitnetmcu/models/internal';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import type { EpochMetrics } from '@bitnetmcu/trainer';
import { trainingCurve } from '../render/training-curve.js';
import { type Confusion, confusionCsv } from './confusion.js';
import type { Fit } from './fits.js';

/** Name of the integer network beside the checkpoint. */
export const MODEL_FILE = 'model.bnm';
const REPORT_FILE = 'report.json';
const CONFUSION_FILE = 'confusion.csv';
export const CURVE_FILE = 'training.svg';

/** What a finished run has besides the trainer's files; a new run in the same folder removes them. */
export const RESULT_FILES = [MODEL_FILE, REPORT_FILE, CONFUSION_FILE, CURVE_FILE];

export interface RunReport {
  /** Of the summary: network, data, scores. */
  readonly summary: Readonly<Record<string, unknown>>;
  readonly confusion: Confusion | undefined;
  readonly fits: readonly Fit[];
}

/** The part of `--json` and report.json that says what is right and wrong, and where the model fits. */
export function reportJson({ confusion, fits }: Pick<RunReport, 'confusion' | 'fits'>): Record<string, unknown> {
  return {
    ...(confusion && {
      integers: {
        accuracy: confusion.correct / confusion.samples,
        samples: confusion.samples,
        classes: confusion.classes,
        neverPredicted: confusion.neverPredicted,
        confusion: confusion.matrix,
      },
    }),
    fits,
  };
}

/** Writes the files. @throws ModelError `file-error` */
export function writeRunReport(
  folder: string,
  { summary, confusion, fits }: RunReport,
  history: readonly EpochMetrics[],
  { title, task }: { readonly title: string; readonly task: Task },
): void {
  const report = { ...summary, ...reportJson({ confusion, fits }) };
  const write = (name: string, text: string) => writeFileAtomic(join(folder, name), text);
  write(REPORT_FILE, `${JSON.stringify(report, null, 2)}\n`);
  if (confusion) write(CONFUSION_FILE, confusionCsv(confusion));
  write(CURVE_FILE, trainingCurve(history, title, task));
}

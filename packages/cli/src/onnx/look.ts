// The independent look that ends an import: the finished integer network beside the float graph, on samples that calibrated nothing.
import { type Assessment, type AssessmentWarning, assess, type FloatReference } from '@bitnetmcu/exporter';
import { type Preprocessing, type QuantizedModel, summarizeModel, validateQuantizedModel } from '@bitnetmcu/models';
import { classCount, elementCount } from '@bitnetmcu/models/internal';
import type { Dataset } from '@bitnetmcu/trainer';
import { type DrawnSamples, unseenSamples, valueShape } from '../inputs/drawn-samples.js';
import { withInterrupt } from '../interrupt.js';
import type { Terminal } from '../terminal.js';
import { lookAtTask, type TaskLook } from './task-look.js';

/** Enough for a percentage point. */
const MOST_SAMPLES = 1000;
const FEWEST_SAMPLES = 100;
/** Multiply-accumulates of the reference inference: a few seconds. */
const MOST_MACS = 5e8;

export interface Look {
  readonly assessment: Assessment | TaskLook;
  /** For people: which samples. */
  readonly what: string;
}

/** What to do about a warning, in the words of this command. */
const REMEDIES: Readonly<Record<AssessmentWarning['issue'], string>> = {
  loss: 'See --calibrate, --calibration-samples, --input-scale, --quantizer 8bit, --mixed or --finetune',
  'never-predicted': 'See --calibrate, --calibration-samples, --quantizer 8bit, --mixed or --finetune',
  'near-chance': 'See --preprocessing, --data, --data-labels',
  preprocessing: 'See --preprocessing <divisor,mean,deviation>',
  layout: 'Give the data set in the order of the graph',
  'class-numbers': "Give the classes in the order of the graph's outputs (--data-labels, names of folders)",
};

export function remedyFor({ issue }: AssessmentWarning): string {
  return REMEDIES[issue];
}

export async function lookAtImport(
  reference: FloatReference,
  model: QuantizedModel,
  preprocessing: Preprocessing,
  dataset: Dataset,
  calibrated: DrawnSamples,
  terminal: Terminal,
): Promise<Look> {
  const input = model.input.shape;
  const affordable = Math.floor(MOST_MACS / Math.max(1, summarizeModel(model).total.macs));
  const count = Math.min(MOST_SAMPLES, Math.max(FEWEST_SAMPLES, affordable));
  const { samples, what } = unseenSamples(dataset, calibrated, input, count);
  const outputs = elementCount(validateQuantizedModel(model).at(-1)!.outputShape);
  const isLabelled = classCount(outputs) === dataset.labels.length;
  terminal.status(`Looking at the result on ${samples.count} ${what} …`);
  try {
    if (model.output !== undefined) {
      const look = await lookAtTask(reference, model, dataset, samples, preprocessing, what);
      if (look) return { assessment: look, what };
    }
    const assessment = await withInterrupt(terminal, 'Stopping …', (signal) =>
      assess(model, reference, samples.bytes, {
        preprocessing,
        sampleShape: valueShape(dataset.shape, input),
        ...(isLabelled && {
          labels: samples.labels,
          classes: dataset.labels,
          calibrationLabels: calibrated.samples.labels,
        }),
        signal,
      }),
    );
    return { assessment, what };
  } finally {
    terminal.clearStatus();
  }
}

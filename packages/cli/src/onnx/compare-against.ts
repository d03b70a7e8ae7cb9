// A model beside the ONNX file that it came from, over the test samples of a data set.
import {
  compareWithFloat,
  type FloatComparison,
  type FloatReference,
  type OnnxGraph,
  onnxReference,
} from '@bitnetmcu/exporter';
import { graphPreprocessing } from '@bitnetmcu/exporter/internal';
import { onnxRuntimeReference } from '@bitnetmcu/exporter/internal/node';
import { readOnnxFile } from '@bitnetmcu/exporter/node';
import { type Preprocessing, type QuantizedModel, ReferenceInference, type Shape } from '@bitnetmcu/models';
import type { Dataset, Samples } from '@bitnetmcu/trainer';
import { withInterrupt } from '../interrupt.js';
import { bar } from '../render/score-bars.js';
import type { Terminal } from '../terminal.js';
import { lookAtTask, type TaskLook } from './task-look.js';

export interface Against {
  readonly path: string;
  /** What stands in front of the graph; undefined: what the import noted. */
  readonly preprocessing: Preprocessing | undefined;
  /** How many of the images with the largest differences are listed. */
  readonly worst: number;
}

/**
 * Compares with ONNX Runtime on the float graph; where that is not installed, with this project's own float evaluation.
 * @param samples uint8 in the model's input shape
 * @throws ExporterError for files that cannot be read or have other inputs and outputs.
 */
export async function compareAgainst(
  model: QuantizedModel,
  { path, preprocessing, worst }: Against,
  samples: Samples,
  terminal: Terminal,
): Promise<FloatComparison> {
  const reference = await floatReference(path, await readOnnxFile(path), model.input.shape, terminal);
  const loaded = await new ReferenceInference().load(model);
  try {
    return await withInterrupt(terminal, 'Stopping …', (signal) =>
      compareWithFloat(model, loaded, reference, samples.bytes, model.output ? undefined : samples.labels, {
        ...(preprocessing && { preprocessing }),
        worst,
        signal,
        onProgress: (done, images) =>
          terminal.status(
            `${bar(done / images, 20).padEnd(20, '·')} ${reference.name} and integers  ${done} of ${images} images`,
          ),
      }),
    );
  } finally {
    terminal.clearStatus();
    loaded.close();
  }
}

/** How right both are where the answer is no class; undefined for classes. */
export async function taskAgainst(
  model: QuantizedModel,
  path: string,
  given: Preprocessing | undefined,
  dataset: Dataset,
  samples: Samples,
  terminal: Terminal,
): Promise<TaskLook | undefined> {
  if (model.output === undefined) return undefined;
  const reference = await floatReference(path, await readOnnxFile(path), model.input.shape, terminal);
  return lookAtTask(reference, model, dataset, samples, given ?? graphPreprocessing(model), 'test samples');
}

/** ONNX Runtime on a graph, or this program's own evaluation where that is not there. @param shape of one sample */
export async function floatReference(
  path: string,
  graph: OnnxGraph,
  shape: Shape,
  terminal: Terminal,
): Promise<FloatReference> {
  try {
    return await onnxRuntimeReference(path, graph, shape);
  } catch (error) {
    terminal.detail(`${(error as Error).message}; the float network is evaluated by this program.`);
    return onnxReference(graph, shape);
  }
}

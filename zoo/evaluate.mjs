// Accuracy of an integer network on the C runtime (WebAssembly), by what judges the runs of studies.
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { quantizeInput } from '@bitnetmcu/models';
import { judgeIntegers } from '@bitnetmcu/studies/internal';
import { fitInput, fitSamples } from '@bitnetmcu/trainer';

/** Samples of a data set as a model's int8 inputs. */
export function modelInputs(model, dataset, samples) {
  const fitted = fitSamples(samples, fitInput(dataset.shape, model.input.shape));
  return { inputs: quantizeInput(model, fitted.bytes), labels: fitted.labels, count: fitted.count };
}

/** Share of the samples that are classified correctly. */
export async function integerAccuracy(model, dataset, samples) {
  const { score } = await judgeIntegers(model, modelInputs(model, dataset, samples), new WasmBackend());
  return score.accuracy;
}

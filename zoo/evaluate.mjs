// Accuracy of an integer network on the C runtime (WebAssembly).
import { loadWasmModel } from '@bitnetmcu/mcu-runtime';
import { quantizeInput } from '@bitnetmcu/models';
import { argmax } from '@bitnetmcu/models/internal';
import { fitInput, fitSamples } from '@bitnetmcu/trainer';

/** Samples of a data set as a model's int8 inputs. */
export function modelInputs(model, dataset, samples) {
  const fitted = fitSamples(samples, fitInput(dataset.shape, model.input.shape));
  return { inputs: quantizeInput(model, fitted.bytes), labels: fitted.labels, count: fitted.count };
}

/** Share of the samples that are classified correctly. */
export async function integerAccuracy(model, dataset, samples) {
  const { inputs, labels, count } = modelInputs(model, dataset, samples);
  const loaded = await loadWasmModel(model);
  const logits = loaded.infer(inputs, count);
  const classes = loaded.outputs;
  loaded.close();
  let correct = 0;
  for (let i = 0; i < count; i++) if (argmax(logits, i * classes, classes) === labels[i]) correct++;
  return correct / count;
}

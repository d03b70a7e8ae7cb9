// A model as it is written: with a few of its test samples, and with the paths of its data relative to the file.
import { encodeBnm, type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { elementCount, keptSampleLimit } from '@bitnetmcu/models/internal';
import { drawSamples, type Samples, selectSamples } from '@bitnetmcu/trainer';
import { provenanceForFile } from '@bitnetmcu/trainer/internal';

/**
 * The bytes of a `.bnm` file.
 * @param path where it will stand: its data are named relative to it
 */
export function encodeModelFor(path: string, model: QuantizedModel): Uint8Array {
  return encodeBnm({ ...model, provenance: provenanceForFile(model.provenance, path) });
}

/**
 * The model with as many test samples as it may carry, of every class its share; without where not even one has room.
 * @param test uint8 in the model's input shape
 */
export function withKeptSamples(model: QuantizedModel, test: Samples): QuantizedModel {
  const limit = keptSampleLimit(elementCount(model.input.shape));
  if (limit === 0 || test.count === 0) return model;
  const { bytes, labels } = selectSamples(test, drawSamples(test, Math.min(limit, test.count)));
  const inputs = quantizeInput(model, bytes);
  // Of other tasks than classification what is wanted is no class.
  return { ...model, samples: model.output === undefined ? { inputs, labels } : { inputs } };
}

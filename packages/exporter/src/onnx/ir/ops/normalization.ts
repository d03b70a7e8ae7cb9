// Normalization and dropout as in inference.
import {
  newTensor,
  numberAttribute,
  type OperatorCall,
  requireInput,
  shapeMismatch,
  unsupportedVariant,
} from '../operator.js';
import { elementsOf, type Tensor, type TensorData } from '../tensor.js';

/** y = (x − mean)/√(variance + ε)·gain + shift for each channel (axis 1). */
export function BatchNormalization(call: OperatorCall): Tensor[] {
  if (numberAttribute(call, 'training_mode', 0) !== 0) {
    throw unsupportedVariant('BatchNormalization in training mode (export the model after model.eval())');
  }
  const x = requireInput(call, 0);
  const parameters = [1, 2, 3, 4].map((index) => requireInput(call, index).data);
  const [gain, shift, mean, variance] = parameters as [TensorData, TensorData, TensorData, TensorData];
  const channels = x.shape[1];
  if (channels === undefined || parameters.some(({ length }) => length !== channels)) {
    throw shapeMismatch('BatchNormalization', x.shape, ...parameters.map(({ length }) => [length]));
  }
  const epsilon = numberAttribute(call, 'epsilon', 1e-5);
  const map = elementsOf(x.shape.slice(2));
  const out = newTensor(call, x.type, x.shape);
  for (let n = 0, i = 0; n < x.shape[0]!; n++) {
    for (let c = 0; c < channels; c++) {
      const factor = gain[c]! / Math.sqrt(variance[c]! + epsilon);
      for (let k = 0; k < map; k++, i++) out.data[i] = (x.data[i]! - mean[c]!) * factor + shift[c]!;
    }
  }
  return [out];
}

/** Identity: whatever the graph says about training, this is inference. The second output, the mask, is all true. */
export function Dropout(call: OperatorCall): Tensor[] {
  const x = requireInput(call, 0);
  if (call.outputs < 2) return [x];
  const mask = newTensor(call, 'bool', x.shape);
  mask.data.fill(1);
  return [x, mask];
}

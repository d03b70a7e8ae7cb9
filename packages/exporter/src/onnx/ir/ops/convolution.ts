// Convolution over one or two spatial axes: patches of the input against rows of weights.

import { dotProducts } from '../../../float/dot-products.js';
import { newTensor, numberAttribute, type OperatorCall, requireInput, shapeMismatch } from '../operator.js';
import type { Tensor, TensorData } from '../tensor.js';
import { type WindowAxis, windowsOf } from './windows.js';

/** Cross-correlation with groups, strides, dilations and padding. */
export function Conv(call: OperatorCall): Tensor[] {
  const [x, w, bias] = [requireInput(call, 0), requireInput(call, 1), call.inputs[2]];
  const groups = numberAttribute(call, 'group', 1);
  const [batch, channels] = x.shape as [number, number];
  const [outChannels, groupInputs] = w.shape as [number, number];
  const fits = x.shape.length === w.shape.length && x.shape.length >= 3 && Number.isInteger(groups) && groups >= 1;
  if (!fits || groupInputs * groups !== channels || outChannels % groups !== 0) {
    throw shapeMismatch('Conv', x.shape, w.shape);
  }
  if (bias && bias.data.length !== outChannels) throw shapeMismatch('Conv', w.shape, bias.shape);
  const [rows, columns] = windowsOf(call, x.shape.slice(2), w.shape.slice(2));
  const taps = rows.kernel * columns.kernel;
  if (taps * outChannels * groupInputs !== w.data.length) throw shapeMismatch('Conv', w.shape);
  const spatial = x.shape.length === 3 ? [columns.output] : [rows.output, columns.output];
  const out = newTensor(call, x.type, [batch, outChannels, ...spatial]);
  const outMap = rows.output * columns.output;
  const inMap = rows.input * columns.input;
  call.budget.work((batch * outMap + 1) * w.data.length + 8 * batch * channels * taps * outMap);
  const perGroup = outChannels / groups;
  const weights = Float64Array.from(w.data);
  const patch = new Float64Array(groupInputs * taps);
  for (let g = 0; g < groups; g++) {
    const groupWeights = weights.subarray(g * perGroup * patch.length, (g + 1) * perGroup * patch.length);
    const groupBias = bias?.data.subarray(g * perGroup, (g + 1) * perGroup);
    for (let n = 0; n < batch; n++) {
      const first = (n * channels + g * groupInputs) * inMap;
      const target = (n * outChannels + g * perGroup) * outMap;
      for (let y = 0, p = target; y < rows.output; y++) {
        for (let column = 0; column < columns.output; column++, p++) {
          gather(x.data, first, inMap, rows, columns, y, column, patch);
          dotProducts(groupWeights, patch, groupBias, out.data, p, outMap);
        }
      }
    }
  }
  return [out];
}

/** The input values under one window, zeros where it hangs over. */
function gather(
  x: TensorData,
  first: number,
  inMap: number,
  rows: WindowAxis,
  columns: WindowAxis,
  y: number,
  column: number,
  patch: Float64Array,
): void {
  const taps = rows.kernel * columns.kernel;
  const startY = y * rows.stride - rows.before;
  const startX = column * columns.stride - columns.before;
  for (let k = 0, map = first; k < patch.length; k += taps, map += inMap) {
    for (let ky = 0, t = k; ky < rows.kernel; ky++) {
      const inY = startY + ky * rows.dilation;
      const row = map + inY * columns.input;
      const inside = inY >= 0 && inY < rows.input;
      for (let kx = 0; kx < columns.kernel; kx++, t++) {
        const inX = startX + kx * columns.dilation;
        patch[t] = inside && inX >= 0 && inX < columns.input ? x[row + inX]! : 0;
      }
    }
  }
}

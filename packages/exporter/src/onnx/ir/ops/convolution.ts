// Convolution over one or two spatial axes.

import { convolve } from '../../../float/convolution.js';
import { newTensor, numberAttribute, type OperatorCall, requireInput, shapeMismatch } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { windowsOf } from './windows.js';

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
  const windows = windowsOf(call, x.shape.slice(2), w.shape.slice(2));
  const [rows, columns] = windows;
  const area = rows.kernel * columns.kernel;
  if (area * outChannels * groupInputs !== w.data.length) throw shapeMismatch('Conv', w.shape);
  const spatial = x.shape.length === 3 ? [columns.output] : [rows.output, columns.output];
  const out = newTensor(call, x.type, [batch, outChannels, ...spatial]);
  const outMap = rows.output * columns.output;
  call.budget.work((batch * outMap + 1) * w.data.length + 8 * batch * channels * area * outMap);
  const geometry = { batch, channels, outChannels, groups, windows };
  convolve(x.data, Float64Array.from(w.data), bias?.data, geometry, out.data);
  return [out];
}

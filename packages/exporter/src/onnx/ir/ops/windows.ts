// Windows of convolutions and pools from attributes: kernel, strides, dilations and padding of one or two spatial axes.
import type { WindowAxis, Windows } from '../../../float/windows.js';
import {
  numberAttribute,
  numbersAttribute,
  type OperatorCall,
  shapeMismatch,
  stringAttribute,
  unsupportedVariant,
} from '../operator.js';

const ONE: WindowAxis = { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };

/**
 * @param spatial input sizes, one or two.
 * @param kernel sizes where the attribute `kernel_shape` is left out.
 * @throws ExporterError `onnx`, `onnx-unsupported` for three or more spatial axes.
 */
export function windowsOf(call: OperatorCall, spatial: readonly number[], kernel?: readonly number[]): Windows {
  if (spatial.length < 1 || spatial.length > 2)
    throw unsupportedVariant(`A window over ${spatial.length} spatial axes`);
  const sizes = numbersAttribute(call, 'kernel_shape') ?? kernel;
  const strides = numbersAttribute(call, 'strides') ?? spatial.map(() => 1);
  const dilations = numbersAttribute(call, 'dilations') ?? spatial.map(() => 1);
  const pads = numbersAttribute(call, 'pads') ?? spatial.flatMap(() => [0, 0]);
  const autoPad = stringAttribute(call, 'auto_pad', 'NOTSET');
  const ceil = numberAttribute(call, 'ceil_mode', 0) !== 0;
  const rank = spatial.length;
  if (sizes?.length !== rank || strides.length !== rank || dilations.length !== rank || pads.length !== 2 * rank) {
    throw shapeMismatch('Window attributes', spatial, sizes ?? []);
  }
  const axes = spatial.map((input, axis): WindowAxis => {
    const [size, stride, dilation] = [sizes[axis]!, strides[axis]!, dilations[axis]!];
    if (![size, stride, dilation].every((n) => Number.isInteger(n) && n >= 1))
      throw shapeMismatch('window', sizes, strides);
    const extent = (size - 1) * dilation + 1;
    const [before, after] =
      autoPad === 'NOTSET' ? [pads[axis]!, pads[axis + rank]!] : autoPadding(autoPad, input, extent, stride);
    if (!(before >= 0 && after >= 0 && Number.isInteger(before + after))) throw shapeMismatch('padding', pads);
    const room = input + before + after - extent;
    if (room < 0) throw shapeMismatch('A window larger than its input', spatial, sizes);
    let output = (ceil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
    // As PyTorch and ONNX Runtime: no window starts in the padding after the input.
    if (ceil && (output - 1) * stride >= input + before) output--;
    return { input, output, kernel: size, stride, dilation, before, after };
  });
  return rank === 1 ? [ONE, axes[0]!] : [axes[0]!, axes[1]!];
}

function autoPadding(mode: string, input: number, extent: number, stride: number): [number, number] {
  if (mode === 'VALID') return [0, 0];
  const total = Math.max(0, (Math.ceil(input / stride) - 1) * stride + extent - input);
  const small = Math.floor(total / 2);
  if (mode === 'SAME_UPPER') return [small, total - small];
  if (mode === 'SAME_LOWER') return [total - small, small];
  throw unsupportedVariant(`auto_pad ${mode}`);
}

// The description of a convolution in C: what bnm_conv2d_* and the kernels of bnm_conv_layer read.
import type { Conv2dStep, ConvLayerStep, ConvPatchesStep } from '@bitnetmcu/mcu-runtime/internal';
import type { CLayer } from './c-step.js';

/** The initializers of a bnm_conv2d. @param unpack the function that unpacks its weights, 0 where none is called */
export function convolutionFields(
  step: Conv2dStep | ConvLayerStep | ConvPatchesStep,
  { identifier }: CLayer,
  unpack: string | 0,
): readonly string[] {
  const { tables, kernel, stride, padding } = step;
  return [
    `.groups = ${step.groups}, .group_inputs = ${step.groupInputs}, .group_outputs = ${step.groupOutputs}`,
    `.height = ${step.height}, .width = ${step.width}, .out_height = ${step.outHeight}, .out_width = ${step.outWidth}`,
    `.kernel_height = ${kernel[0]}, .kernel_width = ${kernel[1]}, .stride_y = ${stride[0]}, .stride_x = ${stride[1]}`,
    `.padding_y = ${padding[0]}, .padding_x = ${padding[1]}`,
    `.row_bytes = ${step.rowBytes}, .unpack = ${unpack}, .weights = ${identifier}_weights`,
    `.output_shifts = ${tables.outputShifts ? `${identifier}_shifts` : 0}, .bias = ${tables.bias ? `${identifier}_bias` : 0}`,
  ];
}

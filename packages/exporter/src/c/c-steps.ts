// Program steps as C statements: one runtime call each.
import {
  type Buffer,
  type ChannelsStep,
  type Conv2dStep,
  type ConvChainStep,
  type ConvNormStep,
  chainFunction,
  elementTypes,
  type KernelStep,
  type LinearStep,
  type LookupStep,
  linearKernel,
  listFunction,
  type Pool2dStep,
  type Step,
  unpackFunction,
} from '@bitnetmcu/mcu-runtime/internal';
import type { TensorType } from '@bitnetmcu/models/internal';
import type { BufferPointers } from './buffers.js';
import { int32Literal } from './c-tables.js';
import { cComment } from './c-text.js';

/** The layer that a step with tables belongs to. */
export interface CLayer {
  /** Prefix of its tables. */
  readonly identifier: string;
  /** For comments: what `cComment` gives. */
  readonly name: string;
  readonly description: string;
}

/** Steps that read constant tables: weights, or the description of their windows. */
export type TableStep = LinearStep | Conv2dStep | ConvChainStep | ConvNormStep | Pool2dStep | LookupStep;

export type LayerOf = (step: TableStep) => CLayer;

/** A pointer with what is to be added to it in a channel loop. */
interface Operands {
  readonly x: string;
  readonly y: string;
}

const SUFFIX: Readonly<Record<TensorType, string>> = { int8: 'i8', int32: 'i32' };
const ELEMENT_BYTES: Readonly<Record<TensorType, number>> = { int8: 1, int32: 4 };

/** The statements of one step, indented for the body of a function. */
export function stepStatements(step: Step, buffers: BufferPointers, layerOf: LayerOf): string[] {
  if (step.op === 'channels') return channelLoop(step, buffers, layerOf);
  const types = elementTypes(step);
  const operands = { x: buffers.pointer(step.x, types.x), y: buffers.pointer(step.y, types.y) };
  return kernelStatements(step, operands, buffers, layerOf, '').map((line) => `  ${line}`);
}

function channelLoop(
  { channels, xStride, yStride, body }: ChannelsStep,
  buffers: BufferPointers,
  layerOf: LayerOf,
): string[] {
  const lines = [
    '',
    `  /* ${channels} channels, one after another */`,
    `  for (uint16_t channel = 0; channel < ${channels}; channel++) {`,
  ];
  body.forEach((step, index) => {
    const types = elementTypes(step);
    const advance = (buffer: Buffer, type: TensorType, stride: number) => {
      const pointer = buffers.pointer(buffer, type);
      const elements = stride / ELEMENT_BYTES[type];
      return elements === 0
        ? pointer
        : `${pointer} + ${elements === 1 ? 'channel' : `(uint32_t)${elements} * channel`}`;
    };
    const operands = {
      x: advance(step.x, types.x, index === 0 ? xStride : 0),
      y: advance(step.y, types.y, index === body.length - 1 ? yStride : 0),
    };
    lines.push(...kernelStatements(step, operands, buffers, layerOf, 'channel').map((line) => `    ${line}`));
  });
  lines.push('  }', '');
  return lines;
}

/** @param channel the loop variable inside a channel loop, else empty: convolutions then do one channel or all. */
function kernelStatements(
  step: KernelStep,
  { x, y }: Operands,
  buffers: BufferPointers,
  layerOf: LayerOf,
  channel: string,
): string[] {
  const call = (name: string, ...values: readonly (string | number)[]) => `bnm_${name}(${values.join(', ')});`;
  switch (step.op) {
    case 'linear': {
      const { identifier, name, description } = layerOf(step);
      const kernel = linearKernel(step.tables.kernel);
      const weights = `${kernel.element === 'uint8_t' ? '' : '(const uint8_t *)'}${identifier}_weights`;
      const lines = [
        '',
        `/* ${name}: ${description} */`,
        `${kernel.function}(${[x, step.inputs, weights, step.outputs, y].join(', ')});`,
      ];
      if (step.tables.outputShifts) lines.push(call('output_shift', y, `${identifier}_shifts`, step.outputs));
      if (step.tables.bias) lines.push(call('add_bias', y, `${identifier}_bias`, step.outputs));
      return lines;
    }
    case 'conv2d': {
      const { identifier, name, description } = layerOf(step);
      const taps = buffers.pointer(step.taps, 'int16');
      const suffix = SUFFIX[step.element];
      return [
        `/* ${name}: ${description} */`,
        channel
          ? call(`conv2d_channel_${suffix}`, `&${identifier}_layer`, channel, x, taps, y)
          : call(`conv2d_${suffix}`, `&${identifier}_layer`, x, taps, y),
      ];
    }
    case 'shiftNormRelu':
      return [call('shift_norm_relu', x, step.count, y)];
    case 'maxAbsNormRelu':
      return [call('max_abs_norm_relu', x, step.count, y)];
    case 'widen':
      return [call('widen', x, step.count, y)];
    case 'reluShift':
      return [call('relu_shift', x, step.count, step.shift, y)];
    case 'requantize': {
      const limits = [int32Literal(step.min), int32Literal(step.max)];
      return [call(step.element === 'int8' ? 'requantize' : 'requantize_i32', x, step.count, step.shift, ...limits, y)];
    }
    case 'lookup':
      return [call('lookup', x, step.count, `${layerOf(step).identifier}_table`, y)];
    case 'add':
      return [call('add', x, buffers.pointer(step.b, 'int32'), step.count, step.leftShift[0], step.leftShift[1], y)];
    case 'maxPool2d':
    case 'avgPool2d': {
      const kernel = `${step.op === 'maxPool2d' ? 'max' : 'avg'}_pool2d_${SUFFIX[step.element]}`;
      return [call(kernel, `&${layerOf(step).identifier}_layer`, x, y)];
    }
    case 'crop':
      return [
        call(`crop_${SUFFIX[step.element]}`, x, step.width, step.top, step.left, step.outHeight, step.outWidth, y),
      ];
    case 'keepFeatures':
      return [
        `${buffers.pointer(step.shifts, 'int8', 'shifts')}[${channel}] = ${call('keep_features', x, step.count, y)}`,
      ];
    case 'normalizeFeatures': {
      const shifts = buffers.pointer(step.shifts, 'int8', 'shifts');
      return [call('normalize_features', y, step.channels, step.count, shifts)];
    }
    case 'convChain': {
      const { identifier, name, description } = layerOf(step);
      const scratch = buffers.pointer(step.scratch, 'int32');
      return [
        `/* ${name}: ${description} */`,
        `${chainFunction(step.tables.kernel)}(${[`&${identifier}`, x, scratch, y].join(', ')});`,
      ];
    }
    case 'convNorm': {
      const { identifier, name, description } = layerOf(step);
      const scratch = buffers.pointer(step.scratch, 'int32');
      return [
        `/* ${name}: ${description}, up to ${cComment(step.node)} */`,
        call('conv_norm', `&${identifier}_layer`, x, scratch, y),
      ];
    }
    default:
      return step satisfies never;
  }
}

/** The description of a pooling that bnm_max_pool2d_* and bnm_avg_pool2d_* take. */
export function poolStruct(step: Pool2dStep, { identifier, name, description }: CLayer): string {
  const fields = [
    `.height = ${step.height}, .width = ${step.width}, .out_height = ${step.outHeight}, .out_width = ${step.outWidth}`,
    `.window_height = ${step.size[0]}, .window_width = ${step.size[1]}, .stride_y = ${step.stride[0]}, .stride_x = ${step.stride[1]}`,
    `.padding_y = ${step.padding[0]}, .padding_x = ${step.padding[1]}, .count_padding = ${Number(step.countPadding)}`,
  ];
  return `/* ${name}: ${description} */\nstatic const bnm_pool2d ${identifier}_layer = {\n${fields.map((line) => `  ${line},`).join('\n')}\n};\n`;
}

/** The description of a chain that bnm_conv_chain_* takes. */
export function chainStruct({ channels, shifts, layers }: ConvChainStep, { identifier }: CLayer): string {
  return `static const bnm_conv_chain ${identifier} = {(const uint8_t *)${identifier}_weights, ${channels}, {${shifts.join(', ')}}, ${layers.length}};\n`;
}

/** The description of a convolution that bnm_conv2d_* takes. */
export function convolutionStruct(step: Conv2dStep, layer: CLayer): string {
  return struct('bnm_conv2d', layer, convolutionFields(step, layer));
}

/** The description of a convolution with its ShiftNorm that bnm_conv_norm takes. */
export function convNormStruct(step: ConvNormStep, layer: CLayer): string {
  const { tables, weightBytes, shift, pools } = step;
  return struct('bnm_conv_norm_layer', layer, [
    `.conv = {\n    ${convolutionFields(step, layer).join(',\n    ')},\n  }`,
    `.list = ${listFunction(tables.kernel)}, .weight_bytes = ${weightBytes}, .shift = ${shift}, .pools = ${Number(pools)}`,
  ]);
}

function struct(type: string, { identifier }: CLayer, fields: readonly string[]): string {
  return `static const ${type} ${identifier}_layer = {\n${fields.map((line) => `  ${line},`).join('\n')}\n};\n`;
}

function convolutionFields(step: Conv2dStep | ConvNormStep, { identifier }: CLayer): readonly string[] {
  const { tables } = step;
  // The lists of Ternary codes need no unpacking, and firmware then has no such function.
  const isListed = step.op === 'convNorm' && step.weightBytes === 0;
  return [
    `.groups = ${step.groups}, .group_inputs = ${step.groupInputs}, .group_outputs = ${step.groupOutputs}`,
    `.height = ${step.height}, .width = ${step.width}, .out_height = ${step.outHeight}, .out_width = ${step.outWidth}`,
    `.kernel_height = ${step.kernel[0]}, .kernel_width = ${step.kernel[1]}, .stride_y = ${step.stride[0]}, .stride_x = ${step.stride[1]}`,
    `.padding_y = ${step.padding[0]}, .padding_x = ${step.padding[1]}`,
    `.row_bytes = ${step.rowBytes}, .unpack = ${isListed ? 0 : unpackFunction(tables.kernel)}, .weights = ${identifier}_weights`,
    `.output_shifts = ${tables.outputShifts ? `${identifier}_shifts` : 0}, .bias = ${tables.bias ? `${identifier}_bias` : 0}`,
  ];
}

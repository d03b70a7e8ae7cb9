// Program steps as C statements: one runtime call each, and loops over channels around them.
import {
  type Buffer,
  type ChannelsStep,
  elementTypes,
  type KernelStep,
  type Step,
} from '@bitnetmcu/mcu-runtime/internal';
import type { TensorType } from '@bitnetmcu/models/internal';
import type { BufferPointers } from './buffers.js';
import type { RuntimeCalls } from './runtime-calls.js';
import type { LayerSource } from './steps/c-step.js';
import { cStepOf } from './steps/index.js';

/** What all statements of a function are written with. */
export interface StatementContext {
  readonly buffers: BufferPointers;
  /** Of the steps that have tables. */
  readonly layers: ReadonlyMap<KernelStep, LayerSource>;
  readonly runtime: RuntimeCalls;
}

const ELEMENT_BYTES: Readonly<Record<TensorType, number>> = { int8: 1, int32: 4 };

/** The statements of one step, indented for the body of a function. */
export function stepStatements(step: Step, context: StatementContext): string[] {
  if (step.op === 'channels') return channelLoop(step, context);
  const types = elementTypes(step);
  const { buffers } = context;
  const operands = { x: buffers.pointer(step.x, types.x), y: buffers.pointer(step.y, types.y) };
  return kernelStatements(step, { ...operands, channel: '' }, context).map((line) => `  ${line}`);
}

function channelLoop(step: ChannelsStep, context: StatementContext): string[] {
  const { channels, chosen, sharing, xStride, yStride, body } = step;
  const group = sharing === 1 ? 'channel' : `(channel / ${sharing}u)`;
  const lines = [
    '',
    `  /* ${chosen ? `${chosen.count} of ` : ''}${channels} channels, one after another */`,
    `  for (uint16_t channel = 0; channel < ${channels}; channel++) {`,
  ];
  if (chosen) lines.push(`    if (${context.buffers.pointer(chosen.marks, 'int8', 'chosen')}[channel] == 0) continue;`);
  body.forEach((step, index) => {
    const types = elementTypes(step);
    const advance = (buffer: Buffer, type: TensorType, stride: number, index: string) => {
      const pointer = context.buffers.pointer(buffer, type);
      const elements = stride / ELEMENT_BYTES[type];
      return elements === 0 ? pointer : `${pointer} + ${elements === 1 ? index : `(uint32_t)${elements} * ${index}`}`;
    };
    const operands = {
      x: advance(step.x, types.x, index === 0 ? xStride : 0, group),
      y: advance(step.y, types.y, index === body.length - 1 ? yStride : 0, 'channel'),
    };
    lines.push(...kernelStatements(step, { ...operands, channel: 'channel' }, context).map((line) => `    ${line}`));
  });
  lines.push('  }', '');
  return lines;
}

/** `x` and `y` are pointers with what is to be added to them in a channel loop. */
function kernelStatements(
  step: KernelStep,
  operands: { readonly x: string; readonly y: string; readonly channel: string },
  { buffers, layers, runtime }: StatementContext,
): readonly string[] {
  const site = { ...operands, pointer: buffers.pointer.bind(buffers), runtime };
  const definition = cStepOf(step);
  return 'layer' in definition
    ? definition.statements(step, site, layers.get(step)!.layer)
    : definition.statements(step, site);
}

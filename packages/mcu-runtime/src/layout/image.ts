// Program + buffer plan → the bytes that bnm_run walks, as c/include/bnm_image.h describes them.
import { RuntimeError } from '../errors.js';
import type { BufferPlan } from './buffer-plan.js';
import { MAX_COUNT } from './limits.js';
import type { Buffer, Conv2dStep, ConvNormStep, KernelStep, LayerTables, Program, Step } from './program.js';

/** The first 32 bits of the SHA-256 of c/include/bnm_image.h: a compiled runtime that says another number walks other records. */
export const IMAGE_FORMAT = 0xf9fa3874;

const MAGIC = 0x314d4e42;
const HEADER_BYTES = 16;
const BUFFER_INPUT = 0xffffffff;
const BUFFER_LOGITS = 0xfffffffe;
const TABLE_ALIGNMENT = 4;
/** Of ram: what a part with 32-bit addresses can count without a sign. */
const MAX_BYTES = 2 ** 31 - 1;

/** BNM_OP_*. */
const OPS = {
  channels: 0,
  linear: 1,
  conv2d: { int8: 2, int32: 3 },
  shiftNormRelu: 4,
  maxAbsNormRelu: 16,
  widen: 5,
  reluShift: 6,
  requantize: { int8: 7, int32: 8 },
  add: 9,
  maxPool2d: { int8: 10, int32: 11 },
  avgPool2d: { int8: 12, int32: 13 },
  crop: { int8: 14, int32: 15 },
  convChain: 17,
  convNorm: 18,
  keepFeatures: 19,
  normalizeFeatures: 20,
  lookup: 21,
} as const;

/** Bytes from `start` up to `end` that nothing may read or write. */
export interface Guard {
  readonly start: number;
  readonly end: number;
}

/** How much memory that belongs to nobody lies behind each buffer and table of a guarded image, and where it may end. */
export const GUARD_BYTES = 32;
export const GUARD_ALIGNMENT = 8;

/**
 * @param inputs elements of one sample
 * @param guards gets the bytes behind each table, where there are to be any: tables then stand apart
 * @throws RuntimeError `model-too-large` where there are more records or bytes than the header can count
 */
export function writeImage(program: Program, plan: BufferPlan, inputs: number, guards?: Guard[]): Uint8Array {
  const writer = new ImageWriter(plan, guards);
  for (const step of program.steps) writer.step(step);
  return writer.finish(program, inputs);
}

class ImageWriter {
  private readonly records: Uint8Array[] = [];
  private readonly tables: Uint8Array[] = [];
  private tableBytes = 0;
  /** Places in records that hold an offset from the start of the tables; the start is known at the end. */
  private readonly tableReferences: { record: DataView; at: number }[] = [];

  constructor(
    private readonly plan: BufferPlan,
    private readonly guards: Guard[] | undefined,
  ) {}

  step(step: Step): void {
    if (step.op !== 'channels') {
      this.kernel(step);
      return;
    }
    const record = this.record(OPS.channels, 16, step.channels);
    record.setUint32(4, step.xStride, true);
    record.setUint32(8, step.yStride, true);
    record.setUint16(12, step.body.length, true);
    for (const inner of step.body) this.kernel(inner);
  }

  finish({ steps, outputs }: Program, inputs: number): Uint8Array {
    const topLevel = steps.length;
    if (topLevel > MAX_COUNT) {
      throw new RuntimeError(
        'model-too-large',
        `The model has ${topLevel} steps; the runtime counts up to ${MAX_COUNT}.`,
      );
    }
    if (this.plan.ramBytes > MAX_BYTES) {
      throw new RuntimeError(
        'model-too-large',
        `The model's buffers take ${this.plan.ramBytes} bytes; the runtime addresses ${MAX_BYTES}. Use smaller maps or less padding.`,
      );
    }
    const recordBytes = this.records.reduce((sum, record) => sum + record.length, 0);
    const alignment = this.guards === undefined ? TABLE_ALIGNMENT : GUARD_ALIGNMENT;
    const tableStart = align(HEADER_BYTES + recordBytes, alignment);
    this.guards?.forEach(({ start, end }, i, all) => {
      all[i] = { start: tableStart + start, end: tableStart + end };
    });
    for (const { record, at } of this.tableReferences) {
      record.setUint32(at, record.getUint32(at, true) + tableStart, true);
    }
    const image = new Uint8Array(tableStart + this.tableBytes);
    const header = new DataView(image.buffer);
    header.setUint32(0, MAGIC, true);
    header.setUint16(4, topLevel, true);
    header.setUint16(6, outputs, true);
    header.setUint32(8, this.plan.ramBytes, true);
    header.setUint32(12, inputs, true);
    const setAll = (parts: readonly Uint8Array[], start: number) => {
      parts.reduce((at, part) => {
        image.set(part, at);
        return at + part.length;
      }, start);
    };
    setAll(this.records, HEADER_BYTES);
    setAll(this.tables, tableStart);
    return image;
  }

  private kernel(step: KernelStep): void {
    switch (step.op) {
      case 'linear': {
        const record = this.record(OPS.linear, 28, step.outputs, step);
        record.setUint16(12, step.inputs, true);
        record.setUint8(14, step.tables.kernel);
        this.layerTables(record, 16, step.tables);
        return;
      }
      case 'conv2d':
        this.convolution(step, this.record(OPS.conv2d[step.element], 52, 0, step), step.taps);
        return;
      case 'convNorm': {
        const record = this.record(OPS.convNorm, 56, 0, step);
        this.convolution(step, record, step.scratch);
        record.setUint8(52, step.shift);
        record.setUint8(53, Number(step.pools));
        record.setUint16(54, step.weightBytes, true);
        return;
      }
      case 'shiftNormRelu':
      case 'maxAbsNormRelu':
      case 'widen':
        this.record(OPS[step.op], 12, step.count, step);
        return;
      case 'reluShift':
        this.record(OPS.reluShift, 16, step.count, step).setUint8(12, step.shift);
        return;
      case 'requantize': {
        const record = this.record(OPS.requantize[step.element], 24, step.count, step);
        record.setUint8(12, step.shift);
        record.setInt32(16, step.min, true);
        record.setInt32(20, step.max, true);
        return;
      }
      case 'lookup':
        this.table(this.record(OPS.lookup, 16, step.count, step), 12, new Uint8Array(step.table.buffer));
        return;
      case 'add': {
        const record = this.record(OPS.add, 20, step.count, step);
        record.setUint8(12, step.leftShift[0]);
        record.setUint8(13, step.leftShift[1]);
        record.setUint32(16, this.address(step.b), true);
        return;
      }
      case 'maxPool2d':
      case 'avgPool2d': {
        const record = this.record(OPS[step.op][step.element], 28, 0, step);
        [step.height, step.width, step.outHeight, step.outWidth].forEach((count, i) => {
          record.setUint16(12 + 2 * i, count, true);
        });
        const bytes = [...step.size, ...step.stride, ...step.padding, Number(step.countPadding)];
        bytes.forEach((byte, i) => {
          record.setUint8(20 + i, byte);
        });
        return;
      }
      case 'crop': {
        const record = this.record(OPS.crop[step.element], 24, 0, step);
        [step.width, step.outHeight, step.outWidth, step.top, step.left].forEach((count, i) => {
          record.setUint16(12 + 2 * i, count, true);
        });
        return;
      }
      case 'convChain': {
        const record = this.record(OPS.convChain, 28, step.channels, step);
        [...step.shifts, step.tables.kernel].forEach((byte, i) => {
          record.setUint8(12 + i, byte);
        });
        record.setUint32(16, this.address(step.scratch), true);
        this.table(record, 20, step.tables.weights);
        record.setUint8(24, step.layers.length);
        return;
      }
      case 'keepFeatures':
        this.record(OPS.keepFeatures, 16, step.count, step).setUint32(12, this.address(step.shifts), true);
        return;
      case 'normalizeFeatures': {
        const record = this.record(OPS.normalizeFeatures, 20, step.count, step);
        record.setUint32(12, this.address(step.shifts), true);
        record.setUint16(16, step.channels, true);
        return;
      }
      default:
        step satisfies never;
    }
  }

  /** What a convolution's records have in common. */
  private convolution(step: Conv2dStep | ConvNormStep, record: DataView, scratch: Buffer): void {
    const { groups, groupInputs, groupOutputs, height, width, outHeight, outWidth } = step;
    [groups, groupInputs, groupOutputs, height, width, outHeight, outWidth].forEach((count, i) => {
      record.setUint16(12 + 2 * i, count, true);
    });
    const bytes = [...step.kernel, ...step.stride, ...step.padding];
    bytes.forEach((byte, i) => {
      record.setUint8(26 + i, byte);
    });
    record.setUint16(32, step.rowBytes, true);
    record.setUint8(34, step.tables.kernel);
    record.setUint32(36, this.address(scratch), true);
    this.layerTables(record, 40, step.tables);
  }

  private record(op: number, bytes: number, n: number, buffers?: { readonly x: Buffer; readonly y: Buffer }): DataView {
    const record = new Uint8Array(bytes);
    this.records.push(record);
    const view = new DataView(record.buffer);
    view.setUint8(0, op);
    view.setUint8(1, bytes / 4);
    view.setUint16(2, n, true);
    if (buffers) {
      view.setUint32(4, this.address(buffers.x), true);
      view.setUint32(8, this.address(buffers.y), true);
    }
    return view;
  }

  private address(buffer: Buffer): number {
    switch (buffer.place) {
      case 'input':
        return BUFFER_INPUT;
      case 'logits':
        return BUFFER_LOGITS;
      case 'ram':
        return this.plan.offsets.get(buffer)!;
      default:
        return buffer.place satisfies never;
    }
  }

  /** Offsets of weights, output shifts and bias; absent tables keep 0. */
  private layerTables(record: DataView, at: number, { weights, outputShifts, bias }: LayerTables): void {
    this.table(record, at, weights);
    if (outputShifts) this.table(record, at + 4, outputShifts);
    if (bias) this.table(record, at + 8, littleEndian(bias));
  }

  private table(record: DataView, at: number, bytes: Uint8Array): void {
    record.setUint32(at, this.tableBytes, true);
    this.tableReferences.push({ record, at });
    const size =
      this.guards === undefined
        ? align(bytes.length, TABLE_ALIGNMENT)
        : align(bytes.length + GUARD_BYTES, GUARD_ALIGNMENT);
    this.guards?.push({ start: this.tableBytes + bytes.length, end: this.tableBytes + size });
    const padded = new Uint8Array(size);
    padded.set(bytes);
    this.tables.push(padded);
    this.tableBytes += padded.length;
  }
}

function littleEndian(values: Int32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setInt32(4 * i, value, true);
  });
  return bytes;
}

function align(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

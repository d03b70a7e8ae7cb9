// Program + buffer plan → the bytes that bnm_run walks, as records.ts lays them out.
import { RuntimeError } from '../errors.js';
import { unknownValue } from '../unknown-value.js';
import type { BufferPlan } from './buffer-plan.js';
import { checkFields } from './limits.js';
import type { KernelStep, Program, Step } from './program.js';
import {
  CHANNELS,
  CHANNELS_RECORD,
  IMAGE_HEAD,
  IMAGE_HEAD_BYTES,
  KERNEL_HEAD,
  KERNEL_RECORDS,
  type PlacedField,
  placeFields,
  RECORD_HEAD,
} from './records.js';
import type { Buffer } from './step.js';
import { definitionOf } from './steps.js';

const MAGIC = 0x314d4e42;
const BUFFER_INPUT = 0xffffffff;
const BUFFER_LOGITS = 0xfffffffe;
const BUFFER_NONE = 0xfffffffd;
const TABLE_ALIGNMENT = 4;
/** Of ram: what a part with 32-bit addresses can count without a sign. */
const MAX_BYTES = 2 ** 31 - 1;

type FieldValue = number | Buffer | Uint8Array | undefined;
type Values = Readonly<Record<string, FieldValue>>;

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
 * @throws RuntimeError `model-too-large` where a number is more than its field can hold
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
    const { channels, chosen, sharing, xStride, yStride, body } = step;
    const { bytes, fields } = CHANNELS_RECORD;
    const head = { op: CHANNELS.numbers.CHANNELS, words: bytes / 4, n: channels };
    const who = `Node "${body[0]!.node}"`;
    this.record(who, bytes, [...placeFields(RECORD_HEAD, 0).fields, ...fields], {
      ...head,
      ...{ xStride, yStride, chosen: chosen?.marks, steps: body.length, sharing },
    });
    for (const inner of body) this.kernel(inner);
  }

  finish({ steps, outputs }: Program, inputs: number): Uint8Array {
    const topLevel = steps.length;
    if (this.plan.ramBytes > MAX_BYTES) {
      throw new RuntimeError(
        'model-too-large',
        `The model's buffers take ${this.plan.ramBytes} bytes; the runtime addresses ${MAX_BYTES}. Use smaller maps or less padding.`,
      );
    }
    const recordBytes = this.records.reduce((sum, record) => sum + record.length, 0);
    const alignment = this.guards === undefined ? TABLE_ALIGNMENT : GUARD_ALIGNMENT;
    const tableStart = align(IMAGE_HEAD_BYTES + recordBytes, alignment);
    this.guards?.forEach(({ start, end }, i, all) => {
      all[i] = { start: tableStart + start, end: tableStart + end };
    });
    for (const { record, at } of this.tableReferences) {
      record.setUint32(at, record.getUint32(at, true) + tableStart, true);
    }
    const image = new Uint8Array(tableStart + this.tableBytes);
    const header = { magic: MAGIC, records: topLevel, outputs, ramBytes: this.plan.ramBytes, inputs };
    this.write('The model', new DataView(image.buffer), placeFields(IMAGE_HEAD, 0).fields, header);
    const setAll = (parts: readonly Uint8Array[], start: number) => {
      parts.reduce((at, part) => {
        image.set(part, at);
        return at + part.length;
      }, start);
    };
    setAll(this.records, IMAGE_HEAD_BYTES);
    setAll(this.tables, tableStart);
    return image;
  }

  private kernel(step: KernelStep): void {
    const definition = definitionOf(step);
    const { bytes, fields } = KERNEL_RECORDS[step.op];
    const head = { op: definition.number(step), words: bytes / 4, n: definition.n(step), x: step.x, y: step.y };
    // The head's names are no field's.
    this.record(
      `Node "${step.node}"`,
      bytes,
      placeFields(KERNEL_HEAD, 0).fields,
      head,
      fields,
      definition.values(step),
    );
  }

  private record(
    who: string,
    bytes: number,
    head: readonly PlacedField[],
    headValues: Values,
    fields: readonly PlacedField[] = [],
    values: Values = {},
  ): void {
    const record = new Uint8Array(bytes);
    this.records.push(record);
    const view = new DataView(record.buffer);
    this.write(who, view, head, headValues);
    this.write(who, view, fields, values);
  }

  private write(who: string, view: DataView, fields: readonly PlacedField[], values: Values): void {
    checkFields(who, Object.fromEntries(fields.map(({ name, type }) => [name, type])), values);
    for (const { name, type: kind, at } of fields) {
      const value = values[name];
      switch (kind) {
        case 'u8':
          view.setUint8(at, value as number);
          break;
        case 'u16':
          view.setUint16(at, value as number, true);
          break;
        case 'u32':
          view.setUint32(at, value as number, true);
          break;
        case 'i32':
          view.setInt32(at, value as number, true);
          break;
        case 'buffer':
          view.setUint32(at, this.address(value as Buffer), true);
          break;
        case 'optionalBuffer':
          view.setUint32(at, value === undefined ? BUFFER_NONE : this.address(value as Buffer), true);
          break;
        case 'table':
          if (value !== undefined) this.table(view, at, value as Uint8Array);
          break;
        default:
          throw unknownValue('type of field', kind);
      }
    }
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
        throw unknownValue('place of a buffer', buffer.place);
    }
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

function align(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

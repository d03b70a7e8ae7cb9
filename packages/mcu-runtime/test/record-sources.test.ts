// The header of records is what src/lowering says. `npm run build:records` runs this file with --update, which writes it.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordHeader } from '../kernels/record-header.js';
import { CHANNELS_RECORD, IMAGE_HEAD_BYTES, KERNEL_RECORDS, placeFields } from '../src/lowering/records.js';

describe('the records of images', () => {
  it('are in C what they are here', async () => {
    await expect(recordHeader()).toMatchFileSnapshot(join(import.meta.dirname, '..', 'c', 'include', 'bnm_records.h'));
  });

  it('have each field at a multiple of its size', () => {
    const fields = { a: 'u8', b: 'u16', c: 'u8', d: 'buffer', e: 'u8' } as const;
    const { fields: placed, bytes } = placeFields(fields, 12);
    expect(placed.map(({ at }) => at)).toEqual([12, 14, 16, 20, 24]);
    expect(bytes).toBe(28);
  });

  // By hand from the list of their fields.
  it('keep their lengths', () => {
    const lengths = Object.entries(KERNEL_RECORDS).map(([op, { bytes }]) => [op, bytes]);
    expect(Object.fromEntries(lengths)).toMatchObject({
      linear: 28,
      conv2d: 52,
      shiftNormRelu: 12,
      requantize: 24,
      add: 20,
      maxPool2d: 28,
      crop: 24,
      convChain: 32,
      convNorm: 68,
    });
    expect(CHANNELS_RECORD.bytes).toBe(20);
    expect(IMAGE_HEAD_BYTES).toBe(16);
  });
});

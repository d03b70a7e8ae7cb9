// Files for tests of data readers: a folder of its own, .npy arrays as NumPy writes them, stored .npz archives.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that is gone after the tests of a file, and how files get there. */
export function dataFolder(): { path: string; save(name: string, content: Uint8Array | string): string } {
  const path = mkdtempSync(join(tmpdir(), 'bitnetmcu-data-'));
  afterAll(() => rmSync(path, { recursive: true }));
  return {
    path,
    save(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
  };
}

const DESCRIPTIONS = [
  [Uint8Array, '|u1'],
  [Int16Array, '<i2'],
  [Int32Array, '<i4'],
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
] as const;

/** A .npy file of version 1.0 in C order. */
export function npy(
  values: Uint8Array | Int16Array | Int32Array | Float32Array | Float64Array,
  ...dimensions: number[]
): Buffer {
  const descr = DESCRIPTIONS.find(([type]) => values instanceof type)![1];
  const shape = dimensions.length === 1 ? `${dimensions[0]},` : dimensions.join(', ');
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117, ' ').concat('\n');
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]),
    Buffer.from(header),
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  ]);
}

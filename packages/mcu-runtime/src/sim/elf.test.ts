// The ELF loader: a file put together by hand, and 10 000 damaged ones.
import { describe, expect, it } from 'vitest';
import { readElf } from './elf.js';
import { SimulatorError } from './errors.js';

/** Code of 4 bytes, data of 2 bytes in RAM with 6 bytes of zeros behind it, symbols `main` (function) and `counter` (object). */
function handMade(): Uint8Array {
  const file = new Uint8Array(512);
  const view = new DataView(file.buffer);
  const names = '\0main\0counter\0.Llocal\0';
  const words = (at: number, values: number[]) => {
    for (const [i, value] of values.entries()) view.setUint32(at + 4 * i, value, true);
  };
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 243, true);
  words(20, [1, 0x0800_0000, 52, 256, 0]);
  for (const [i, value] of [52, 32, 2, 40, 3, 2].entries()) view.setUint16(40 + 2 * i, value, true);
  words(52, [1, 128, 0x0800_0000, 0x0800_0000, 4, 4, 5, 4]);
  words(84, [1, 132, 0x2000_0000, 0x0800_0004, 2, 8, 6, 4]);
  file.set([0x82, 0x80, 0x01, 0x00, 0xaa, 0xbb], 128);
  words(256 + 40, [0, 2, 0, 0, 144, 64, 2, 0, 4, 16]); // symbol table
  words(256 + 80, [0, 3, 0, 0, 208, names.length, 0, 0, 1, 0]); // its names
  const symbol = (i: number, name: number, address: number, size: number, type: number) => {
    words(144 + 16 * i, [name, address, size]);
    file[144 + 16 * i + 12] = type;
    view.setUint16(144 + 16 * i + 14, 1, true);
  };
  symbol(1, 6, 0x2000_0000, 2, 1);
  symbol(2, 1, 0x0800_0000, 4, 2);
  symbol(3, 14, 0x0800_0002, 0, 0);
  file.set(new TextEncoder().encode(names), 208);
  return file;
}

describe('readElf', () => {
  it('reads segments and symbols', () => {
    const program = readElf(handMade());
    expect(program.entry).toBe(0x0800_0000);
    expect(program.segments).toEqual([
      { address: 0x0800_0000, loadAddress: 0x0800_0000, bytes: Uint8Array.of(0x82, 0x80, 0x01, 0x00), size: 4 },
      { address: 0x2000_0000, loadAddress: 0x0800_0004, bytes: Uint8Array.of(0xaa, 0xbb), size: 8 },
    ]);
    expect(program.symbols).toEqual([
      { name: 'main', address: 0x0800_0000, size: 4, kind: 'function' },
      { name: 'counter', address: 0x2000_0000, size: 2, kind: 'object' },
    ]);
  });

  it('refuses other files by name of what is wrong', () => {
    const damaged = (at: number, value: number) => {
      const file = handMade();
      file[at] = value;
      return file;
    };
    expect(() => readElf(new Uint8Array(10))).toThrow('10 bytes');
    expect(() => readElf(damaged(0, 0))).toThrow('magic');
    expect(() => readElf(damaged(4, 2))).toThrow('32-bit');
    expect(() => readElf(damaged(18, 40))).toThrow('Machine 40');
    expect(() => readElf(damaged(16, 1))).toThrow('File type 1');
    expect(() => readElf(damaged(53 + 4, 99))).toThrow('beyond');
    expect(() => readElf(handMade().subarray(0, 200))).toThrow('beyond');
  });

  it('refuses a program that calls what is nowhere; a weak symbol may be', () => {
    const infoOfMain = 144 + 16 * 2 + 12;
    const withoutMain = (info: number) => {
      const file = handMade();
      file[infoOfMain] = info;
      new DataView(file.buffer).setUint16(infoOfMain + 2, 0, true);
      return file;
    };
    expect(() => readElf(withoutMain(0x10))).toThrow('main is not defined');
    expect(readElf(withoutMain(0x20)).symbols.map(({ name }) => name)).toEqual(['counter']);
  });

  it('gives a program or a typed error for 10 000 damaged files', () => {
    const good = handMade();
    let state = 12345;
    const below = (n: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
    let refused = 0;
    for (let i = 0; i < 10_000; i++) {
      const file = good.slice(0, below(3) === 0 ? below(good.length) : good.length);
      const flips = 1 + below(6);
      for (let k = 0; k < flips && file.length > 0; k++) file[below(Math.min(file.length, 400))] = below(256);
      try {
        readElf(file);
      } catch (error) {
        expect(error).toBeInstanceOf(SimulatorError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(3000);
  });
});

// Thumb instructions of 32 bits (Armv7-M Architecture Reference Manual, A5.3): which file decodes one, and branches.

import { hint } from './decode16-miscellaneous.js';
import { modifiedImmediate, plainImmediate, registerOperation, shiftedRegister } from './decode32-data.js';
import { dualOrTable, loadOrStore, severalRegisters } from './decode32-memory.js';
import { longMultiply, shortMultiply } from './decode32-multiply.js';
import { branch, type Decoded, jump, system } from './decoded.js';
import { LR } from './state.js';

/** @param hasDsp the DSP extension: multiplications of halfwords, saturation of pairs (Armv7E-M, Armv8-M with DSP) */
export function decode32(h1: number, h2: number, address: number, hasDsp: boolean): Decoded | undefined {
  if ((h1 & 0xfe40) === 0xe800) return severalRegisters(h1, h2);
  if ((h1 & 0xfe40) === 0xe840) return dualOrTable(h1, h2, address);
  if ((h1 & 0xfe00) === 0xea00) return shiftedRegister(h1, h2, hasDsp);
  if ((h1 & 0xf800) === 0xf000) {
    if (h2 & 0x8000) return branchOrSystem(h1, h2, address);
    return h1 & 0x200 ? plainImmediate(h1, h2, address) : modifiedImmediate(h1, h2);
  }
  if ((h1 & 0xfe00) === 0xf800) return loadOrStore(h1, h2, address);
  if ((h1 & 0xff00) === 0xfa00) return registerOperation(h1, h2, hasDsp);
  if ((h1 & 0xff80) === 0xfb00) return shortMultiply(h1, h2, hasDsp);
  if ((h1 & 0xff80) === 0xfb80) return longMultiply(h1, h2, hasDsp);
  return undefined;
}

function branchOrSystem(h1: number, h2: number, address: number): Decoded | undefined {
  const pc = address + 4;
  const s = (h1 >> 10) & 1;
  const [j1, j2] = [(h2 >> 13) & 1, (h2 >> 11) & 1];
  if (h2 & 0x1000) {
    const [i1, i2] = [1 ^ j1 ^ s, 1 ^ j2 ^ s];
    const offset = (-s << 24) | (i1 << 23) | (i2 << 22) | ((h1 & 0x3ff) << 12) | ((h2 & 0x7ff) << 1);
    const target = (pc + offset) >>> 0;
    const isLinking = (h2 & 0x4000) !== 0;
    return jump(2, (state) => {
      if (isLinking) state.r[LR] = pc | 1;
      state.next = target;
    });
  }
  if (h2 & 0x4000) return undefined;
  const condition = (h1 >> 6) & 15;
  if (condition < 14) {
    const offset = (-s << 20) | (j2 << 19) | (j1 << 18) | ((h1 & 0x3f) << 12) | ((h2 & 0x7ff) << 1);
    const target = (pc + offset) >>> 0;
    return branch(2, (state) => {
      if (state.holds(condition)) state.next = target;
    });
  }
  // Of the special registers nothing is modelled: interrupts are off, and there is one stack.
  if ((h1 & 0xffe0) === 0xf380 || h1 === 0xf3bf) return system(2, () => {});
  if (h1 === 0xf3ef) {
    return system(2, (state) => {
      state.r[(h2 >> 8) & 15] = 0;
    });
  }
  return h1 === 0xf3af ? { ...hint(h2 & 15), halves: 2 } : undefined;
}

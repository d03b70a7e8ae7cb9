// WCH CH32V002: the CH32V003 with a multiplier, twice the RAM and slower flash.
import { ch32v00x, QINGKE_V2C } from '../ch32v00x.js';
import { FAST, FAST_SIZE, LTO, PLAIN, riscvCompiler } from '../kernel-building.js';
import type { Part } from '../part.js';

export const ch32v002 = ch32v00x({
  name: 'ch32v002',
  description: 'WCH CH32V002: QingKe V2C, RV32EmC, multiplier, 48 MHz, 16 kB flash, 4 kB RAM',
  sources: ['CH32V002 data sheet, CH32V00X reference manual (WCH)', 'QingKe V2 processor manual (WCH)'],
  core: QINGKE_V2C,
  flash: { size: 16 * 1024, waitStates: 2 },
  ram: { size: 4 * 1024 },
  lastInterrupt: 38,
  // GCC 12 emits no mul for rv32ec_zmmul; m with -mno-div does. The two flags for size save 40 bytes where there is a multiplier, and
  // nothing where there is none.
  compiler: riscvCompiler(
    ['-march=rv32emc', '-mno-div', '-mabi=ilp32e'],
    ['-fno-caller-saves', '-fno-guess-branch-probability'],
  ),
  kernels: {
    variants: [
      // 4 kB of RAM: there is room for more than the inner loops.
      {
        name: 'fast',
        description: 'fast kernels, inner loops and what surrounds them in RAM',
        layout: 'mul',
        ...FAST,
        inRam: 2,
      },
      {
        name: 'fast-chain',
        description: 'fast kernels, in RAM inner loops and what a chain of convolutions runs once for each channel',
        layout: 'mul',
        ...FAST,
        inRam: 'chain',
      },
      {
        name: 'fast-loops',
        description: 'fast kernels, only inner loops in RAM',
        layout: 'mul',
        ...FAST,
        inRam: 1,
      },
      {
        name: 'fast-small',
        description: 'fast kernels of one family for linear layers, for little flash; inner loops in RAM',
        layout: 'mul-small',
        ...FAST,
        inRam: 1,
      },
      {
        name: 'fast-chain-lto',
        description: `the same, ${LTO}`,
        layout: 'mul',
        ...FAST_SIZE,
        inRam: 'chain',
        lto: true,
      },
      {
        name: 'fast-loops-lto',
        description: `fast kernels, inner loops in RAM, ${LTO}`,
        layout: 'mul',
        ...FAST_SIZE,
        inRam: 1,
        lto: true,
      },
      {
        name: 'fast-small-loops-lto',
        description: `fast kernels of one family for linear layers, inner loops in RAM, ${LTO}`,
        layout: 'mul-small',
        ...FAST_SIZE,
        inRam: 1,
        lto: true,
      },
      {
        name: 'fast-flash',
        description: 'fast kernels, all in flash',
        layout: 'mul',
        ...FAST,
      },
      {
        name: 'fast-small-flash',
        description: 'fast kernels of one family for linear layers, all in flash',
        layout: 'mul-small',
        ...FAST,
      },
      {
        name: 'fast-small-lto',
        description: `the same, ${LTO}`,
        layout: 'mul-small',
        ...FAST_SIZE,
        lto: true,
      },
      {
        name: 'fast-conv',
        description: 'fast kernels for convolutions, inner loops in RAM, plain ones for linear layers',
        layout: 'mul-conv',
        ...FAST,
        inRam: 1,
      },
      {
        name: 'fast-conv-loops-lto',
        description: `the same, ${LTO}`,
        layout: 'mul-conv',
        ...FAST_SIZE,
        inRam: 1,
        lto: true,
      },
      {
        name: 'fast-conv-flash',
        description: 'fast kernels for convolutions, plain ones for linear layers, all in flash',
        layout: 'mul-conv',
        ...FAST,
      },
      {
        name: 'fast-conv-lto',
        description: `the same, ${LTO}`,
        layout: 'mul-conv',
        ...FAST_SIZE,
        lto: true,
      },
      { ...PLAIN, description: 'portable C, -Os, all in flash' },
      { ...PLAIN, name: 'plain-lto', description: `the same, ${LTO}`, lto: true },
    ],
    onRequest: [
      {
        name: 'fast-coded',
        description: 'fast kernels, but layers that prefix codes make much smaller coded; inner loops in RAM',
        layout: 'mul-coded',
        ...FAST,
        inRam: 1,
      },
      {
        name: 'coded',
        description: 'coded weights of linear layers, for little flash; the loop over them in RAM',
        layout: 'coded',
        ...FAST,
        inRam: 1,
      },
    ],
  },
}) satisfies Part;

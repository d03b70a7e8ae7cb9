// WCH CH32V003: the smallest of all, and without a multiplier.
import { ch32v00x, QINGKE_V2A } from '../ch32v00x.js';
import { FAST, FAST_SIZE, LTO, PLAIN, riscvCompiler } from '../kernel-building.js';
import type { Part } from '../part.js';

export const ch32v003 = ch32v00x({
  name: 'ch32v003',
  description: 'WCH CH32V003: QingKe V2A, RV32EC, no multiplier, 48 MHz, 16 kB flash, 2 kB RAM',
  sources: ['CH32V003 data sheet and reference manual (WCH)', 'QingKe V2 processor manual (WCH)'],
  core: QINGKE_V2A,
  flash: { size: 16 * 1024, waitStates: 1 },
  ram: { size: 2 * 1024 },
  lastInterrupt: 38,
  compiler: riscvCompiler(['-march=rv32ec', '-mabi=ilp32e']),
  // 2 kB of RAM: what runs from there gains 3 % and takes 600 bytes, so that it is asked for by name.
  kernels: {
    variants: [
      {
        name: 'fast-flash',
        description: 'fast kernels, all in flash',
        layout: 'nomul',
        ...FAST,
      },
      {
        name: 'fast-flash-size',
        description: 'the same, compiled for size',
        layout: 'nomul',
        ...FAST_SIZE,
      },
      {
        name: 'fast-flash-lto',
        description: `the same, ${LTO}`,
        layout: 'nomul',
        ...FAST_SIZE,
        lto: true,
      },
      {
        name: 'fast-small',
        description: 'fast kernels of one family for linear layers, for little flash',
        layout: 'nomul-small',
        ...FAST,
      },
      {
        name: 'fast-small-size',
        description: 'the same, compiled for size',
        layout: 'nomul-small',
        ...FAST_SIZE,
      },
      {
        name: 'fast-small-lto',
        description: `the same, ${LTO}`,
        layout: 'nomul-small',
        ...FAST_SIZE,
        lto: true,
      },
      {
        name: 'fast-conv-flash',
        description: 'fast kernels for convolutions, plain ones for linear layers, all in flash',
        layout: 'nomul-conv',
        ...FAST,
      },
      {
        name: 'fast-conv-lto',
        description: `the same, ${LTO}`,
        layout: 'nomul-conv',
        ...FAST_SIZE,
        lto: true,
      },
      { ...PLAIN, description: 'portable C, -Os, all in flash' },
      { ...PLAIN, name: 'plain-lto', description: `the same, ${LTO}`, lto: true },
    ],
    onRequest: [
      {
        name: 'fast',
        description: 'fast kernels, inner loops in RAM',
        layout: 'nomul',
        ...FAST,
        inRam: 1,
      },
      {
        name: 'fast-coded',
        description: 'fast kernels, but layers that prefix codes make much smaller coded; all in flash',
        layout: 'nomul-coded',
        ...FAST,
      },
      {
        name: 'coded',
        description: 'coded weights of linear layers, for little flash; the loop over them in RAM',
        layout: 'coded',
        ...FAST,
        inRam: 1,
      },
      {
        name: 'coded-flash',
        description: 'the same, all in flash',
        layout: 'coded',
        ...FAST,
      },
    ],
  },
}) satisfies Part;

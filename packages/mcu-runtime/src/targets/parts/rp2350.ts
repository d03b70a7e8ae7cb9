// Raspberry Pi RP2350, as on a Pico 2, with its Cortex-M33: code and weights run from RAM, as on the RP2040.
import { CORTEX_M33_TIMING } from '../cortex-m-timing.js';
import { CORTEX_M_CODE, cortexMCompiler, WITH_MULTIPLIER } from '../kernel-building.js';
import type { Part } from '../part.js';

export const rp2350 = {
  name: 'rp2350',
  description:
    'Raspberry Pi RP2350: Cortex-M33 with DSP, 150 MHz, 4 MB flash (Pico 2), 520 kB RAM; code and weights run from RAM',
  sources: ['RP2350 data sheet (Raspberry Pi)', 'Cortex-M33 technical reference manual (Arm 100230)'],
  core: { kind: 'cortex-m', dsp: true, timing: CORTEX_M33_TIMING },
  clockHz: 150_000_000,
  // Nothing but start-up code runs from there.
  flash: { base: 0x1000_0000, size: 4 * 1024 * 1024, waitStates: 0 },
  ram: { base: 0x2000_0000, size: 520 * 1024 },
  weightsIn: 'ram',
  constantsIn: 'ram',
  compiler: {
    ...cortexMCompiler(['-mcpu=cortex-m33', '-mthumb', '-mfloat-abi=soft']),
    // Code runs from 520 kB of RAM.
    size: ['-O2'],
  },
  kernels: WITH_MULTIPLIER,
  code: CORTEX_M_CODE,
} as const satisfies Part;

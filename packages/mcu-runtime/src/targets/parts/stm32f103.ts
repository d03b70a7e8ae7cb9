// ST STM32F103: a Cortex-M3, without the DSP extension.
import { CORTEX_M3_TIMING } from '../cortex-m-timing.js';
import { CORTEX_M_CODE, cortexMCompiler, WITH_MULTIPLIER } from '../kernel-building.js';
import type { Part } from '../part.js';

export const stm32f103 = {
  name: 'stm32f103',
  description: 'ST STM32F103C8: Cortex-M3, 72 MHz, 64 kB flash, 20 kB RAM',
  sources: ['STM32F103x8 data sheet (ST DS5319)', 'Cortex-M3 technical reference manual r2p0 (Arm DDI 0337)'],
  core: { kind: 'cortex-m', dsp: false, timing: CORTEX_M3_TIMING },
  clockHz: 72_000_000,
  // Two of its own at this clock, which its prefetch buffer is taken to hide.
  flash: { base: 0x0800_0000, size: 64 * 1024, waitStates: 0 },
  ram: { base: 0x2000_0000, size: 20 * 1024 },
  weightsIn: 'flash',
  constantsIn: 'flash',
  compiler: cortexMCompiler(['-mcpu=cortex-m3', '-mthumb']),
  kernels: WITH_MULTIPLIER,
  code: CORTEX_M_CODE,
} as const satisfies Part;

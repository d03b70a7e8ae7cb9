// ST STM32F405: a Cortex-M4 with the DSP extension; its floating point is not used.
import { CORTEX_M4_TIMING } from '../cortex-m-timing.js';
import { CORTEX_M_CODE, cortexMCompiler, WITH_MULTIPLIER } from '../kernel-building.js';
import type { Part } from '../part.js';

export const stm32f405 = {
  name: 'stm32f405',
  description: 'ST STM32F405RG: Cortex-M4 with DSP, 168 MHz, 1 MB flash, 128 kB RAM',
  sources: ['STM32F405xx data sheet (ST DS8626)', 'Cortex-M4 technical reference manual r0p1 (Arm DDI 0439)'],
  core: { kind: 'cortex-m', dsp: true, timing: CORTEX_M4_TIMING },
  clockHz: 168_000_000,
  // Five of its own at this clock, which its flash accelerator is taken to hide.
  flash: { base: 0x0800_0000, size: 1024 * 1024, waitStates: 0 },
  ram: { base: 0x2000_0000, size: 128 * 1024 },
  weightsIn: 'flash',
  constantsIn: 'flash',
  compiler: cortexMCompiler(['-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=soft']),
  kernels: WITH_MULTIPLIER,
  code: CORTEX_M_CODE,
} as const satisfies Part;

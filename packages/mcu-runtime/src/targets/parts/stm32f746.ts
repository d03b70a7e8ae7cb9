// ST STM32F746: a Cortex-M7, which executes two instructions at a time where it can; here it executes one.
import { CORTEX_M7_TIMING } from '../cortex-m-timing.js';
import { CORTEX_M_CODE, cortexMCompiler, WITH_MULTIPLIER } from '../kernel-building.js';
import type { Part } from '../part.js';

export const stm32f746 = {
  name: 'stm32f746',
  description: 'ST STM32F746NG: Cortex-M7 with DSP, 216 MHz, 1 MB flash, 320 kB RAM',
  sources: [
    'STM32F745xx and STM32F746xx data sheet (ST DS10916)',
    'Cortex-M7 technical reference manual (Arm DDI 0489)',
  ],
  core: { kind: 'cortex-m', dsp: true, timing: CORTEX_M7_TIMING },
  clockHz: 216_000_000,
  flash: { base: 0x0800_0000, size: 1024 * 1024, waitStates: 0 },
  ram: { base: 0x2000_0000, size: 320 * 1024 },
  weightsIn: 'flash',
  constantsIn: 'flash',
  compiler: cortexMCompiler(['-mcpu=cortex-m7', '-mthumb', '-mfloat-abi=soft']),
  kernels: WITH_MULTIPLIER,
  code: CORTEX_M_CODE,
} as const satisfies Part;

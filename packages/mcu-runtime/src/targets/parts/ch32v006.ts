// WCH CH32V006: the core and the flash of the CH32V002, and more of both memories.
import { ch32v00x } from '../ch32v00x.js';
import type { Part } from '../part.js';
import { ch32v002 } from './ch32v002.js';

export const ch32v006 = ch32v00x({
  name: 'ch32v006',
  description: 'WCH CH32V006: QingKe V2C, RV32EmC, multiplier, 48 MHz, 62 kB flash, 8 kB RAM',
  sources: ['CH32V006 data sheet, CH32V00X reference manual (WCH)', 'QingKe V2 processor manual (WCH)'],
  core: ch32v002.core,
  flash: { size: 62 * 1024, waitStates: 2 },
  ram: { size: 8 * 1024 },
  // Behind the CH32V002's come USART2 and OPCM.
  lastInterrupt: 40,
  compiler: ch32v002.compiler,
  kernels: { ...ch32v002.kernels, imagesOf: 'ch32v002' },
}) satisfies Part;

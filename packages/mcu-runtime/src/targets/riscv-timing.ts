// Timing of the RISC-V cores whose fetches are not modelled: what is known of them, and what is assumed.
import type { RiscvTiming } from './part.js';

/** A QingKe V2 without wait states, which was measured, with a division of one bit a cycle. */
const LIKE_THE_QINGKE_V2 = { multiply: 1, divide: 17, load: 2, store: 2, jump: 3 } as const;

export const QINGKE_V4_TIMING = {
  ...LIKE_THE_QINGKE_V2,
  assumed:
    'no timing of the QingKe V4 is published; it is taken for a QingKe V2 without wait states, a division for 17 cycles',
} as const satisfies RiscvTiming;

export const BUMBLEBEE_TIMING = {
  ...LIKE_THE_QINGKE_V2,
  assumed:
    'of the Bumblebee core only the multiplication of one cycle is published; the rest is taken for a QingKe V2 without wait states, a division for 17 cycles',
} as const satisfies RiscvTiming;

export const ESP32C3_TIMING = {
  ...LIKE_THE_QINGKE_V2,
  assumed:
    'no timing of the core of the ESP32-C3 is published; it is taken for a QingKe V2 without wait states, a division for 17 cycles, and code and weights for always in its cache',
} as const satisfies RiscvTiming;

/** RP2350 data sheet, 3.8 (Hazard3): mul 1, div 18 or 19, store 1, a jump 2; a load 1, and one more where the next instruction waits for it. */
export const HAZARD3_TIMING = {
  ...{ multiply: 1, divide: 19, load: 2, store: 1, jump: 2 },
  assumed:
    'instruction by instruction by the data sheet, but every load with the cycle that the next instruction waits where it wants the value, and every taken branch for mispredicted',
} as const satisfies RiscvTiming;

// Cycles of the Cortex-M cores: the tables of their manuals, as far as there are any.
import type { CortexMTiming } from './part.js';

/**
 * Table 3-1 and section 3.3.3 of the Cortex-M4 technical reference manual (Arm DDI 0439): MUL, MLA and products of 64 bits 1, LDR 2, STR 1
 * through the write buffer and 2 with a register offset, LDM 1 + N, a division 2 to 12, a taken branch 1 + P with P from 1 to 3; each further
 * access of an unaligned one 1. With the DSP extension products of pairs (SMLAD), packing (PKHBT) and extension (SXTB16) 1.
 */
export const CORTEX_M4_TIMING = {
  ...{ multiply: 1, multiplyLong: 1, divide: 12, load: 2, store: 1, storeIndexed: 2, furtherAccess: 1, refill: 2 },
  assumed:
    "instruction by instruction by the tables of Arm's manual, 2 cycles for the refill after a jump (1 to 3 there), 12 for a division (2 to 12), and no wait for flash, whose accelerator is not modelled",
} as const satisfies CortexMTiming;

/** The same table in the Cortex-M3's manual (Arm DDI 0337): MLA 2, products of 64 bits 3 to 7. */
export const CORTEX_M3_TIMING = {
  ...CORTEX_M4_TIMING,
  multiplyLong: 5,
  assumed:
    "instruction by instruction by the tables of Arm's manual, 2 cycles for the refill after a jump (1 to 3 there), 5 for a product of 64 bits (3 to 7), 12 for a division (2 to 12), and no wait for flash, whose prefetch buffer is not modelled",
} as const satisfies CortexMTiming;

/** No cycles are published of the Cortex-M7 and the Cortex-M33: those of the Cortex-M4. */
const LIKE_THE_M4 = 'no cycles of single instructions are published of this core';

export const CORTEX_M7_TIMING = {
  ...CORTEX_M4_TIMING,
  assumed: `${LIKE_THE_M4}; it is taken for a Cortex-M4 that never executes two instructions at once, which it can, nor waits for flash`,
} as const satisfies CortexMTiming;

export const CORTEX_M33_TIMING = {
  ...CORTEX_M4_TIMING,
  assumed: `${LIKE_THE_M4}; it is taken for a Cortex-M4 that never executes two instructions at once, which it can now and then`,
} as const satisfies CortexMTiming;

// The SysTick of WCH's QingKe cores, as far as programs count cycles with it: control and the lower 32 bits of its counter.
// Source: CH32V003, CH32V00X and CH32FV2x_V3x reference manuals (WCH), chapter STK.

const CONTROL = 0xe000_f000;
const COUNT = 0xe000_f008;
const ENABLE = 1;
/** The core clock; else an eighth of it. */
const UNDIVIDED = 4;

export interface SysTick {
  /** Undefined where the address is none of its registers. `cycles`: those of the core so far. */
  read(address: number, cycles: number): number | undefined;
  /** False where the address is none of its registers. */
  write(address: number, value: number, cycles: number): boolean;
  reset(): void;
}

/** A counter that stands still at 0 until it is switched on. Comparison, interrupt and reload are not modelled. */
export function createSysTick(): SysTick {
  let control = 0;
  /** What was counted up to the cycle `since`. */
  let counted = 0;
  let since = 0;
  const now = (cycles: number): number => {
    if ((control & ENABLE) === 0) return counted;
    return counted + ((control & UNDIVIDED) === 0 ? Math.floor((cycles - since) / 8) : cycles - since);
  };
  return {
    read(address, cycles) {
      if (address === CONTROL) return control;
      return address === COUNT ? now(cycles) % 2 ** 32 : undefined;
    },
    write(address, value, cycles) {
      if (address !== CONTROL && address !== COUNT) return false;
      counted = address === COUNT ? value : now(cycles);
      since = cycles;
      if (address === CONTROL) control = value;
      return true;
    },
    reset() {
      control = 0;
      counted = 0;
      since = 0;
    },
  };
}

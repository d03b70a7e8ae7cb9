// The SysTick of the RP2040's core by the cycles of its instructions: that of rp2040js goes by a clock that nobody winds here.
// Source: Armv6-M Architecture Reference Manual, B3.3 (SysTick).
import type { RP2040 } from 'rp2040js';

/** SYST_CSR, SYST_RVR, SYST_CVR as offsets in the private peripheral bus. */
const [CONTROL, RELOAD, COUNT] = [0x10, 0x14, 0x18] as const;
const [ENABLE, INTERRUPT, COUNT_FLAG] = [1, 2, 0x1_0000] as const;
/** ENABLE, TICKINT, CLKSOURCE: what a program sets. */
const SETTINGS = 7;
const MOST = 0xff_ffff;

export interface WatchedSysTick {
  /** The core executed an instruction of so many cycles. */
  advance(cycles: number): void;
}

/**
 * Puts the counter into a chip. It counts the core clock whatever its source is set to. What is read is the count before the
 * instruction that reads. Entering and leaving a handler takes no cycles in rp2040js.
 */
export function watchSysTick(chip: RP2040): WatchedSysTick {
  const { core, ppb } = chip;
  const read = ppb.readUint32.bind(ppb);
  const write = ppb.writeUint32.bind(ppb);
  let control = 0;
  let reload = 0;
  let count = 0;
  ppb.readUint32 = (offset) => {
    switch (offset) {
      case CONTROL: {
        const value = control;
        control &= SETTINGS;
        return value;
      }
      case RELOAD:
        return reload;
      case COUNT:
        return count;
      default:
        return read(offset);
    }
  };
  ppb.writeUint32 = (offset, value) => {
    if (offset === CONTROL) control = (control & COUNT_FLAG) | (value & SETTINGS);
    else if (offset === RELOAD) reload = value & MOST;
    else if (offset === COUNT) {
      count = 0;
      control &= SETTINGS;
    } else write(offset, value);
  };
  return {
    advance(cycles) {
      if ((control & ENABLE) === 0) return;
      let rest = cycles;
      if (count === 0 && rest > 0) {
        // From 0 the next cycle leads to the reload value; one of 0 stops the counter.
        if (reload === 0) return;
        count = reload;
        rest--;
      }
      if (rest < count) {
        count -= rest;
        return;
      }
      // Instructions are shorter than the shortest round that makes sense.
      rest -= count;
      count = rest === 0 ? 0 : Math.max(reload - (rest - 1), 0);
      control |= COUNT_FLAG;
      if ((control & INTERRUPT) === 0) return;
      core.pendingSystick = true;
      core.interruptsUpdated = true;
    },
  };
}

// The counter of the Cortex-M0+ as the architecture manual has it: from the reload value down to 0, then once more.
import { RP2040 } from 'rp2040js';
import { describe, expect, it } from 'vitest';
import { watchSysTick } from './rp2040-systick.js';

const [CONTROL, RELOAD, COUNT] = [0x10, 0x14, 0x18];

function started(reload: number, settings: number) {
  const chip = new RP2040();
  const counter = watchSysTick(chip);
  chip.ppb.writeUint32(RELOAD, reload);
  chip.ppb.writeUint32(COUNT, 77);
  chip.ppb.writeUint32(CONTROL, settings);
  const count = () => chip.ppb.readUint32(COUNT);
  return { chip, counter, count };
}

describe('the SysTick of the RP2040', () => {
  it('is cleared by a write, takes a cycle to its reload value, and has reload + 1 states', () => {
    const { counter, count } = started(3, 5);
    const seen = Array.from({ length: 9 }, () => {
      const value = count();
      counter.advance(1);
      return value;
    });
    expect(seen).toEqual([0, 3, 2, 1, 0, 3, 2, 1, 0]);
  });

  it('comes to the same in steps of several cycles', () => {
    const { counter, count } = started(0xff_ffff, 5);
    counter.advance(2);
    expect(count()).toBe(0xff_fffe);
    counter.advance(0xff_fffe - 1);
    expect(count()).toBe(1);
    counter.advance(3);
    expect(count()).toBe(0xff_fffe);
  });

  it('sets its flag at 0, which a read clears, and asks for the interrupt where it is switched on', () => {
    for (const [settings, pending] of [
      [5, false],
      [7, true],
    ] as const) {
      const { chip, counter } = started(2, settings);
      counter.advance(2);
      expect(chip.ppb.readUint32(CONTROL)).toBe(settings);
      counter.advance(1);
      expect(chip.core.pendingSystick).toBe(pending);
      expect(chip.ppb.readUint32(CONTROL)).toBe(0x1_0000 | settings);
      expect(chip.ppb.readUint32(CONTROL)).toBe(settings);
    }
  });

  it('stands still until it is switched on', () => {
    const { counter, count } = started(100, 0);
    counter.advance(5);
    expect(count()).toBe(0);
  });
});

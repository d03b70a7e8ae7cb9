// The counter of the QingKe cores, register by register.
import { describe, expect, it } from 'vitest';
import { createSysTick } from './systick.js';

const [CONTROL, COUNT] = [0xe000_f000, 0xe000_f008];

describe('SysTick', () => {
  it('stands still until it is switched on, and counts core cycles or eighths of them', () => {
    const counter = createSysTick();
    expect(counter.read(COUNT, 1000)).toBe(0);
    counter.write(CONTROL, 5, 1000);
    expect(counter.read(CONTROL, 1001)).toBe(5);
    expect(counter.read(COUNT, 1017)).toBe(17);
    counter.write(CONTROL, 1, 1020);
    expect(counter.read(COUNT, 1020 + 87)).toBe(20 + 10);
    counter.write(CONTROL, 0, 1100);
    expect(counter.read(COUNT, 5000)).toBe(30);
    counter.reset();
    expect(counter.read(COUNT, 5000)).toBe(0);
  });

  it('goes on from what is written to it, modulo 2^32', () => {
    const counter = createSysTick();
    counter.write(CONTROL, 5, 0);
    counter.write(COUNT, 0xffff_fffe, 10);
    expect([11, 12, 15].map((cycle) => counter.read(COUNT, cycle))).toEqual([0xffff_ffff, 0, 3]);
  });

  it('answers at no other address', () => {
    const counter = createSysTick();
    expect(counter.read(0xe000_f010, 0)).toBeUndefined();
    expect(counter.write(0xe000_f010, 1, 0)).toBe(false);
  });
});

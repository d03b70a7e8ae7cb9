// What the timing of a target may be. Values that a machine would have taken for something else are refused.
import { expect, it } from 'vitest';
import { createMachine } from '../../src/sim/create-machine.js';
import { TARGETS, type Target } from '../../src/sim/targets.js';
import type { RiscvTiming } from '../../src/targets/part.js';

const { core, flash } = TARGETS.ch32v203;
const timed = (timing: Partial<RiscvTiming>, waitStates = 0): Target => ({
  ...TARGETS.ch32v203,
  core: { ...core, timing: { ...core.timing, ...timing } },
  flash: { ...flash, waitStates },
});
it.each<[string, Target, RegExp]>([
  ['jumps in no time', timed({ jump: 0 }), /^ch32v203: 0 cycles of jump found; wanted: a whole number from 1/],
  ['jumps into the past', timed({ jump: -1 }), /-1 cycles of jump found/],
  ['half a cycle', timed({ load: 1.5 }), /1.5 cycles of load found/],
  ['no number', timed({ divide: Number.NaN }), /NaN cycles of divide found/],
  ['wait states that no jump would wait for', timed({ jump: 3 }, 1), /3 cycles and 1 wait states found; wanted: no/],
])('refuses timing: %s', async (_, target, message) => {
  const refusal = expect.objectContaining({ code: 'invalid-target', message: expect.stringMatching(message) });
  await expect(createMachine(target)).rejects.toThrow(refusal);
});

it('takes wait states with the jumps of the QingKe V2', async () => {
  await expect(createMachine(timed({ jump: 'qingke-v2' }, 2))).resolves.toBeDefined();
});

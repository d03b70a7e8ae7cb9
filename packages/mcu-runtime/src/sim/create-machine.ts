// Machines of targets: the WebAssembly core with its configuration and devices.
import type { RiscvCore } from '../targets/part.js';
import { instantiateCore, type SimulatorCore } from './core.js';
import { SimulatorError } from './errors.js';
import { Machine } from './machine.js';
import { createCh32Peripherals, type Peripherals } from './peripherals.js';
import type { Target } from './targets.js';

export interface MachineOptions {
  /** Count by address and keep the call tree: about half as fast. Default false. */
  readonly profile?: boolean;
  readonly peripherals?: Peripherals;
}

/** Of one instruction: more is a slip of the pen. */
const MOST_CYCLES = 1000;

/** enum isa_flag in simulator/src/machine.h. */
const ISA = { products: 1, xw: 2, divisions: 4, atomics: 8, registers32: 16, bitManipulation: 32 } as const;

function isaFlags({ registers, multiply, atomics, bitManipulation }: RiscvCore): number {
  return (
    ISA.xw |
    (multiply === 'none' ? 0 : ISA.products) |
    (multiply === 'full' ? ISA.divisions : 0) |
    (atomics ? ISA.atomics : 0) |
    (bitManipulation ? ISA.bitManipulation : 0) |
    (registers === 32 ? ISA.registers32 : 0)
  );
}

/** `jump_cycles` of struct config: jumps take what fetching takes on the QingKe V2. No number of a target is 0. */
const JUMPS_BY_FETCH = 0;

/** What the timing of a target must be, where it is not. */
function wrongTiming({ flash, core }: Target): string | undefined {
  const { assumed: _, band: __, jump, ...rest } = core.timing;
  const jumps = jump === 'qingke-v2' ? {} : { jump };
  for (const [name, cycles] of Object.entries({ ...rest, ...jumps })) {
    const least = name === 'divide' && core.multiply !== 'full' ? 0 : 1;
    if (!Number.isInteger(cycles) || cycles < least || cycles > MOST_CYCLES) {
      return `${cycles} cycles of ${name} found; wanted: a whole number from ${least} to ${MOST_CYCLES}`;
    }
  }
  if (jump === 'qingke-v2' || flash.waitStates === 0) return undefined;
  return `jumps of ${jump} cycles and ${flash.waitStates} wait states found; wanted: no wait states, or the jumps of 'qingke-v2', which are the only ones that wait for flash`;
}

/** The words of struct config in simulator/src/machine.h. */
export function configurationWords({ flash, ram, core }: Target, profile: boolean): readonly number[] {
  const { multiply, divide, load, store, jump } = core.timing;
  return [
    ...[flash.base, flash.size, ram.base, ram.size, isaFlags(core), flash.waitStates],
    ...[multiply, divide, load, store, jump === 'qingke-v2' ? JUMPS_BY_FETCH : jump, profile ? 1 : 0],
  ];
}

/**
 * Makes a machine of a target. Throws `invalid-target` where its numbers make no sense.
 *
 * @example
 * ```ts
 * import { createMachine, findTarget, readElf } from '@bitnetmcu/mcu-runtime/sim';
 *
 * const machine = await createMachine(findTarget('ch32v003'));
 * machine.load(readElf(bytes));
 * ```
 */
export async function createMachine(target: Target, options: MachineOptions = {}): Promise<Machine> {
  const { profile = false, peripherals = createCh32Peripherals() } = options;
  const wrong = wrongTiming(target);
  if (wrong !== undefined) throw new SimulatorError('invalid-target', `${target.name}: ${wrong}`);
  const core: SimulatorCore = await instantiateCore({
    read(address, bytes) {
      const value = peripherals.read(address >>> 0, bytes, core.cycles());
      if (value === undefined) core.device_fault();
      return value ?? 0;
    },
    write(address, bytes, value) {
      if (!peripherals.write(address >>> 0, bytes, value >>> 0, core.cycles())) core.device_fault();
    },
  });
  if (core.create(...configurationWords(target, profile)) === 0) {
    throw new SimulatorError(
      'invalid-target',
      `${target.name}: memories must be multiples of 4 bytes up to 16 MB that do not overlap each other or flash's alias at 0, with at most 15 wait states`,
    );
  }
  return new Machine(target, core, peripherals, profile);
}

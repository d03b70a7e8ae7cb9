// Complete firmware in a simulated part: from where the real part starts until it sleeps, with what it sends through its serial port.
import { SimulatorError } from '../sim/errors.js';
import { createMachine } from '../sim/machine.js';
import { programFromBytes } from '../sim/program.js';
import { TARGETS } from '../sim/targets.js';
import { runAtmega328p } from './run-atmega328p.js';
import { runRp2040 } from './run-rp2040.js';
import { serialText } from './serial-text.js';

export const FIRMWARE_TARGETS = ['ch32v003', 'ch32v002', 'rp2040', 'atmega328p'] as const;
export type FirmwareTarget = (typeof FIRMWARE_TARGETS)[number];

export interface FirmwareRunOptions {
  /** Default 500 million. */
  readonly maxInstructions?: number;
  /** Bytes of RAM that the linker gave to data and functions: a stack that reaches into them is an error. Default 0: not known. */
  readonly staticRamBytes?: number;
}

export interface FirmwareRun {
  /** What came out of the serial port, as Latin-1. */
  readonly output: string;
  readonly instructions: number;
  /** Absent where the simulator has no model of the flash that code runs from. */
  readonly cycles?: number;
  /** Deepest extent of the stack. */
  readonly stackBytes: number;
  /** The error of the program that its own fault handler dealt with. */
  readonly fault: string | undefined;
}

const DEFAULT_BUDGET = 500e6;

/**
 * Runs the contents of flash as the part does after power-on, with RAM and registers that hold nothing to rely on, until the program
 * sleeps for good: wfi with interrupts off, or on AVR a jump to itself.
 * @param flash from the start of flash
 * @throws SimulatorError `run-failed` where it never sleeps, or does something wrong that its fault handler does not catch
 */
export async function runFirmware(
  target: FirmwareTarget,
  flash: Uint8Array,
  { maxInstructions = DEFAULT_BUDGET, staticRamBytes = 0 }: FirmwareRunOptions = {},
): Promise<FirmwareRun> {
  const options = { maxInstructions, staticRamBytes };
  switch (target) {
    case 'ch32v003':
    case 'ch32v002':
      return runCh32v(target, flash, options);
    case 'rp2040':
      return runRp2040(flash, options);
    case 'atmega328p':
      return runAtmega328p(flash, options);
    default:
      return target satisfies never;
  }
}

async function runCh32v(
  target: 'ch32v003' | 'ch32v002',
  flash: Uint8Array,
  { maxInstructions, staticRamBytes }: Required<FirmwareRunOptions>,
): Promise<FirmwareRun> {
  const part = TARGETS[target];
  const machine = await createMachine(part);
  machine.load(programFromBytes(flash, part.flash.base), 'flashed');
  const { stop, handledTrap, stackBytes, output, cycles, instructions } = machine.runFromReset({ maxInstructions });
  const found =
    stop.kind === 'wait' ? undefined : JSON.stringify(handledTrap === undefined ? stop : { handledTrap, stop });
  const overflow =
    staticRamBytes + stackBytes > part.ram.size
      ? `${stackBytes} bytes of stack beside ${staticRamBytes} of static data, ${part.ram.size} bytes of RAM`
      : undefined;
  const wrong = found ?? overflow;
  if (wrong !== undefined) {
    throw new SimulatorError('run-failed', `firmware on ${target}: ${wrong} found; wanted: a program that ends asleep`);
  }
  return {
    output: serialText(output),
    instructions,
    cycles,
    stackBytes,
    fault: handledTrap && `${handledTrap.cause} by the instruction at 0x${handledTrap.pc.toString(16)}`,
  };
}

// Complete firmware in a simulated part: from where the real part starts until it sleeps, with what it sends through its serial port.

import { createMachine } from '../sim/create-machine.js';
import { SimulatorError } from '../sim/errors.js';
import { createCh32Peripherals } from '../sim/peripherals.js';
import { programFromBytes } from '../sim/program.js';
import { lineOf, type SerialLine } from '../sim/serial-line.js';
import type { Target } from '../sim/targets.js';
import { unknownValue } from '../unknown-value.js';
import { boardOf, findPart, type PartName } from './parts.js';
import { runAvr } from './run-avr.js';
import { runRp2040 } from './run-rp2040.js';
import { serialText } from './serial-text.js';

export interface FirmwareRunOptions {
  /** Default 500 million. */
  readonly maxInstructions?: number;
  /** Bytes of RAM that the linker gave to data and functions: a stack that reaches into them is an error. Default 0: not known. */
  readonly staticRamBytes?: number;
  /**
   * What the serial port receives, each byte when the program wants it; EOT for ever behind it. Or the other end of the line, for a
   * conversation. Default: nothing but EOT.
   */
  readonly input?: Uint8Array | SerialLine;
}

export interface FirmwareRun {
  /** What came out of the serial port, as Latin-1. */
  readonly output: string;
  readonly instructions: number;
  /** Absent where the simulator has no model of the flash that code runs from. */
  readonly cycles?: number;
  /** Deepest extent of the stack. */
  readonly stackBytes: number;
  /** The error of the program that its own fault handler dealt with, or on AVR the interrupt from which it never returned. */
  readonly fault: string | undefined;
}

const DEFAULT_BUDGET = 500e6;

/** What a part's simulator is told. */
export interface RunRequest {
  readonly maxInstructions: number;
  readonly staticRamBytes: number;
  readonly line: SerialLine;
}

/**
 * Runs the contents of flash as the part does after power-on, with RAM and registers that hold nothing to rely on, until the program
 * sleeps for good: wfi with interrupts off, or on AVR a jump to itself.
 * @param flash from the start of flash
 * @throws SimulatorError `unknown-target`; `no-board`; `does-not-fit` where flash is smaller; `run-failed` where it never sleeps, or does something
 * wrong that its fault handler does not catch
 *
 * @example
 * ```ts
 * import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
 *
 * const { output, cycles } = await runFirmware('ch32v003', bytes); // a flash image with its self test
 * ```
 */
export async function runFirmware(
  target: PartName,
  flash: Uint8Array,
  { maxInstructions = DEFAULT_BUDGET, staticRamBytes = 0, input = new Uint8Array() }: FirmwareRunOptions = {},
): Promise<FirmwareRun> {
  const line = input instanceof Uint8Array ? lineOf(input) : input;
  const options = { maxInstructions, staticRamBytes, line };
  const part = findPart(target);
  if (flash.length > part.flash.size) {
    throw new SimulatorError(
      'does-not-fit',
      `Firmware of ${flash.length} bytes found; wanted: at most the ${part.flash.size} bytes of flash of ${target}`,
    );
  }
  boardOf(part);
  const { core } = part;
  switch (core.kind) {
    case 'riscv':
      return runRiscv({ ...part, core }, flash, options);
    case 'rp2040':
      return runRp2040(flash, options);
    case 'cortex-m':
      throw unknownValue('board with a core', core.kind as never);
    case 'avr':
      return runAvr({ ...part, core }, flash, options);
    default:
      throw unknownValue('core', core);
  }
}

async function runRiscv(
  part: Target,
  flash: Uint8Array,
  { maxInstructions, staticRamBytes, line }: RunRequest,
): Promise<FirmwareRun> {
  const machine = await createMachine(part, { peripherals: createCh32Peripherals(line) });
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
    throw new SimulatorError(
      'run-failed',
      `Firmware on ${part.name}: ${wrong} found; wanted: a program that ends asleep`,
    );
  }
  return {
    output: serialText(output),
    instructions,
    cycles,
    stackBytes,
    fault: handledTrap && `${handledTrap.cause} by the instruction at 0x${handledTrap.pc.toString(16)}`,
  };
}

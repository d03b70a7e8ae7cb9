// Complete firmware in a simulated part: from reset until it sleeps, with what it sends through its serial port.
import { SimulatorError } from '../sim/errors.js';
import { createMachine } from '../sim/machine.js';
import { programFromBytes } from '../sim/program.js';
import { TARGETS } from '../sim/targets.js';
import { executeAvr, loadAvr8js } from './avr8js.js';
import { SIMULATION_TARGETS } from './simulation-targets.js';

export const FIRMWARE_TARGETS = ['ch32v003', 'ch32v002', 'rp2040', 'atmega328p'] as const;
export type FirmwareTarget = (typeof FIRMWARE_TARGETS)[number];

export interface FirmwareRun {
  /** What came out of the serial port, as Latin-1. */
  readonly output: string;
  readonly instructions: number;
  /** `undefined` where the simulator has no model of the flash that code runs from. */
  readonly cycles: number | undefined;
}

const FLASH_BASE = 0x1000_0000;
const DEFAULT_BUDGET = 500e6;

/**
 * Runs the contents of flash until the program sleeps for good: wfi with interrupts off, or on AVR a jump to itself.
 * @param flash from the start of flash
 * @throws SimulatorError `run-failed` where it never sleeps or does something wrong
 */
export async function runFirmware(
  target: FirmwareTarget,
  flash: Uint8Array,
  maxInstructions = DEFAULT_BUDGET,
): Promise<FirmwareRun> {
  switch (target) {
    case 'ch32v003':
    case 'ch32v002': {
      const part = TARGETS[target];
      const machine = await createMachine(part);
      machine.load(programFromBytes(flash, part.flash.base), 'flashed');
      const { stop, output, cycles, instructions } = machine.runFromReset({ maxInstructions });
      if (stop.kind !== 'wait') fail(target, JSON.stringify(stop));
      return { output: latin1(output), instructions, cycles };
    }
    case 'rp2040':
      return runRp2040(flash, maxInstructions);
    case 'atmega328p':
      return runAtmega328p(flash, maxInstructions);
    default:
      return target satisfies never;
  }
}

/** The boot ROM's part is left out: the second boot stage in the first 256 bytes is entered directly. */
async function runRp2040(flash: Uint8Array, maxInstructions: number): Promise<FirmwareRun> {
  const { RP2040 } = await import('rp2040js');
  const chip = new RP2040();
  chip.flash.set(flash);
  const sent: number[] = [];
  chip.uart[0]!.onByte = (byte) => sent.push(byte);
  const { core } = chip;
  core.SP = 0x2004_2000;
  core.LR = 0;
  core.PC = FLASH_BASE;
  let instructions = 0;
  while (!core.waiting) {
    core.executeInstruction();
    instructions++;
    if (instructions > maxInstructions) fail('rp2040', `${instructions} instructions without sleeping`);
  }
  return { output: latin1(Uint8Array.from(sent)), instructions, cycles: undefined };
}

/** `rjmp .`: where avr-libc ends after main. */
const JUMP_TO_ITSELF = 0xcfff;

async function runAtmega328p(flash: Uint8Array, maxInstructions: number): Promise<FirmwareRun> {
  const { CPU, AVRUSART, avrInstruction, usart0Config } = await loadAvr8js();
  const { clockHz, flashBytes, ramBytes } = SIMULATION_TARGETS.atmega328p;
  const bytes = new Uint8Array(flashBytes).fill(0xff);
  bytes.set(flash);
  const cpu = new CPU(new Uint16Array(bytes.buffer), ramBytes);
  const sent: number[] = [];
  new AVRUSART(cpu, usart0Config, clockHz).onByteTransmit = (byte) => sent.push(byte);
  let instructions = 0;
  while (cpu.progMem[cpu.pc] !== JUMP_TO_ITSELF) {
    executeAvr(cpu, avrInstruction);
    cpu.tick();
    instructions++;
    if (instructions > maxInstructions) fail('atmega328p', `${instructions} instructions without an end`);
  }
  return { output: latin1(Uint8Array.from(sent)), instructions, cycles: cpu.cycles };
}

function fail(target: FirmwareTarget, found: string): never {
  throw new SimulatorError('run-failed', `firmware on ${target}: ${found} found; wanted: a program that ends asleep`);
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

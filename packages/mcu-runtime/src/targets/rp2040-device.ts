// The RP2040 as a Device: rp2040js executes the code from SRAM, where every fetch takes one cycle. It has no model of flash. SRAM is as
// large as a model needs where that is more than the part has.
import { SimulatorError } from '../sim/errors.js';
import { findSymbol } from '../sim/program.js';
import { CallTracer } from './call-tracer.js';
import type { Device, DeviceMemory } from './device.js';
import type { KernelImage } from './kernel-image.js';
import { CoreFault, faultAsTheRealOne } from './rp2040-faults.js';
import { thumbKind } from './thumb-instructions.js';

const SRAM_BASE = 0x2000_0000;
const SRAM_BYTES = 264 * 1024;
const MAX_INSTRUCTIONS = 20e9;
const [LR, PC, SP] = [14, 15, 13] as const;

export async function createRp2040Device(image: KernelImage, memory: DeviceMemory): Promise<Device> {
  const { RP2040 } = await import('rp2040js');
  const chip = new RP2040();
  const sram = new Uint8Array(Math.max(SRAM_BYTES, memory.ramBytes));
  // It reads both of them anew at every access.
  Object.assign(chip, { sram, sramView: new DataView(sram.buffer) });
  faultAsTheRealOne(chip);
  const { core } = chip;
  /** The last word of SRAM stands for "back to the host"; the stack begins below it. */
  const returnAddress = SRAM_BASE + sram.length - 4;
  const stackTop = SRAM_BASE + sram.length - 16;
  const { program } = image;
  for (const { address, bytes } of program.segments) {
    if (address >= SRAM_BASE) sram.set(bytes, address - SRAM_BASE);
  }
  const code = program.segments.find(({ address }) => address === SRAM_BASE)!;
  const tracer = new CallTracer(program.symbols, SRAM_BASE, code.size);
  const opcodes = new DataView(sram.buffer, sram.byteOffset);
  const write = (address: number, bytes: Uint8Array) => sram.set(bytes, address - SRAM_BASE);

  function run(name: string): { readonly cycles: number; readonly instructions: number; readonly stackBytes: number } {
    const { registers } = core;
    const { functionOf, executions, cycles: spent } = tracer;
    let slot = (registers[PC]! - SRAM_BASE) >> 1;
    let current = functionOf[slot]!;
    let lowest = stackTop;
    let cycles = 0;
    let instructions = 0;
    tracer.start(slot);
    for (;;) {
      const delta = execute(name);
      executions[slot]!++;
      spent[slot]! += delta;
      cycles += delta;
      instructions++;
      const sp = registers[SP]!;
      if (sp < lowest) lowest = sp;
      const pc = registers[PC]!;
      if (pc === returnAddress) return { cycles, instructions, stackBytes: stackTop - lowest };
      slot = (pc - SRAM_BASE) >> 1;
      const next = functionOf[slot];
      if (next !== current) {
        if (next === undefined || instructions > MAX_INSTRUCTIONS) {
          throw new SimulatorError(
            'run-failed',
            `${name} on rp2040 left the program at 0x${pc.toString(16)} after ${instructions} instructions. Please report it with the model.`,
          );
        }
        tracer.move(slot, cycles);
        current = next;
      }
    }
  }

  function execute(name: string): number {
    try {
      return core.executeInstruction();
    } catch (error) {
      if (!(error instanceof CoreFault)) throw error;
      const at = (core.PC - 2).toString(16);
      throw new SimulatorError(
        'run-failed',
        `${name} on rp2040: ${error.message}, at 0x${at}. Please report it with the model.`,
        {
          cause: error,
        },
      );
    }
  }

  return {
    writeFlash: write,
    writeRam: write,
    readRam: (address, length) => sram.slice(address - SRAM_BASE, address - SRAM_BASE + length),
    call(name, args) {
      args.forEach((value, i) => {
        core.registers[i] = value;
      });
      core.registers[SP] = stackTop;
      core.registers[LR] = returnAddress | 1;
      core.registers[PC] = findSymbol(program, name).address;
      const figures = run(name);
      const profile = tracer.finish(figures.cycles, (slot) => thumbKind(opcodes.getUint16(2 * slot, true)));
      return { value: core.registers[0]! & 0xffff, ...figures, profile };
    },
  };
}

// AVR parts as a Device: avr8js, with as much flash and RAM as 16-bit addresses reach where a model needs more than the part has.
import { SimulatorError } from '../sim/errors.js';
import { findSymbol } from '../sim/program.js';
import { avrKind } from './avr-instructions.js';
import { cyclesBesides, mapFlash } from './avr-timing.js';
import { executeAvr, loadAvr8js, StackWatch } from './avr8js.js';
import { CallTracer } from './call-tracer.js';
import type { Device, DeviceMemory } from './device.js';
import type { KernelImage } from './kernel-image.js';
import type { AvrCore, Part } from './part.js';

/** The AVR tools' addresses of data memory begin here. */
export const DATA_OFFSET = 0x80_0000;
/** Where RAM begins in avr8js, behind the most registers and peripherals that a part has. */
export const AVR8JS_RAM_START = 0x100;
const FLASH_BYTES = 64 * 1024;
/** The last word of flash stands for "back to the host". */
const RETURN_WORD = FLASH_BYTES / 2 - 1;
const MAX_INSTRUCTIONS = 20e9;
/** avr-gcc passes 16-bit arguments in r25:r24, r23:r22, …, and gives results in r25:r24. */
const FIRST_ARGUMENT = 24;
const SREG = 95;
const ZERO_REGISTER = 1;

export async function createAvrDevice(
  { name: part, core, flash: ownFlash, ram }: Pick<Part, 'name' | 'flash' | 'ram'> & { readonly core: AvrCore },
  image: KernelImage,
  memory: DeviceMemory,
): Promise<Device> {
  const { avrInstruction, CPU } = await loadAvr8js();
  const { program } = image;
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  // Of RAM, avr8js counts what lies behind 0x100.
  const ramEnd = ram.base - DATA_OFFSET + Math.max(ram.size, memory.ramBytes);
  const cpu = new CPU(new Uint16Array(flash.buffer), ramEnd - AVR8JS_RAM_START);
  for (const { address, loadAddress, bytes } of program.segments) {
    // Zeroed data lies nowhere in flash.
    if (bytes.length === 0) continue;
    flash.set(bytes, loadAddress);
    if (address >= DATA_OFFSET) cpu.data.set(bytes, address - DATA_OFFSET);
  }
  const code = program.segments.find(({ address }) => address === 0)!;
  const tracer = new CallTracer(program.symbols, 0, code.size);
  // Kernel images may be larger than the part's flash: then nothing in them jumps around its end.
  const wraps = !core.longJumps && code.size <= ownFlash.size;
  const lastWord = ownFlash.size / 2 - 1;
  const stackTop = cpu.data.length - 1;
  const besides = cyclesBesides(core);
  // As much of it as there are addresses for.
  if (core.mappedFlash !== undefined) mapFlash(cpu, flash.subarray(0, 0x1_0000 - core.mappedFlash), core.mappedFlash);

  function run(name: string): { readonly cycles: number; readonly instructions: number; readonly stackBytes: number } {
    const { functionOf, executions, cycles: spent } = tracer;
    const { data } = cpu;
    let slot = cpu.pc;
    let current = functionOf[slot]!;
    const stack = new StackWatch(data, stackTop, core);
    let instructions = 0;
    cpu.cycles = 0;
    tracer.start(slot);
    for (;;) {
      const before = cpu.cycles;
      const opcode = cpu.progMem[slot]!;
      executeAvr(cpu, avrInstruction);
      cpu.cycles += besides[opcode]!;
      executions[slot]!++;
      spent[slot]! += cpu.cycles - before;
      instructions++;
      stack.after(opcode);
      if (wraps && cpu.pc !== RETURN_WORD) cpu.pc &= lastWord;
      slot = cpu.pc;
      const next = functionOf[slot];
      if (next === current) continue;
      if (slot === RETURN_WORD) return { cycles: cpu.cycles, instructions, stackBytes: stack.bytes };
      if (next === undefined || instructions > MAX_INSTRUCTIONS) {
        throw new SimulatorError(
          'run-failed',
          `${name} on ${part} left the program at 0x${(2 * slot).toString(16)} after ${instructions} instructions. Please report it with the model.`,
        );
      }
      tracer.move(slot, cpu.cycles);
      current = next;
    }
  }

  return {
    writeFlash: (address, bytes) => flash.set(bytes, address),
    writeRam: (address, bytes) => cpu.data.set(bytes, address - DATA_OFFSET),
    readRam: (address, length) => cpu.data.slice(address - DATA_OFFSET, address - DATA_OFFSET + length),
    call(name, args) {
      const { data } = cpu;
      args.forEach((value, i) => {
        data[FIRST_ARGUMENT - 2 * i] = value & 0xff;
        data[FIRST_ARGUMENT - 2 * i + 1] = (value >> 8) & 0xff;
      });
      data[ZERO_REGISTER] = 0;
      data[SREG] = 0;
      data[stackTop] = RETURN_WORD & 0xff;
      data[stackTop - 1] = RETURN_WORD >> 8;
      cpu.SP = stackTop - 2;
      cpu.pc = findSymbol(program, name).address / 2;
      const figures = run(name);
      const profile = tracer.finish(figures.cycles, (slot) => avrKind(cpu.progMem[slot]!));
      return { value: data[FIRST_ARGUMENT]! | (data[FIRST_ARGUMENT + 1]! << 8), ...figures, profile };
    },
  };
}

/** Largest memories that 16-bit addresses reach. */
export const avrLimits = (ram: Part['ram'], { mappedFlash = 0x1_0000 }: AvrCore): DeviceMemory => ({
  flashBytes: FLASH_BYTES - 2,
  ramBytes: mappedFlash - Math.max(AVR8JS_RAM_START, ram.base - DATA_OFFSET),
});

// A Cortex-M of Armv7-M or later as a Device: the core of sim/thumb, with memories as large as the model needs.
import { SimulatorError } from '../sim/errors.js';
import { findSymbol } from '../sim/program.js';
import { ThumbCore } from '../sim/thumb/core.js';
import { createThumbMemory } from '../sim/thumb/memory.js';
import { LR, SP, ThumbFault } from '../sim/thumb/state.js';
import { CallTracer } from './call-tracer.js';
import type { Device, DeviceMemory } from './device.js';
import type { KernelImage } from './kernel-image.js';
import type { CortexMCore, Part } from './part.js';

const MAX_INSTRUCTIONS = 20e9;
/** Of parts with more flash no more is simulated than a model needs. */
const MOST_FLASH = 1024 * 1024;

export type CortexMPart = Part & { readonly core: CortexMCore };

export async function createCortexMDevice(
  part: CortexMPart,
  image: KernelImage,
  memory: DeviceMemory,
): Promise<Device> {
  const { core, flash, ram, name: partName, weightsIn } = part;
  const { program } = image;
  const flashBytes = new Uint8Array(Math.max(Math.min(flash.size, MOST_FLASH), memory.flashBytes)).fill(0xff);
  const ramBytes = new Uint8Array(Math.max(ram.size, memory.ramBytes));
  const areas = {
    flash: { base: flash.base, bytes: flashBytes },
    ram: { base: ram.base, bytes: ramBytes },
  };
  const write = (address: number, bytes: Uint8Array) => {
    const { base, bytes: to } = address >= ram.base ? areas.ram : areas.flash;
    to.set(bytes, address - base);
  };
  for (const { address, bytes } of program.segments) write(address, bytes);
  const thumb = new ThumbCore(createThumbMemory(areas), core);
  /** The last word of RAM stands for "back to the host"; the stack begins below it. */
  const returnAddress = ram.base + ramBytes.length - 4;
  const stackTop = ram.base + ramBytes.length - 16;
  const codeBase = weightsIn === 'ram' ? ram.base : flash.base;
  const code = program.segments.find(({ address }) => address === codeBase)!;
  const tracer = new CallTracer(program.symbols, codeBase, code.size);

  function run(): { readonly cycles: number; readonly instructions: number; readonly stackBytes: number } {
    const { r } = thumb.state;
    const { functionOf, executions, cycles: spent } = tracer;
    let slot = (thumb.pc - codeBase) >> 1;
    let current = functionOf[slot]!;
    let lowest = stackTop;
    let cycles = 0;
    let instructions = 0;
    tracer.start(slot);
    for (;;) {
      const delta = thumb.step();
      executions[slot]!++;
      spent[slot]! += delta;
      cycles += delta;
      instructions++;
      const sp = r[SP]! >>> 0;
      if (sp < lowest) lowest = sp;
      if (thumb.pc === returnAddress) return { cycles, instructions, stackBytes: stackTop - lowest };
      slot = (thumb.pc - codeBase) >> 1;
      const next = functionOf[slot];
      if (next !== current) {
        if (next === undefined || instructions > MAX_INSTRUCTIONS) {
          throw new ThumbFault(
            `the program was left for 0x${thumb.pc.toString(16)} after ${instructions} instructions`,
          );
        }
        tracer.move(slot, cycles);
        current = next;
      }
    }
  }

  return {
    writeFlash: write,
    writeRam: write,
    readRam: (address, length) => ramBytes.slice(address - ram.base, address - ram.base + length),
    call(name, args) {
      const { r } = thumb.state;
      args.forEach((value, i) => {
        r[i] = value;
      });
      r[SP] = stackTop;
      r[LR] = returnAddress | 1;
      thumb.pc = findSymbol(program, name).address & ~1;
      try {
        const figures = run();
        const profile = tracer.finish(figures.cycles, (slot) => thumb.kindAt(codeBase + 2 * slot));
        return { value: r[0]! & 0xffff, ...figures, profile };
      } catch (error) {
        if (!(error instanceof ThumbFault)) throw error;
        throw new SimulatorError(
          'run-failed',
          `${name} on ${partName}: ${error.message}, at 0x${thumb.pc.toString(16)}. Please report it with the model.`,
          { cause: error },
        );
      }
    },
  };
}

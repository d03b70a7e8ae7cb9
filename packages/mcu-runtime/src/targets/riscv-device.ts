// RISC-V parts as a Device: the simulator of this package.

import { createMachine } from '../sim/create-machine.js';
import { SimulatorError } from '../sim/errors.js';
import type { Target } from '../sim/targets.js';
import type { Device, DeviceMemory } from './device.js';
import type { KernelImage } from './kernel-image.js';

const MAX_INSTRUCTIONS = 20e9;
/** Of parts with larger memories no more is simulated than a model needs: every halfword takes time and space here. */
const MOST = 64 * 1024;

export async function createRiscvDevice(target: Target, image: KernelImage, memory: DeviceMemory): Promise<Device> {
  const flash = { ...target.flash, size: Math.max(Math.min(target.flash.size, MOST), memory.flashBytes) };
  const ram = { ...target.ram, size: Math.max(Math.min(target.ram.size, MOST), memory.ramBytes) };
  const machine = await createMachine({ ...target, flash, ram }, { profile: true });
  machine.load(image.program);
  return {
    writeFlash: (address, bytes) => machine.write(address, bytes),
    writeRam: (address, bytes) => machine.write(address, bytes),
    readRam: (address, length) => machine.read(address, length),
    call(name, args) {
      const { stop, cycles, instructions, stackBytes, profile } = machine.call(name, args, {
        maxInstructions: MAX_INSTRUCTIONS,
      });
      if (stop.kind !== 'returned') {
        throw new SimulatorError(
          'run-failed',
          `${name} on ${target.name} did not come back: ${JSON.stringify(stop)}. Please report it with the model.`,
        );
      }
      return { value: stop.value & 0xffff, cycles, instructions, stackBytes, profile: profile! };
    },
  };
}

// Firmware on an AVR: from the reset vector until it jumps to itself, with an error where the part would go astray unseen.
import { SimulatorError } from '../sim/errors.js';
import { UNDEFINED_MEMORY } from '../sim/undefined-memory.js';
import { AVR8JS_RAM_START, DATA_OFFSET } from './avr-device.js';
import { executeAvr, loadAvr8js } from './avr8js.js';
import type { Part } from './part.js';
import type { FirmwareRun, FirmwareRunOptions } from './run-firmware.js';
import { serialText } from './serial-text.js';

/** `rjmp .`: where avr-libc ends after main. */
const JUMP_TO_ITSELF = 0xcfff;
/** Erased flash. The part would skip through it to address 0 and start again. */
const NOTHING = 0xffff;

export async function runAvr(
  part: Part,
  flash: Uint8Array,
  options: Required<FirmwareRunOptions>,
): Promise<FirmwareRun> {
  const { CPU, AVRUSART, avrInstruction, usart0Config } = await loadAvr8js();
  const refuse = (found: string): never => {
    throw new SimulatorError(
      'run-failed',
      `firmware on ${part.name}: ${found} found; wanted: a program that ends in a jump to itself`,
    );
  };
  const ramStart = part.ram.base - DATA_OFFSET;
  const bytes = new Uint8Array(part.flash.size).fill(0xff);
  bytes.set(flash);
  const cpu = new CPU(new Uint16Array(bytes.buffer), ramStart + part.ram.size - AVR8JS_RAM_START);
  const { data, progMem } = cpu;
  // avr-libc relies on SP, which the hardware sets to the end of RAM, and on nothing else.
  data.fill(UNDEFINED_MEMORY, ramStart);
  data.fill(UNDEFINED_MEMORY, 0, 32);
  const sent: number[] = [];
  new AVRUSART(cpu, usart0Config, part.clockHz).onByteTransmit = (byte) => sent.push(byte);
  guardData(cpu, refuse);

  const top = data.length - 1;
  let lowest = top;
  let instructions = 0;
  for (;;) {
    const opcode = progMem[cpu.pc];
    if (opcode === JUMP_TO_ITSELF) break;
    if (opcode === undefined || opcode === NOTHING)
      refuse(`the program at 0x${(2 * cpu.pc).toString(16)}, where there is nothing,`);
    executeAvr(cpu, avrInstruction);
    cpu.tick();
    const sp = data[93]! | (data[94]! << 8);
    if (sp < lowest) {
      lowest = sp;
      const room = top + 1 - ramStart - options.staticRamBytes;
      if (top - sp > room) refuse(`${top - sp} bytes of stack, ${room} between static data and the end of RAM,`);
    }
    instructions++;
    if (instructions > options.maxInstructions) refuse(`${instructions} instructions without an end`);
  }
  return {
    output: serialText(sent),
    instructions,
    cycles: cpu.cycles,
    stackBytes: top - lowest,
    fault: undefined,
  };
}

/** Loads and stores behind the end of RAM: avr8js ignores them, the part's answer is not defined. */
function guardData(
  cpu: InstanceType<Awaited<ReturnType<typeof loadAvr8js>>['CPU']>,
  refuse: (found: string) => never,
): void {
  const { readData, writeData } = cpu;
  const check = (address: number, what: string) => {
    if (address >= cpu.data.length) refuse(`a ${what} at 0x${address.toString(16)}, behind the end of RAM,`);
  };
  cpu.readData = (address) => {
    check(address, 'load');
    return readData.call(cpu, address);
  };
  cpu.writeData = (address, value, mask) => {
    check(address, 'store');
    writeData.call(cpu, address, value, mask);
  };
}

// Firmware on an AVR: from the reset vector until it jumps to itself, with an error where the part would go astray unseen.
import { SimulatorError } from '../sim/errors.js';
import { END_OF_INPUT } from '../sim/peripherals.js';
import { UNDEFINED_MEMORY } from '../sim/undefined-memory.js';
import { AVR8JS_RAM_START, DATA_OFFSET } from './avr-device.js';
import { missingInstruction } from './avr-instructions.js';
import { cyclesBesides, mapFlash } from './avr-timing.js';
import { VectorWatch } from './avr-vectors.js';
import { executeAvr, loadAvr8js, StackWatch } from './avr8js.js';
import type { AvrCore, Part } from './part.js';
import { PinReceiver } from './pin-receiver.js';
import type { FirmwareRun, FirmwareRunOptions } from './run-firmware.js';
import { serialText } from './serial-text.js';
import { tinyUsart } from './tiny-usart.js';

/** `rjmp .`: where avr-libc ends after main. */
const JUMP_TO_ITSELF = 0xcfff;
/** Erased flash. The part would skip through it to address 0 and start again. */
const NOTHING = 0xffff;

/** Of the other end of the serial line. */
const BAUD = 115_200;

type AvrCpu = InstanceType<Awaited<ReturnType<typeof loadAvr8js>>['CPU']>;

export async function runAvr(
  part: Part & { readonly core: AvrCore },
  flash: Uint8Array,
  options: Required<FirmwareRunOptions>,
): Promise<FirmwareRun> {
  const { CPU, AVRUSART, avrInstruction, usart0Config } = await loadAvr8js();
  const refuse: (found: string) => never = (found) => {
    throw new SimulatorError(
      'run-failed',
      `Firmware on ${part.name}: ${found} found; wanted: a program that ends in a jump to itself`,
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
  const { core } = part;
  let sent: readonly number[] = [];
  let receiver: PinReceiver | undefined;
  if (core.serial === 'usart0') {
    const usart = new AVRUSART(cpu, usart0Config, part.clockHz);
    const bytesSent: number[] = [];
    sent = bytesSent;
    usart.onByteTransmit = (byte) => bytesSent.push(byte);
    feedUsart(cpu, usart, usart0Config, options.input);
  } else if (core.serial === 'tinyUsart0') {
    ({ sent } = tinyUsart(cpu, { clockHz: part.clockHz, baud: BAUD, input: options.input }, refuse));
  } else {
    receiver = receiverOf(cpu, core.serial.portB, part.clockHz / core.serial.baud);
  }
  guardData(cpu, refuse);
  if (core.mappedFlash !== undefined) mapFlash(cpu, bytes, core.mappedFlash);

  const besides = cyclesBesides(core);
  const missing = missingInstruction(core);
  const lastWord = part.flash.size / 2 - 1;
  const top = data.length - 1;
  const stack = new StackWatch(data, top);
  const room = top + 1 - ramStart - options.staticRamBytes;
  const vectors = new VectorWatch(progMem, core);
  let instructions = 0;
  for (;;) {
    const { pc } = cpu;
    const opcode = progMem[pc];
    if (opcode === JUMP_TO_ITSELF) break;
    if (opcode === undefined || opcode === NOTHING)
      refuse(`the program at 0x${(2 * pc).toString(16)}, where there is nothing,`);
    if (missing[opcode] === 1)
      refuse(`an instruction that the part does not have, 0x${opcode.toString(16)} at 0x${(2 * pc).toString(16)},`);
    executeAvr(cpu, avrInstruction);
    cpu.cycles += besides[opcode]!;
    if (!core.longJumps) cpu.pc &= lastWord;
    cpu.tick();
    vectors.after(opcode, pc, cpu.pc);
    if (stack.after(opcode) && stack.bytes > room)
      refuse(`${stack.bytes} bytes of stack, ${room} between static data and the end of RAM,`);
    instructions++;
    if (instructions > options.maxInstructions) refuse(`${instructions} instructions without an end`);
  }
  const received = receiver?.end(cpu.cycles);
  if (received === 'framing-error') refuse('a character without a stop bit');
  return {
    output: serialText(receiver === undefined ? sent : receiver.bytes),
    instructions,
    cycles: cpu.cycles,
    stackBytes: stack.bytes,
    fault: vectors.fault,
  };
}

/** Sends the program the first byte when it switches the receiver on, and the next ones when it has read the one before. */
function feedUsart(
  cpu: AvrCpu,
  usart: { readonly rxEnable: boolean; writeByte(value: number): unknown },
  { UCSRB, UDR }: { readonly UCSRB: number; readonly UDR: number },
  input: Uint8Array,
): void {
  let next = 0;
  const feed = () => usart.writeByte(input[next++] ?? END_OF_INPUT);
  const configure = cpu.writeHooks[UCSRB]!;
  cpu.writeHooks[UCSRB] = (...write) => {
    const wasEnabled = usart.rxEnable;
    const result = configure(...write);
    if (usart.rxEnable && !wasEnabled) feed();
    return result;
  };
  const read = cpu.readHooks[UDR]!;
  cpu.readHooks[UDR] = (address) => {
    const byte = read(address);
    feed();
    return byte;
  };
}

/** Port B of the ATtiny parts; ATtiny25/45/85 data sheet, register summary. */
const DDRB = 0x37;
const PORTB = 0x38;

/** Follows a pin of port B, which is high until it is an output. */
function receiverOf(cpu: AvrCpu, pin: number, bitCycles: number): PinReceiver {
  const receiver = new PinReceiver(bitCycles);
  const follow = (port: number, direction: number) =>
    receiver.level(((direction >> pin) & 1) === 0 || ((port >> pin) & 1) === 1, cpu.cycles);
  cpu.writeHooks[PORTB] = (value) => {
    follow(value, cpu.data[DDRB]!);
  };
  cpu.writeHooks[DDRB] = (value) => {
    follow(cpu.data[PORTB]!, value);
  };
  return receiver;
}

/** Loads and stores behind the end of RAM: avr8js ignores them, the part's answer is not defined. */
function guardData(cpu: AvrCpu, refuse: (found: string) => never): void {
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

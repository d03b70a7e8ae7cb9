// Firmware on an AVR: from the reset vector until it jumps to itself, with an error where the part would go astray unseen.
import { SimulatorError } from '../sim/errors.js';
import type { SerialLine } from '../sim/serial-line.js';
import { UNDEFINED_MEMORY } from '../sim/undefined-memory.js';
import { AVR8JS_RAM_START, DATA_OFFSET } from './avr-device.js';
import { missingInstruction } from './avr-instructions.js';
import { cyclesBesides, mapFlash } from './avr-timing.js';
import { VectorWatch } from './avr-vectors.js';
import { executeAvr, loadAvr8js, StackWatch } from './avr8js.js';
import type { AvrCore, Part } from './part.js';
import { PinReceiver } from './pin-receiver.js';
import type { FirmwareRun, RunRequest } from './run-firmware.js';
import { serialText } from './serial-text.js';
import { tinyUsart } from './tiny-usart.js';

/** `rjmp .`: where avr-libc ends after main. */
const JUMP_TO_ITSELF = 0xcfff;
/** Erased flash. The part would skip through it to address 0 and start again. */
const NOTHING = 0xffff;

/** Of the other end of the serial line. */
const BAUD = 115_200;
/** Interrupt response, ATmega328P and ATtiny85 data sheets, Interrupt Response Time; and what avr8js takes for it. */
const [INTERRUPT_CYCLES, AVR8JS_INTERRUPT_CYCLES] = [4, 2] as const;

type AvrCpu = InstanceType<Awaited<ReturnType<typeof loadAvr8js>>['CPU']>;

export async function runAvr(
  part: Part & { readonly core: AvrCore },
  flash: Uint8Array,
  options: RunRequest,
): Promise<FirmwareRun> {
  const { CPU, AVRTimer, AVRUSART, avrInstruction, timer1Config, usart0Config } = await loadAvr8js();
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
  const sent: number[] = [];
  const send = (byte: number) => {
    sent.push(byte);
    options.line.send?.(byte);
  };
  let receiver: PinReceiver | undefined;
  if (core.serial === 'usart0') {
    const usart = new AVRUSART(cpu, usart0Config, part.clockHz);
    usart.onByteTransmit = send;
    feedUsart(cpu, usart, usart0Config, options.line);
    // It lives in the hooks that it puts into the core.
    new AVRTimer(cpu, timer1Config);
  } else if (core.serial === 'tinyUsart0') {
    tinyUsart(cpu, { clockHz: part.clockHz, baud: BAUD, send, receive: () => options.line.receive() }, refuse);
  } else {
    receiver = receiverOf(cpu, core.serial.portB, part.clockHz / core.serial.baud);
  }
  guardData(cpu, refuse);
  if (core.mappedFlash !== undefined) mapFlash(cpu, bytes, core.mappedFlash);

  const besides = cyclesBesides(core);
  const missing = missingInstruction(core);
  const lastWord = part.flash.size / 2 - 1;
  const top = data.length - 1;
  const stack = new StackWatch(data, top, core);
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
    const next = cpu.pc;
    cpu.tick();
    if (cpu.pc !== next) cpu.cycles += INTERRUPT_CYCLES - AVR8JS_INTERRUPT_CYCLES;
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

/** UCSR0A bit 7: a byte was received. */
const RECEIVED = 0x80;

/** Sends the program a byte whenever it looks whether there is one and the one before was read. */
function feedUsart(
  cpu: AvrCpu,
  usart: { readonly rxEnable: boolean; readonly rxBusy: boolean; writeByte(value: number): unknown },
  { UCSRA }: { readonly UCSRA: number },
  line: SerialLine,
): void {
  cpu.readHooks[UCSRA] = () => {
    if (usart.rxEnable && !usart.rxBusy && (cpu.data[UCSRA]! & RECEIVED) === 0) {
      const byte = line.receive();
      if (byte !== undefined) usart.writeByte(byte);
    }
    return cpu.data[UCSRA]!;
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

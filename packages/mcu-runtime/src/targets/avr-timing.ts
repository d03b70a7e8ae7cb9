// Cycles of AVRxt, the core of the newer AVR parts, as differences from AVRe, whose cycles avr8js counts. Source: AVR Instruction Set Manual
// (Microchip DS40002198), instruction set summary, for parts with a program counter of 16 bits.
import type { CPU } from 'avr8js';
import type { AvrCore } from './part.js';

/** For each first word of an instruction what it takes more, or less, than on AVRe. Data in RAM; of flash see mapFlash. */
export function cyclesBesides({ cyclesOf }: AvrCore): Int8Array {
  return cyclesOf === 'xt'
    ? Int8Array.from({ length: 0x1_0000 }, (_, opcode) => besides(opcode))
    : new Int8Array(0x1_0000);
}

/**
 * Lets addresses of data read flash, which answers a cycle later than RAM (the same manual, notes of the summary).
 * @param base the first such address
 */
export function mapFlash(cpu: CPU, flash: Uint8Array, base: number): void {
  const { readData } = cpu;
  cpu.readData = (address) => {
    const byte = flash[address - base];
    if (byte === undefined) return readData.call(cpu, address);
    cpu.cycles++;
    return byte;
  };
}

function besides(opcode: number): number {
  // LDS 3 instead of 2; STS takes 2 on either.
  if ((opcode & 0xfe0f) === 0x9000) return 1;
  // PUSH, and all stores through a pointer: 1 instead of 2.
  if ((opcode & 0xfe0f) === 0x920f || isStore(opcode)) return -1;
  // RCALL and ICALL: 2 instead of 3; CALL: 3 instead of 4.
  if (opcode >> 12 === 0b1101 || opcode === 0x9509 || (opcode & 0xfe0e) === 0x940e) return -1;
  // SBI: 1 instead of 2; of CBI avr8js counts 1.
  return (opcode & 0xff00) === 0x9a00 ? -1 : 0;
}

/** ST X, Y, Z with increments and decrements; STD Y + q, Z + q, of which q = 0 is ST Y, Z. */
function isStore(opcode: number): boolean {
  if ((opcode & 0xd200) === 0x8200) return true;
  return (opcode & 0xfe00) === 0x9200 && [0x1, 0x2, 0x9, 0xa, 0xc, 0xd, 0xe].includes(opcode & 0xf);
}

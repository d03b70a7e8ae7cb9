// AVR instructions by their first word: their kinds, and which of them a core lacks. Source: AVR Instruction Set Manual (Microchip
// DS40002198).
import type { InstructionKind } from '../sim/profile.js';
import type { AvrCore } from './part.js';

/** For each first word 1 where the core has no such instruction; avr8js executes them all. */
export function missingInstruction({ multiplier, longJumps }: Pick<AvrCore, 'multiplier' | 'longJumps'>): Uint8Array {
  return Uint8Array.from({ length: 0x1_0000 }, (_, opcode) => {
    if (!multiplier && avrKind(opcode) === 'multiply') return 1;
    // JMP and CALL: 1001 010k kkkk 11xk.
    return !longJumps && (opcode & 0xfe0c) === 0x940c ? 1 : 0;
  });
}

export function avrKind(opcode: number): InstructionKind {
  if (opcode === 0) return 'system';
  switch (opcode >> 12) {
    case 0b0000:
      // MULS, MULSU, FMUL…
      return opcode >> 9 === 1 ? 'multiply' : 'alu';
    case 0b0001:
      return opcode >> 10 === 0b000100 ? 'branch' : 'alu'; // CPSE
    case 0b1000:
    case 0b1010:
      return (opcode & 0x200) === 0 ? 'load' : 'store'; // LDD, STD
    case 0b1001:
      return kindOf9(opcode);
    case 0b1011:
      return (opcode & 0x800) === 0 ? 'load' : 'store'; // IN, OUT
    case 0b1100:
    case 0b1101:
      return 'jump'; // RJMP, RCALL
    case 0b1111:
      if (opcode >> 10 === 0b111110) return 'alu'; // BLD, BST
      return 'branch'; // BRBS, BRBC, SBRC, SBRS
    default:
      return 'alu';
  }
}

/** 1001 xxxx xxxx xxxx. */
function kindOf9(opcode: number): InstructionKind {
  const next = (opcode >> 8) & 15;
  if (next < 2) return 'load'; // LD, LDS, LPM, POP
  if (next < 4) return 'store'; // ST, STS, PUSH
  if (next >= 12) return 'multiply';
  if (next === 9 || next === 11) return 'branch'; // SBIC, SBIS
  if (next >= 6) return 'alu'; // ADIW, SBIW, CBI, SBI
  if ((opcode & 0xf) >= 12) return 'jump'; // JMP, CALL
  if ((opcode & 0xfeef) === 0x9409 || (opcode & 0xffef) === 0x9508) return 'jump'; // IJMP, ICALL, RET, RETI
  if (opcode === 0x95c8) return 'load'; // LPM
  return (opcode & 0xff0f) === 0x9508 ? 'system' : 'alu'; // SLEEP, BREAK, WDR
}

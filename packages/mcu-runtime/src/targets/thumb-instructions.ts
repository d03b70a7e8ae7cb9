// Kinds of Thumb instructions by their first halfword. Source: Armv6-M Architecture Reference Manual, chapter A5.
import type { InstructionKind } from '../sim/profile.js';

export function thumbKind(opcode: number): InstructionKind {
  const top5 = opcode >> 11;
  switch (top5) {
    case 0b01000:
      if (opcode >> 6 === 0b0100001101) return 'multiply';
      return opcode >> 8 === 0b01000111 ? 'jump' : 'alu';
    case 0b01001:
    case 0b01101:
    case 0b01111:
    case 0b10001:
    case 0b10011:
    case 0b11001:
    case 0b01011:
      return 'load';
    case 0b01010:
      // STR, STRH, STRB, LDRSB with register offsets.
      return ((opcode >> 9) & 3) === 3 ? 'load' : 'store';
    case 0b01100:
    case 0b01110:
    case 0b10000:
    case 0b10010:
    case 0b11000:
      return 'store';
    case 0b10110:
      if (opcode >> 9 === 0b1011010) return 'store';
      return opcode >> 5 === 0b10110110011 ? 'system' : 'alu';
    case 0b10111:
      if (opcode >> 9 === 0b1011110) return 'load';
      return opcode >> 9 === 0b1011111 ? 'system' : 'alu';
    case 0b11010:
      return 'branch';
    case 0b11011:
      return opcode >> 9 === 0b1101111 ? 'system' : 'branch';
    case 0b11100:
      return 'jump';
    case 0b11110:
      // MSR, MRS and barriers against BL, which their first halfwords tell apart.
      return opcode === 0xf380 || opcode === 0xf3bf || opcode === 0xf3ef ? 'system' : 'jump';
    default:
      return 'alu';
  }
}

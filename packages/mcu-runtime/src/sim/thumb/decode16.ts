// Thumb instructions of 16 bits (Armv7-M Architecture Reference Manual, A5.2).
import { miscellaneous } from './decode16-miscellaneous.js';
import { alu, branch, type Decoded, jump, load, multiple, multiply, registersOf, store } from './decoded.js';
import { LR, PC, Shift, SP, shifted } from './state.js';

/** @param setsFlags outside of an IT block the arithmetic on low registers sets the flags */
export function decode16(h: number, address: number, setsFlags: boolean): Decoded | undefined {
  const [low, middle, high] = [h & 7, (h >> 3) & 7, (h >> 8) & 7];
  const imm5 = (h >> 6) & 31;
  const imm8 = h & 255;
  const pc = (address + 4) | 0;
  switch (h >> 11) {
    case 0b00000:
    case 0b00001:
    case 0b00010: {
      const type = (h >> 11) as Shift;
      const amount = type !== Shift.LSL && imm5 === 0 ? 32 : imm5;
      return alu(1, (s) => {
        const { value, carry } = shifted(s.r[middle]!, type, amount, s.c);
        s.r[low] = value;
        if (!setsFlags) return;
        s.c = carry;
        s.setNZ(value);
      });
    }
    case 0b00011: {
      const isImmediate = (h >> 10) & 1;
      const isSubtraction = (h >> 9) & 1;
      const third = (h >> 6) & 7;
      return alu(1, (s) => {
        const b = isImmediate ? third : s.r[third]!;
        s.r[low] = sum(s, s.r[middle]!, isSubtraction ? ~b : b, isSubtraction as 0 | 1, setsFlags);
      });
    }
    case 0b00100:
      return alu(1, (s) => {
        s.r[high] = imm8;
        if (setsFlags) s.setNZ(imm8);
      });
    case 0b00101:
      return alu(1, (s) => {
        s.addFlags(s.r[high]!, ~imm8, 1);
      });
    case 0b00110:
      return alu(1, (s) => {
        s.r[high] = sum(s, s.r[high]!, imm8, 0, setsFlags);
      });
    case 0b00111:
      return alu(1, (s) => {
        s.r[high] = sum(s, s.r[high]!, ~imm8, 1, setsFlags);
      });
    case 0b01000:
      return (h >> 10) & 1 ? highRegisters(h, pc) : register(h, setsFlags);
    case 0b01001: {
      const from = ((pc & ~3) + 4 * imm8) >>> 0;
      return load(1, high, PC, (s) => {
        s.r[high] = s.memory.load32(from);
      });
    }
    case 0b01010:
    case 0b01011:
      return indexed((h >> 9) & 7, low, middle, (h >> 6) & 7);
    case 0b01100:
      return store(1, middle, (s) => s.memory.store32(s.r[middle]! + 4 * imm5, s.r[low]!));
    case 0b01101:
      return load(1, low, middle, (s) => {
        s.r[low] = s.memory.load32(s.r[middle]! + 4 * imm5);
      });
    case 0b01110:
      return store(1, middle, (s) => s.memory.store8(s.r[middle]! + imm5, s.r[low]!));
    case 0b01111:
      return load(1, low, middle, (s) => {
        s.r[low] = s.memory.load8(s.r[middle]! + imm5);
      });
    case 0b10000:
      return store(1, middle, (s) => s.memory.store16(s.r[middle]! + 2 * imm5, s.r[low]!));
    case 0b10001:
      return load(1, low, middle, (s) => {
        s.r[low] = s.memory.load16(s.r[middle]! + 2 * imm5);
      });
    case 0b10010:
      return store(1, SP, (s) => s.memory.store32(s.r[SP]! + 4 * imm8, s.r[high]!));
    case 0b10011:
      return load(1, high, SP, (s) => {
        s.r[high] = s.memory.load32(s.r[SP]! + 4 * imm8);
      });
    case 0b10100:
      return alu(1, (s) => {
        s.r[high] = (pc & ~3) + 4 * imm8;
      });
    case 0b10101:
      return alu(1, (s) => {
        s.r[high] = s.r[SP]! + 4 * imm8;
      });
    case 0b10110:
    case 0b10111:
      return miscellaneous(h, pc);
    case 0b11000:
      return multiple(1, 'store', registersOf(imm8).length, (s) => {
        let to = s.r[high]!;
        for (const register of registersOf(imm8)) {
          s.memory.store32(to, s.r[register]!);
          to += 4;
        }
        s.r[high] = to;
      });
    case 0b11001:
      return multiple(1, 'load', registersOf(imm8).length, (s) => {
        let from = s.r[high]!;
        for (const register of registersOf(imm8)) {
          s.r[register] = s.memory.load32(from);
          from += 4;
        }
        if (((imm8 >> high) & 1) === 0) s.r[high] = from;
      });
    case 0b11010:
    case 0b11011: {
      const condition = (h >> 8) & 15;
      if (condition >= 14) return undefined;
      const target = pc + 2 * ((imm8 << 24) >> 24);
      return branch(1, (s) => {
        if (s.holds(condition)) s.next = target >>> 0;
      });
    }
    case 0b11100: {
      const target = (pc + (((h & 0x7ff) << 21) >> 20)) >>> 0;
      return jump(1, (s) => {
        s.next = target;
      });
    }
    default:
      return undefined;
  }
}

type State = Parameters<Decoded['run']>[0];

function sum(s: State, a: number, b: number, carry: 0 | 1, setsFlags: boolean): number {
  return setsFlags ? s.addFlags(a, b, carry) : (a + b + carry) | 0;
}

/** Data processing on two low registers. */
function register(h: number, setsFlags: boolean): Decoded {
  const [d, m] = [h & 7, (h >> 3) & 7];
  const result = (run: (s: State, a: number, b: number) => number) =>
    alu(1, (s) => {
      const value = run(s, s.r[d]!, s.r[m]!);
      s.r[d] = value;
      if (setsFlags) s.setNZ(value);
    });
  const shift = (type: Shift) =>
    result((s, a, b) => {
      const { value, carry } = shifted(a, type, b & 255, s.c);
      if (setsFlags) s.c = carry;
      return value;
    });
  switch ((h >> 6) & 15) {
    case 0:
      return result((_, a, b) => a & b);
    case 1:
      return result((_, a, b) => a ^ b);
    case 2:
      return shift(Shift.LSL);
    case 3:
      return shift(Shift.LSR);
    case 4:
      return shift(Shift.ASR);
    case 5:
      return result((s, a, b) => sum(s, a, b, s.c ? 1 : 0, setsFlags));
    case 6:
      return result((s, a, b) => sum(s, a, ~b, s.c ? 1 : 0, setsFlags));
    case 7:
      return shift(Shift.ROR);
    case 8:
      return alu(1, (s) => s.setNZ(s.r[d]! & s.r[m]!));
    case 9:
      return result((s, _, b) => sum(s, ~b, 0, 1, setsFlags));
    case 10:
      return alu(1, (s) => {
        s.addFlags(s.r[d]!, ~s.r[m]!, 1);
      });
    case 11:
      return alu(1, (s) => {
        s.addFlags(s.r[d]!, s.r[m]!, 0);
      });
    case 12:
      return result((_, a, b) => a | b);
    case 13:
      return multiply(1, (s) => {
        const value = Math.imul(s.r[d]!, s.r[m]!);
        s.r[d] = value;
        if (setsFlags) s.setNZ(value);
      });
    case 14:
      return result((_, a, b) => a & ~b);
    default:
      return result((_, __, b) => ~b);
  }
}

/** ADD, CMP and MOV on any registers, BX and BLX. */
function highRegisters(h: number, pc: number): Decoded {
  const d = (h & 7) | ((h >> 4) & 8);
  const m = (h >> 3) & 15;
  const read = (s: State, register: number) => (register === PC ? pc : s.r[register]!);
  const write = (s: State, value: number) => {
    if (d === PC) s.next = (value & ~1) >>> 0;
    else s.r[d] = value;
  };
  const kind = d === PC ? jump : alu;
  switch ((h >> 8) & 3) {
    case 0:
      return kind(1, (s) => write(s, (read(s, d) + read(s, m)) | 0));
    case 1:
      return alu(1, (s) => {
        s.addFlags(read(s, d), ~read(s, m), 1);
      });
    case 2:
      return kind(1, (s) => write(s, read(s, m)));
    default: {
      const isLinking = (h >> 7) & 1;
      return jump(1, (s) => {
        const target = read(s, m);
        if (isLinking) s.r[LR] = (pc - 2) | 1;
        s.jump(target);
      });
    }
  }
}

/** Loads and stores at the sum of two registers. */
function indexed(op: number, t: number, n: number, m: number): Decoded {
  const at = (s: State) => s.r[n]! + s.r[m]!;
  const loads = (run: (s: State) => number) =>
    load(1, t, n, (s) => {
      s.r[t] = run(s);
    });
  switch (op) {
    case 0:
      return store(1, n, (s) => s.memory.store32(at(s), s.r[t]!), true);
    case 1:
      return store(1, n, (s) => s.memory.store16(at(s), s.r[t]!), true);
    case 2:
      return store(1, n, (s) => s.memory.store8(at(s), s.r[t]!), true);
    case 3:
      return loads((s) => (s.memory.load8(at(s)) << 24) >> 24);
    case 4:
      return loads((s) => s.memory.load32(at(s)));
    case 5:
      return loads((s) => s.memory.load16(at(s)));
    case 6:
      return loads((s) => s.memory.load8(at(s)));
    default:
      return loads((s) => (s.memory.load16(at(s)) << 16) >> 16);
  }
}

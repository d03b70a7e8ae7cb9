// Miscellaneous Thumb instructions of 16 bits (Armv7-M Architecture Reference Manual, A5.2.5): stack, extension, reversal, CBZ, IT, hints.
import { alu, branch, type Decoded, multiple, registersOf, system } from './decoded.js';
import { SP, ThumbFault } from './state.js';

/** @param pc the address of the instruction, and 4 */
export function miscellaneous(h: number, pc: number): Decoded | undefined {
  const [d, m] = [h & 7, (h >> 3) & 7];
  const change = (run: (value: number) => number) =>
    alu(1, (s) => {
      s.r[d] = run(s.r[m]!);
    });
  switch ((h >> 8) & 15) {
    case 0b0000: {
      const by = (h & 0x7f) * 4 * (h & 0x80 ? -1 : 1);
      return alu(1, (s) => {
        s.r[SP] = s.r[SP]! + by;
      });
    }
    case 0b0001:
    case 0b0011:
    case 0b1001:
    case 0b1011: {
      const isNonzero = (h >> 11) & 1;
      const target = (pc + ((((h >> 9) & 1) << 6) | (((h >> 3) & 31) << 1))) >>> 0;
      return branch(1, (s) => {
        if ((s.r[d] !== 0) === (isNonzero === 1)) s.next = target;
      });
    }
    case 0b0010:
      return [
        change((v) => (v << 16) >> 16),
        change((v) => (v << 24) >> 24),
        change((v) => v & 0xffff),
        change((v) => v & 0xff),
      ][(h >> 6) & 3];
    case 0b0100:
    case 0b0101: {
      const list = registersOf((h & 0xff) | ((h & 0x100) << 6));
      return multiple(1, 'store', list.length, (s) => {
        let to = s.r[SP]! - 4 * list.length;
        s.r[SP] = to;
        for (const register of list) {
          s.memory.store32(to, s.r[register]!);
          to += 4;
        }
      });
    }
    case 0b1100:
    case 0b1101: {
      const list = registersOf(h & 0xff);
      const isReturn = (h & 0x100) !== 0;
      return multiple(1, 'load', list.length + Number(isReturn), (s) => {
        let from = s.r[SP]!;
        for (const register of list) {
          s.r[register] = s.memory.load32(from);
          from += 4;
        }
        s.r[SP] = isReturn ? from + 4 : from;
        if (isReturn) s.jump(s.memory.load32(from));
      });
    }
    case 0b0110:
      return system(1, () => {});
    case 0b1010:
      return [
        change(reverse),
        change((v) => ((v & 0xff00ff) << 8) | ((v >>> 8) & 0xff00ff)),
        undefined,
        change((v) => ((v << 24) >> 16) | ((v >>> 8) & 0xff)),
      ][(h >> 6) & 3];
    case 0b1111:
      return (h & 15) === 0 ? hint((h >> 4) & 15) : ifThen(h);
    case 0b1110:
      return system(1, () => {
        throw new ThumbFault(`bkpt ${h & 255}`);
      });
    default:
      return undefined;
  }
}

export function reverse(v: number): number {
  return (v << 24) | ((v & 0xff00) << 8) | ((v >>> 8) & 0xff00) | (v >>> 24);
}

export function hint(number: number): Decoded {
  return system(1, (s) => {
    if (number === 3) s.waiting = true;
  });
}

/** The conditions of the one to four instructions behind it. */
function ifThen(h: number): Decoded {
  const first = (h >> 4) & 15;
  const mask = h & 15;
  const count = 4 - Math.log2(mask & -mask);
  const block = Array.from({ length: count }, (_, i) => (i === 0 ? first : (first & 14) | ((mask >> (4 - i)) & 1)));
  return { ...system(1, () => {}), block };
}

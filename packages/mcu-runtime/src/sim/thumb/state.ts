// Registers, flags and memory of an Armv7-M core, and the arithmetic that its instructions share.
// Source: Armv7-M Architecture Reference Manual (ARM DDI 0403E), A2.2 (integer arithmetic), A7.7 (instructions).

/** What the real core faults on, or what this one does not have. */
export class ThumbFault extends Error {
  override readonly name = 'ThumbFault';
}

/** Data and instructions by address; both throw {@link ThumbFault} where there is nothing. Words need not be aligned. */
export interface ThumbMemory {
  /** Accesses that unaligned ones took besides, since it was set to 0. */
  further: number;
  load8(address: number): number;
  load16(address: number): number;
  load32(address: number): number;
  store8(address: number, value: number): void;
  store16(address: number, value: number): void;
  store32(address: number, value: number): void;
}

export const [SP, LR, PC] = [13, 14, 15] as const;

/** Bit 31 as a flag. */
const isNegative = (value: number): boolean => value < 0;

export class ThumbState {
  /** r0 … r14; r15 is not kept here: decoded instructions know their own address. */
  readonly r = new Int32Array(16);
  n = false;
  z = false;
  c = false;
  v = false;
  /** Sticky: some saturation or accumulation did not fit. */
  q = false;
  /** Address of the instruction that follows; jumps change it. */
  next = 0;
  /** wfi was executed. */
  waiting = false;

  constructor(readonly memory: ThumbMemory) {}

  setNZ(value: number): void {
    this.n = isNegative(value);
    this.z = value === 0;
  }

  /** a + b + carry, with all four flags. */
  addFlags(a: number, b: number, carry: 0 | 1): number {
    const sum = (a + b + carry) | 0;
    this.c = (a >>> 0) + (b >>> 0) + carry > 0xffff_ffff;
    this.v = ((a ^ sum) & (b ^ sum)) < 0;
    this.setNZ(sum);
    return sum;
  }

  /** Jumps to an address whose bit 0 says Thumb. @throws ThumbFault where it does not */
  jump(target: number): void {
    if ((target & 1) === 0) throw new ThumbFault(`a jump to ${hex(target)}, which is not Thumb code`);
    this.next = (target & ~1) >>> 0;
  }

  /** Whether a condition holds: the four bits of the instruction. */
  holds(condition: number): boolean {
    switch (condition >> 1) {
      case 0:
        return this.z !== isInverted(condition);
      case 1:
        return this.c !== isInverted(condition);
      case 2:
        return this.n !== isInverted(condition);
      case 3:
        return this.v !== isInverted(condition);
      case 4:
        return (this.c && !this.z) !== isInverted(condition);
      case 5:
        return (this.n === this.v) !== isInverted(condition);
      case 6:
        return (this.n === this.v && !this.z) !== isInverted(condition);
      default:
        return true;
    }
  }
}

const isInverted = (condition: number): boolean => (condition & 1) === 1;

export function hex(address: number): string {
  return `0x${(address >>> 0).toString(16).padStart(8, '0')}`;
}

export enum Shift {
  LSL = 0,
  LSR = 1,
  ASR = 2,
  ROR = 3,
}

/** A shift by 0 … 255, and the carry that it gives. */
export function shifted(value: number, type: Shift, amount: number, carry: boolean): { value: number; carry: boolean } {
  if (amount === 0) return { value, carry };
  const out = (bit: number) => bit >= 0 && bit < 32 && ((value >>> bit) & 1) === 1;
  switch (type) {
    case Shift.LSL:
      return { value: amount < 32 ? value << amount : 0, carry: out(32 - amount) };
    case Shift.LSR:
      return { value: amount < 32 ? (value >>> amount) | 0 : 0, carry: out(amount - 1) };
    case Shift.ASR:
      return { value: value >> Math.min(amount, 31), carry: amount < 32 ? out(amount - 1) : value < 0 };
    default: {
      const by = amount & 31;
      const rotated = by === 0 ? value : (value >>> by) | (value << (32 - by));
      return { value: rotated, carry: rotated < 0 };
    }
  }
}

/** The upper 32 bits of a product of unsigned numbers. */
export function unsignedHigh(a: number, b: number): number {
  const [al, ah, bl, bh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = ah * bl + ((al * bl) >>> 16);
  return (ah * bh + Math.floor(middle / 0x1_0000) + ((middle % 0x1_0000) + al * bh) / 0x1_0000) | 0;
}

/** The upper 32 bits of a product of signed numbers. */
export function signedHigh(a: number, b: number): number {
  return (unsignedHigh(a, b) - (a < 0 ? b : 0) - (b < 0 ? a : 0)) | 0;
}

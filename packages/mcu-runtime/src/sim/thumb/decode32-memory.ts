// 32-bit Thumb loads and stores: one register, two, several, and jumps through tables.
import { alu, type Decoded, jump, load, multiple, registersOf, store } from './decoded.js';
import { PC, type ThumbState } from './state.js';

type Address = (s: ThumbState) => number;

/** LDR, STR and their kin in all their forms. */
export function loadOrStore(h1: number, h2: number, address: number): Decoded | undefined {
  const [n, t] = [h1 & 15, h2 >> 12];
  const size = (h1 >> 5) & 3;
  if (size === 3) return undefined;
  const isSigned = ((h1 >> 8) & 1) === 1;
  const isLoad = ((h1 >> 4) & 1) === 1;
  const at = addressOf(h1, h2, address);
  if (at === undefined) return undefined;
  if (!isLoad) return isSigned || n === PC ? undefined : stored(size, t, n, at, isIndexedForm(h1, h2));
  // Preloads are hints.
  if (t === PC && size < 2) return alu(2, () => {});
  const read = reader(size, isSigned);
  if (read === undefined) return undefined;
  if (t === PC) return { ...load(2, t, n, (s) => s.jump(read(s, at(s)))), kind: 'jump' };
  return load(2, t, n, (s) => {
    s.r[t] = read(s, at(s));
  });
}

function reader(size: number, isSigned: boolean): ((s: ThumbState, address: number) => number) | undefined {
  if (size === 2) return isSigned ? undefined : (s, from) => s.memory.load32(from);
  if (size === 1) {
    return isSigned ? (s, from) => (s.memory.load16(from) << 16) >> 16 : (s, from) => s.memory.load16(from);
  }
  return isSigned ? (s, from) => (s.memory.load8(from) << 24) >> 24 : (s, from) => s.memory.load8(from);
}

function stored(size: number, t: number, n: number, at: Address, isIndexed: boolean): Decoded {
  const run =
    size === 2
      ? (s: ThumbState) => s.memory.store32(at(s), s.r[t]!)
      : size === 1
        ? (s: ThumbState) => s.memory.store16(at(s), s.r[t]!)
        : (s: ThumbState) => s.memory.store8(at(s), s.r[t]!);
  return store(2, n, run, isIndexed);
}

/** The address is the sum of two registers. */
const isIndexedForm = (h1: number, h2: number): boolean => (h1 & 0x80) === 0 && (h2 & 0x800) === 0;

function addressOf(h1: number, h2: number, address: number): Address | undefined {
  const n = h1 & 15;
  const imm12 = h2 & 0xfff;
  if (n === PC) {
    const from = ((address + 4) & ~3) + (h1 & 0x80 ? imm12 : -imm12);
    return () => from;
  }
  if (h1 & 0x80) return (s) => s.r[n]! + imm12;
  if (h2 & 0x800) return withIndex(n, (h2 & 0x200 ? 1 : -1) * (h2 & 255), (h2 & 0x400) !== 0, (h2 & 0x100) !== 0);
  if (h2 & 0x7c0) return undefined;
  const [m, shift] = [h2 & 15, (h2 >> 4) & 3];
  return (s) => s.r[n]! + (s.r[m]! << shift);
}

/** Offset before or after the access, kept in the register or not. */
function withIndex(n: number, by: number, isBefore: boolean, isKept: boolean): Address | undefined {
  if (!isBefore && !isKept) return undefined;
  if (!isKept) return (s) => s.r[n]! + by;
  return (s) => {
    const [before, after] = [s.r[n]!, s.r[n]! + by];
    s.r[n] = after;
    return isBefore ? after : before;
  };
}

/** LDM, STM, PUSH and POP: increasing from the register, or ending below it. */
export function severalRegisters(h1: number, h2: number): Decoded | undefined {
  const n = h1 & 15;
  const mode = (h1 >> 7) & 3;
  if (mode === 0 || mode === 3) return undefined;
  const isKept = ((h1 >> 5) & 1) === 1;
  const isLoad = ((h1 >> 4) & 1) === 1;
  const list = registersOf(h2);
  const start = mode === 2 ? -4 * list.length : 0;
  const end = mode === 2 ? start : 4 * list.length;
  return multiple(2, isLoad ? 'load' : 'store', list.length, (s) => {
    const base = s.r[n]!;
    let at = base + start;
    if (isLoad && isKept) s.r[n] = base + end;
    for (const register of list) {
      if (!isLoad) s.memory.store32(at, s.r[register]!);
      else if (register === PC) s.jump(s.memory.load32(at));
      else s.r[register] = s.memory.load32(at);
      at += 4;
    }
    if (!isLoad && isKept) s.r[n] = base + end;
  });
}

/** LDRD, STRD, TBB and TBH. Exclusive accesses are not there: nothing here shares memory. */
export function dualOrTable(h1: number, h2: number, address: number): Decoded | undefined {
  const n = h1 & 15;
  const [isBefore, isKept] = [(h1 & 0x100) !== 0, (h1 & 0x20) !== 0];
  if (!isBefore && !isKept) {
    const op = (h2 >> 4) & 15;
    return (h1 & 0x1f0) === 0xd0 && op < 2 ? table(n, h2 & 15, op === 1, address) : undefined;
  }
  const [t, t2] = [h2 >> 12, (h2 >> 8) & 15];
  const by = (h1 & 0x80 ? 4 : -4) * (h2 & 255);
  const isLoad = (h1 & 0x10) !== 0;
  const literal = (address + 4) & ~3;
  const at = n === PC ? () => literal + by : withIndex(n, by, isBefore, isKept)!;
  return multiple(2, isLoad ? 'load' : 'store', 2, (s) => {
    if (isLoad) {
      const from = at(s);
      const first = s.memory.load32(from);
      s.r[t2] = s.memory.load32(from + 4);
      s.r[t] = first;
    } else {
      const [first, second] = [s.r[t]!, s.r[t2]!];
      const to = at(s);
      s.memory.store32(to, first);
      s.memory.store32(to + 4, second);
    }
  });
}

function table(n: number, m: number, ofHalfwords: boolean, address: number): Decoded {
  const pc = address + 4;
  return {
    ...jump(2, (s) => {
      const base = n === PC ? pc : s.r[n]!;
      const entry = ofHalfwords ? s.memory.load16(base + 2 * s.r[m]!) : s.memory.load8(base + s.r[m]!);
      s.next = (pc + 2 * entry) >>> 0;
    }),
    cost: 'load',
  };
}

// Encoders for RV32E and A instructions, written from the specification's tables and independent of the simulator's decoder.
// Source: RISC-V unprivileged specification 20191213, chapters 8, 16 and 24. Arguments are register numbers and byte offsets.

const bits = (value: number, high: number, low: number) => (value >>> low) & (2 ** (high - low + 1) - 1);

export const rType = (funct7: number, rs2: number, rs1: number, funct3: number, rd: number) =>
  ((funct7 << 25) | (rs2 << 20) | (rs1 << 15) | (funct3 << 12) | (rd << 7) | 0x33) >>> 0;

export const iType = (imm: number, rs1: number, funct3: number, rd: number, opcode: number) =>
  ((bits(imm, 11, 0) << 20) | (rs1 << 15) | (funct3 << 12) | (rd << 7) | opcode) >>> 0;

export const sType = (imm: number, rs2: number, rs1: number, funct3: number) =>
  ((bits(imm, 11, 5) << 25) | (rs2 << 20) | (rs1 << 15) | (funct3 << 12) | (bits(imm, 4, 0) << 7) | 0x23) >>> 0;

export const bType = (offset: number, rs2: number, rs1: number, funct3: number) =>
  ((bits(offset, 12, 12) << 31) |
    (bits(offset, 10, 5) << 25) |
    (rs2 << 20) |
    (rs1 << 15) |
    (funct3 << 12) |
    (bits(offset, 4, 1) << 8) |
    (bits(offset, 11, 11) << 7) |
    0x63) >>>
  0;

export const lui = (rd: number, imm20: number) => ((imm20 << 12) | (rd << 7) | 0x37) >>> 0;
export const auipc = (rd: number, imm20: number) => ((imm20 << 12) | (rd << 7) | 0x17) >>> 0;
export const addi = (rd: number, rs1: number, imm: number) => iType(imm, rs1, 0, rd, 0x13);
export const jalr = (rd: number, rs1: number, imm: number) => iType(imm, rs1, 0, rd, 0x67);

export const jal = (rd: number, offset: number) =>
  ((bits(offset, 20, 20) << 31) |
    (bits(offset, 10, 1) << 21) |
    (bits(offset, 11, 11) << 20) |
    (bits(offset, 19, 12) << 12) |
    (rd << 7) |
    0x6f) >>>
  0;

/** funct5: what lr.w, sc.w and the AMOs do. */
export const atomic = (funct5: number, order: number, rs2: number, rs1: number, rd: number) =>
  ((funct5 << 27) | (order << 25) | (rs2 << 20) | (rs1 << 15) | (2 << 12) | (rd << 7) | 0x2f) >>> 0;

export const ECALL = 0x73;

// Compressed. Registers with a trailing `s` are x8 … x15.
const small = (register: number) => register - 8;

export const cAddi4spn = (rds: number, imm: number) =>
  (bits(imm, 5, 4) << 11) |
  (bits(imm, 9, 6) << 7) |
  (bits(imm, 2, 2) << 6) |
  (bits(imm, 3, 3) << 5) |
  (small(rds) << 2);

const cMemory = (funct3: number, registers: number, rs1s: number, imm: number) =>
  (funct3 << 13) |
  (bits(imm, 5, 3) << 10) |
  (small(rs1s) << 7) |
  (bits(imm, 2, 2) << 6) |
  (bits(imm, 6, 6) << 5) |
  (registers << 2);
export const cLw = (rds: number, rs1s: number, imm: number) => cMemory(2, small(rds), rs1s, imm);
export const cSw = (rs2s: number, rs1s: number, imm: number) => cMemory(6, small(rs2s), rs1s, imm);

const cImmediate = (funct3: number, rd: number, imm: number) =>
  (funct3 << 13) | (bits(imm, 5, 5) << 12) | (rd << 7) | (bits(imm, 4, 0) << 2) | 1;
export const cAddi = (rd: number, imm: number) => cImmediate(0, rd, imm);
export const cLi = (rd: number, imm: number) => cImmediate(2, rd, imm);
export const cLui = (rd: number, imm6: number) => cImmediate(3, rd, imm6);

export const cAddi16sp = (imm: number) =>
  (3 << 13) |
  (bits(imm, 9, 9) << 12) |
  (2 << 7) |
  (bits(imm, 4, 4) << 6) |
  (bits(imm, 6, 6) << 5) |
  (bits(imm, 8, 7) << 3) |
  (bits(imm, 5, 5) << 2) |
  1;

/** kind: 0 c.srli, 1 c.srai, 2 c.andi. */
export const cShiftOrAnd = (kind: number, rds: number, imm: number) =>
  (4 << 13) | (bits(imm, 5, 5) << 12) | (kind << 10) | (small(rds) << 7) | (bits(imm, 4, 0) << 2) | 1;
/** kind: 0 c.sub, 1 c.xor, 2 c.or, 3 c.and. */
export const cArithmetic = (kind: number, rds: number, rs2s: number) =>
  (4 << 13) | (3 << 10) | (small(rds) << 7) | (kind << 5) | (small(rs2s) << 2) | 1;

const cJump = (funct3: number, offset: number) =>
  (funct3 << 13) |
  (bits(offset, 11, 11) << 12) |
  (bits(offset, 4, 4) << 11) |
  (bits(offset, 9, 8) << 9) |
  (bits(offset, 10, 10) << 8) |
  (bits(offset, 6, 6) << 7) |
  (bits(offset, 7, 7) << 6) |
  (bits(offset, 3, 1) << 3) |
  (bits(offset, 5, 5) << 2) |
  1;
export const cJal = (offset: number) => cJump(1, offset);
export const cJ = (offset: number) => cJump(5, offset);

const cBranch = (funct3: number, rs1s: number, offset: number) =>
  (funct3 << 13) |
  (bits(offset, 8, 8) << 12) |
  (bits(offset, 4, 3) << 10) |
  (small(rs1s) << 7) |
  (bits(offset, 7, 6) << 5) |
  (bits(offset, 2, 1) << 3) |
  (bits(offset, 5, 5) << 2) |
  1;
export const cBeqz = (rs1s: number, offset: number) => cBranch(6, rs1s, offset);
export const cBnez = (rs1s: number, offset: number) => cBranch(7, rs1s, offset);

export const cSlli = (rd: number, shift: number) =>
  (bits(shift, 5, 5) << 12) | (rd << 7) | (bits(shift, 4, 0) << 2) | 2;
export const cLwsp = (rd: number, imm: number) =>
  (2 << 13) | (bits(imm, 5, 5) << 12) | (rd << 7) | (bits(imm, 4, 2) << 4) | (bits(imm, 7, 6) << 2) | 2;
export const cSwsp = (rs2: number, imm: number) =>
  (6 << 13) | (bits(imm, 5, 2) << 9) | (bits(imm, 7, 6) << 7) | (rs2 << 2) | 2;
export const cJr = (rs1: number) => (4 << 13) | (rs1 << 7) | 2;
export const cMv = (rd: number, rs2: number) => (4 << 13) | (rd << 7) | (rs2 << 2) | 2;
export const cJalr = (rs1: number) => (4 << 13) | (1 << 12) | (rs1 << 7) | 2;
export const cAdd = (rd: number, rs2: number) => (4 << 13) | (1 << 12) | (rd << 7) | (rs2 << 2) | 2;
export const C_EBREAK = 0x9002;

/*
 * Machine code to slots: RV32E, RV32I, M, A and C (RISC-V unprivileged specification 20191213, chapters 2, 4, 7, 8 and 16), Zba, Zbb and Zbs
 * (RISC-V bit manipulation extensions 1.0.0, chapter 2).
 */
#include "decode_bits.h"
#include "instructions.h"
#include "machine.h"

static const uint32_t NO_SLOT = UINT32_MAX;

static int32_t sign_extend(uint32_t value, unsigned bits) {
  const uint32_t sign = 1u << (bits - 1u);
  return (int32_t)((value ^ sign) - sign);
}

/* Bits high … low of an instruction, moved to start at bit `to`. */
static uint32_t field(uint32_t word, unsigned high, unsigned low, unsigned to) {
  return ((word >> low) & ((1u << (high - low + 1u)) - 1u)) << to;
}

static struct slot make(unsigned op, uint32_t rd, uint32_t rs1, uint32_t rs2, int32_t imm, unsigned halves) {
  struct slot s = {0};
  s.op = (uint8_t)op;
  s.rd = (uint8_t)rd;
  s.rs1 = (uint8_t)rs1;
  s.rs2 = (uint8_t)rs2;
  s.imm = imm;
  s.extra = (uint8_t)(halves - 1u);
  return s;
}

static struct slot illegal(unsigned halves) { return make(OP_ILLEGAL, 0, 0, 0, 0, halves); }

/* Branches and jal keep the address of their target; machine_decode() makes it a slot. */
static struct slot decode_compressed(uint32_t h, uint32_t pc, uint32_t isa) {
  const uint32_t rd = field(h, 11, 7, 0), rs2 = field(h, 6, 2, 0);
  const uint32_t low = 8u + field(h, 9, 7, 0), low2 = 8u + field(h, 4, 2, 0); /* rd'/rs1' and rs2'/rd' */
  const int32_t imm6 = sign_extend(field(h, 12, 12, 5) | field(h, 6, 2, 0), 6);
  const uint32_t shift = field(h, 12, 12, 5) | field(h, 6, 2, 0);
  const uint32_t funct3 = h >> 13;

  switch ((h & 3u) << 3 | funct3) {
    case 000: { /* c.addi4spn */
      const uint32_t imm = field(h, 12, 11, 4) | field(h, 10, 7, 6) | field(h, 6, 6, 2) | field(h, 5, 5, 3);
      return imm == 0 ? illegal(1) : make(OP_ADDI, low2, 2, 0, (int32_t)imm, 1);
    }
    case 001: /* xw.c.lbu, in the place of c.fld */
    case 005: { /* xw.c.sb, in the place of c.fsd */
      const uint32_t imm = field(h, 12, 12, 0) | field(h, 11, 10, 3) | field(h, 6, 5, 1);
      if (!(isa & ISA_XW)) return illegal(1);
      return funct3 == 1 ? make(OP_LBU, low2, low, 0, (int32_t)imm, 1) : make(OP_SB, 0, low, low2, (int32_t)imm, 1);
    }
    case 021: /* xw.c.lhu, in the place of c.fldsp */
    case 025: { /* xw.c.sh, in the place of c.fsdsp */
      const uint32_t imm = field(h, 12, 10, 3) | field(h, 6, 5, 1);
      if (!(isa & ISA_XW)) return illegal(1);
      return funct3 == 1 ? make(OP_LHU, low2, low, 0, (int32_t)imm, 1) : make(OP_SH, 0, low, low2, (int32_t)imm, 1);
    }
    case 002: /* c.lw */
    case 006: { /* c.sw */
      const int32_t imm = (int32_t)(field(h, 12, 10, 3) | field(h, 6, 6, 2) | field(h, 5, 5, 6));
      return funct3 == 2 ? make(OP_LW, low2, low, 0, imm, 1) : make(OP_SW, 0, low, low2, imm, 1);
    }
    case 010: /* c.nop, c.addi */
      return make(OP_ADDI, rd, rd, 0, imm6, 1);
    case 011: /* c.jal */
    case 015: { /* c.j */
      const uint32_t imm = field(h, 12, 12, 11) | field(h, 11, 11, 4) | field(h, 10, 9, 8) | field(h, 8, 8, 10) |
                           field(h, 7, 7, 6) | field(h, 6, 6, 7) | field(h, 5, 3, 1) | field(h, 2, 2, 5);
      return make(OP_JAL, funct3 == 1 ? 1 : 0, 0, 0, (int32_t)(pc + (uint32_t)sign_extend(imm, 12)), 1);
    }
    case 012: /* c.li */
      return make(OP_LI, rd, 0, 0, imm6, 1);
    case 013:
      if (rd == 2) { /* c.addi16sp */
        const uint32_t imm = field(h, 12, 12, 9) | field(h, 6, 6, 4) | field(h, 5, 5, 6) | field(h, 4, 3, 7) | field(h, 2, 2, 5);
        return imm == 0 ? illegal(1) : make(OP_ADDI, 2, 2, 0, sign_extend(imm, 10), 1);
      }
      return imm6 == 0 ? illegal(1) : make(OP_LI, rd, 0, 0, (int32_t)((uint32_t)imm6 << 12), 1); /* c.lui */
    case 014:
      switch (field(h, 11, 10, 0)) {
        case 0: /* c.srli */
        case 1: /* c.srai; shifts by 32 and more are for RV64 */
          if (shift & 32u) return illegal(1);
          return make(field(h, 10, 10, 0) ? OP_SRAI : OP_SRLI, low, low, 0, (int32_t)shift, 1);
        case 2: /* c.andi */
          return make(OP_ANDI, low, low, 0, imm6, 1);
        default: {
          static const uint8_t ops[4] = {OP_SUB, OP_XOR, OP_OR, OP_AND};
          if (h & 0x1000u) return illegal(1); /* c.subw, c.addw */
          return make(ops[field(h, 6, 5, 0)], low, low, low2, 0, 1);
        }
      }
    case 016: /* c.beqz */
    case 017: { /* c.bnez */
      const uint32_t imm = field(h, 12, 12, 8) | field(h, 11, 10, 3) | field(h, 6, 5, 6) | field(h, 4, 3, 1) | field(h, 2, 2, 5);
      return make(funct3 == 6 ? OP_BEQ : OP_BNE, 0, low, 0, (int32_t)(pc + (uint32_t)sign_extend(imm, 9)), 1);
    }
    case 020: /* c.slli */
      return shift & 32u ? illegal(1) : make(OP_SLLI, rd, rd, 0, (int32_t)shift, 1);
    case 022: { /* c.lwsp */
      const uint32_t imm = field(h, 12, 12, 5) | field(h, 6, 4, 2) | field(h, 3, 2, 6);
      return rd == 0 ? illegal(1) : make(OP_LW, rd, 2, 0, (int32_t)imm, 1);
    }
    case 024:
      if (!(h & 0x1000u)) {
        if (rs2 != 0) return make(OP_ADD, rd, 0, rs2, 0, 1);           /* c.mv */
        return rd == 0 ? illegal(1) : make(OP_JALR, 0, rd, 0, 0, 1); /* c.jr */
      }
      if (rs2 != 0) return make(OP_ADD, rd, rd, rs2, 0, 1); /* c.add */
      return rd == 0 ? make(OP_EBREAK, 0, 0, 0, 0, 1) : make(OP_JALR, 1, rd, 0, 0, 1); /* c.jalr */
    case 026: { /* c.swsp */
      const uint32_t imm = field(h, 12, 9, 2) | field(h, 8, 7, 6);
      return make(OP_SW, 0, 2, rs2, (int32_t)imm, 1);
    }
    default:
      return illegal(1);
  }
}

static struct slot decode_system(uint32_t w) {
  const uint32_t funct3 = field(w, 14, 12, 0);
  if (funct3 == 0) {
    if (w == 0x00000073u) return make(OP_ECALL, 0, 0, 0, 0, 2);
    if (w == 0x00100073u) return make(OP_EBREAK, 0, 0, 0, 0, 2);
    if (w == 0x30200073u) return make(OP_MRET, 0, 0, 0, 0, 2);
    if (w == 0x10500073u) return make(OP_WFI, 0, 0, 0, 0, 2);
    return illegal(2);
  }
  if (funct3 == 4) return illegal(2);
  return make(OP_CSR, field(w, 11, 7, 0), field(w, 19, 15, 0), 0, (int32_t)(w >> 20 | funct3 << 12), 2);
}

static struct slot decode_atomic(uint32_t w, uint32_t rd, uint32_t rs1, uint32_t rs2) {
  const uint32_t funct5 = w >> 27;
  if (field(w, 14, 12, 0) != 2) return illegal(2);
  switch (funct5) {
    case 0x02: /* lr.w */
      return rs2 == 0 ? make(OP_LR, rd, rs1, 0, 0, 2) : illegal(2);
    case 0x03: /* sc.w */
      return make(OP_SC, rd, rs1, rs2, 0, 2);
    case AMO_ADD:
    case AMO_SWAP:
    case AMO_XOR:
    case AMO_OR:
    case AMO_AND:
    case AMO_MIN:
    case AMO_MAX:
    case AMO_MINU:
    case AMO_MAXU:
      return make(OP_AMO, rd, rs1, rs2, (int32_t)funct5, 2);
    default:
      return illegal(2);
  }
}

static struct slot decode_long(uint32_t w, uint32_t pc, uint32_t isa) {
  const uint32_t rd = field(w, 11, 7, 0), rs1 = field(w, 19, 15, 0), rs2 = field(w, 24, 20, 0);
  const uint32_t funct3 = field(w, 14, 12, 0), funct7 = w >> 25;
  const int32_t imm_i = sign_extend(w >> 20, 12);
  const int32_t imm_s = sign_extend(field(w, 31, 25, 5) | field(w, 11, 7, 0), 12);

  switch (w & 0x7Fu) {
    case 0x37: /* lui */
      return make(OP_LI, rd, 0, 0, (int32_t)(w & 0xFFFFF000u), 2);
    case 0x17: /* auipc */
      return make(OP_LI, rd, 0, 0, (int32_t)(pc + (w & 0xFFFFF000u)), 2);
    case 0x6F: { /* jal */
      const uint32_t imm = field(w, 31, 31, 20) | field(w, 30, 21, 1) | field(w, 20, 20, 11) | field(w, 19, 12, 12);
      return make(OP_JAL, rd, 0, 0, (int32_t)(pc + (uint32_t)sign_extend(imm, 21)), 2);
    }
    case 0x67:
      return funct3 == 0 ? make(OP_JALR, rd, rs1, 0, imm_i, 2) : illegal(2);
    case 0x63: {
      static const uint8_t ops[8] = {OP_BEQ, OP_BNE, OP_ILLEGAL, OP_ILLEGAL, OP_BLT, OP_BGE, OP_BLTU, OP_BGEU};
      const uint32_t imm = field(w, 31, 31, 12) | field(w, 30, 25, 5) | field(w, 11, 8, 1) | field(w, 7, 7, 11);
      return make(ops[funct3], 0, rs1, rs2, (int32_t)(pc + (uint32_t)sign_extend(imm, 13)), 2);
    }
    case 0x03: {
      static const uint8_t ops[8] = {OP_LB, OP_LH, OP_LW, OP_ILLEGAL, OP_LBU, OP_LHU, OP_ILLEGAL, OP_ILLEGAL};
      return make(ops[funct3], rd, rs1, 0, imm_i, 2);
    }
    case 0x23: {
      static const uint8_t ops[8] = {OP_SB, OP_SH, OP_SW, OP_ILLEGAL, OP_ILLEGAL, OP_ILLEGAL, OP_ILLEGAL, OP_ILLEGAL};
      return make(ops[funct3], 0, rs1, rs2, imm_s, 2);
    }
    case 0x13: {
      static const uint8_t ops[8] = {OP_ADDI, OP_SLLI, OP_SLTI, OP_SLTIU, OP_XORI, OP_SRLI, OP_ORI, OP_ANDI};
      if (isa & ISA_B && (funct3 & 3u) == 1) {
        const uint32_t bits = bits_of_number(funct7, funct3, rs2);
        if (bits != BITS_NONE) return make(OP_BITS_IMMEDIATE, rd, rs1, 0, (int32_t)(bits | rs2 << 8), 2);
      }
      if (funct3 == 1 && funct7 != 0) return illegal(2);
      if (funct3 == 5 && funct7 == 0x20) return make(OP_SRAI, rd, rs1, 0, (int32_t)rs2, 2);
      if (funct3 == 5 && funct7 != 0) return illegal(2);
      return make(ops[funct3], rd, rs1, 0, funct3 == 1 || funct3 == 5 ? (int32_t)rs2 : imm_i, 2);
    }
    case 0x33: {
      static const uint8_t ops[8] = {OP_ADD, OP_SLL, OP_SLT, OP_SLTU, OP_XOR, OP_SRL, OP_OR, OP_AND};
      static const uint8_t products[4] = {OP_MUL, OP_MULH, OP_MULHSU, OP_MULHU};
      static const uint8_t quotients[4] = {OP_DIV, OP_DIVU, OP_REM, OP_REMU};
      if (funct7 == 0) return make(ops[funct3], rd, rs1, rs2, 0, 2);
      if (funct7 == 0x20 && funct3 == 0) return make(OP_SUB, rd, rs1, rs2, 0, 2);
      if (funct7 == 0x20 && funct3 == 5) return make(OP_SRA, rd, rs1, rs2, 0, 2);
      if (funct7 == 1 && funct3 < 4 && (isa & ISA_ZMMUL)) return make(products[funct3], rd, rs1, rs2, 0, 2);
      if (funct7 == 1 && funct3 >= 4 && (isa & ISA_DIV)) return make(quotients[funct3 - 4u], rd, rs1, rs2, 0, 2);
      if (isa & ISA_B) {
        const uint32_t bits = bits_of_registers(funct7, funct3, rs2);
        if (bits != BITS_NONE) return make(OP_BITS, rd, rs1, rs2, (int32_t)bits, 2);
      }
      return illegal(2);
    }
    case 0x2F:
      return isa & ISA_A ? decode_atomic(w, rd, rs1, rs2) : illegal(2);
    case 0x0F:
      return funct3 <= 1 ? make(OP_FENCE, 0, 0, 0, 0, 2) : illegal(2);
    case 0x73:
      return decode_system(w);
    default:
      return illegal(2);
  }
}

static uint32_t halfword_at(const struct machine *m, uint32_t slot) {
  const uint32_t ram_start = m->flash_slots + 2u;
  const uint8_t *p = slot < m->flash_slots ? m->flash + 2u * slot : m->ram + 2u * (slot - ram_start);
  return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static int has_immediate_rs1(const struct slot *s) { return s->op == OP_CSR && ((uint32_t)s->imm >> 14 & 1u); }

void machine_decode(struct machine *m, uint32_t slot) {
  const uint32_t pc = machine_pc_of(m, slot);
  const uint32_t h = halfword_at(m, slot);
  const uint32_t region_end = slot < m->flash_slots ? m->flash_slots : m->flash_slots + 2u + m->ram_slots;
  struct slot s;
  if ((h & 3u) != 3u) {
    s = decode_compressed(h, pc, m->config.isa);
  } else if (slot + 1u >= region_end) {
    s = make(OP_FETCH_FAULT, 0, 0, 0, 0, 2);
  } else {
    s = decode_long(h | halfword_at(m, slot + 1u) << 16, pc, m->config.isa);
  }
  /* RV32E: x16 … x31 do not exist. */
  const uint32_t last = m->config.isa & ISA_I ? 31 : 15;
  if (s.rd > last || s.rs2 > last || (s.rs1 > last && !has_immediate_rs1(&s))) s = illegal(1u + s.extra);
  if (s.op == OP_JAL || (s.op >= OP_BEQ && s.op <= OP_BGEU)) {
    /* A target in the other alias or outside of memory stays out of the slots; the run looks at it again. */
    const uint32_t target = (uint32_t)s.imm;
    const uint32_t in_flash = target - m->flash_alias, in_ram = target - m->config.ram_base;
    s.imm = (int32_t)(in_flash < m->config.flash_size ? in_flash >> 1
                      : in_ram < m->config.ram_size  ? m->flash_slots + 2u + (in_ram >> 1)
                                                     : NO_SLOT);
  }
  s.real_op = s.op;
  if (s.rd == 2 && s.op >= OP_LI && s.op <= OP_AMO) s.op = OP_SP_WRITE;
  if (s.rd == 0) s.rd = SINK;
  s.function = m->slots[slot].function;
  m->slots[slot] = s;
  if (slot > m->flash_slots) {
    const uint32_t offset = 2u * (slot - m->flash_slots - 2u);
    if (offset < m->code_low) m->code_low = offset;
    if (offset + 2u + 2u * s.extra > m->code_high) m->code_high = offset + 2u + 2u * s.extra;
  }
}

uint32_t machine_raw_at(const struct machine *m, uint32_t slot) {
  const uint32_t h = halfword_at(m, slot);
  return (h & 3u) == 3u ? h | halfword_at(m, slot + 1u) << 16 : h;
}

uint32_t machine_target_of(const struct machine *m, uint32_t slot) {
  const uint32_t raw = machine_raw_at(m, slot), pc = machine_pc_of(m, slot);
  const struct slot s = (raw & 3u) == 3u ? decode_long(raw, pc, m->config.isa) : decode_compressed(raw, pc, m->config.isa);
  return (uint32_t)s.imm;
}

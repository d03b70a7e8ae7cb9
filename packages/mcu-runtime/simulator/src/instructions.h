/* The operations of decoded slots. Compressed instructions decode to the same operations as their long forms. */
#ifndef BNM_SIM_INSTRUCTIONS_H
#define BNM_SIM_INSTRUCTIONS_H

enum op {
  OP_UNDECODED = 0, /* memory that is all zero bytes is undecoded */
  OP_ILLEGAL,
  OP_FETCH_FAULT, /* guard slots, and an instruction that is cut off by the end of memory */
  OP_SP_WRITE,    /* real_op with rd = sp: watch the stack's depth */
  OP_LI,          /* lui, auipc, c.li: rd = imm */
  OP_ADDI,
  OP_SLTI,
  OP_SLTIU,
  OP_XORI,
  OP_ORI,
  OP_ANDI,
  OP_SLLI,
  OP_SRLI,
  OP_SRAI,
  OP_ADD,
  OP_SUB,
  OP_SLL,
  OP_SLT,
  OP_SLTU,
  OP_XOR,
  OP_SRL,
  OP_SRA,
  OP_OR,
  OP_AND,
  OP_BITS,           /* imm: enum bits, of two registers */
  OP_BITS_IMMEDIATE, /* imm: enum bits | number << 8 */
  OP_MUL,
  OP_MULH,
  OP_MULHSU,
  OP_MULHU,
  OP_DIV,
  OP_DIVU,
  OP_REM,
  OP_REMU,
  OP_LB,
  OP_LH,
  OP_LW,
  OP_LBU,
  OP_LHU,
  OP_LR,
  OP_SB,
  OP_SH,
  OP_SW,
  OP_SC,
  OP_AMO, /* imm: enum amo */
  OP_BEQ,
  OP_BNE,
  OP_BLT,
  OP_BGE,
  OP_BLTU,
  OP_BGEU,
  OP_JAL,
  OP_JALR,
  OP_FENCE, /* fence and fence.i: nothing to order */
  OP_ECALL,
  OP_EBREAK,
  OP_MRET,
  OP_WFI,
  OP_CSR, /* imm: csr number | funct3 << 12; rs1: register or 5-bit immediate */
  OP_COUNT
};

/* What Zba, Zbb and Zbs do with a value and a second one, or with one alone. */
enum bits {
  BITS_SH1ADD,
  BITS_SH2ADD,
  BITS_SH3ADD,
  BITS_ANDN,
  BITS_ORN,
  BITS_XNOR,
  BITS_MIN,
  BITS_MINU,
  BITS_MAX,
  BITS_MAXU,
  BITS_ROL,
  BITS_ROR,
  BITS_CLEAR,
  BITS_EXTRACT,
  BITS_INVERT,
  BITS_SET,
  BITS_CLZ,
  BITS_CTZ,
  BITS_CPOP,
  BITS_SEXT_B,
  BITS_SEXT_H,
  BITS_ZEXT_H,
  BITS_ORC_B,
  BITS_REV8,
  BITS_NONE
};

/* What an AMO does with memory and register; the numbers are those of funct5. */
enum amo {
  AMO_ADD = 0x00,
  AMO_SWAP = 0x01,
  AMO_XOR = 0x04,
  AMO_OR = 0x08,
  AMO_AND = 0x0C,
  AMO_MIN = 0x10,
  AMO_MAX = 0x14,
  AMO_MINU = 0x18,
  AMO_MAXU = 0x1C,
};

#endif

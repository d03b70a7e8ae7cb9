/* Which instructions of Zba, Zbb and Zbs the fields of an instruction mean (RISC-V bit manipulation extensions 1.0.0, chapter 2). */
#ifndef BNM_SIM_DECODE_BITS_H
#define BNM_SIM_DECODE_BITS_H

#include "instructions.h"

#include <stdint.h>

/* enum bits of an instruction on two registers. */
static uint32_t bits_of_registers(uint32_t funct7, uint32_t funct3, uint32_t rs2) {
  switch (funct7 << 3 | funct3) {
    case 0x10 << 3 | 2: return BITS_SH1ADD;
    case 0x10 << 3 | 4: return BITS_SH2ADD;
    case 0x10 << 3 | 6: return BITS_SH3ADD;
    case 0x20 << 3 | 4: return BITS_XNOR;
    case 0x20 << 3 | 6: return BITS_ORN;
    case 0x20 << 3 | 7: return BITS_ANDN;
    case 0x05 << 3 | 4: return BITS_MIN;
    case 0x05 << 3 | 5: return BITS_MINU;
    case 0x05 << 3 | 6: return BITS_MAX;
    case 0x05 << 3 | 7: return BITS_MAXU;
    case 0x30 << 3 | 1: return BITS_ROL;
    case 0x30 << 3 | 5: return BITS_ROR;
    case 0x24 << 3 | 1: return BITS_CLEAR;
    case 0x24 << 3 | 5: return BITS_EXTRACT;
    case 0x34 << 3 | 1: return BITS_INVERT;
    case 0x14 << 3 | 1: return BITS_SET;
    case 0x04 << 3 | 4: return rs2 == 0 ? BITS_ZEXT_H : BITS_NONE;
    default: return BITS_NONE;
  }
}

/* enum bits of an instruction on a register and a number, or on a register alone, which the number then tells. */
static uint32_t bits_of_number(uint32_t funct7, uint32_t funct3, uint32_t number) {
  static const uint8_t alone[8] = {BITS_CLZ, BITS_CTZ, BITS_CPOP, BITS_NONE, BITS_SEXT_B, BITS_SEXT_H, BITS_NONE, BITS_NONE};
  switch (funct7 << 3 | funct3) {
    case 0x30 << 3 | 1: return number < 8 ? alone[number] : BITS_NONE;
    case 0x30 << 3 | 5: return BITS_ROR;
    case 0x24 << 3 | 1: return BITS_CLEAR;
    case 0x24 << 3 | 5: return BITS_EXTRACT;
    case 0x34 << 3 | 1: return BITS_INVERT;
    case 0x14 << 3 | 1: return BITS_SET;
    case 0x14 << 3 | 5: return number == 7 ? BITS_ORC_B : BITS_NONE;
    case 0x34 << 3 | 5: return number == 24 ? BITS_REV8 : BITS_NONE;
    default: return BITS_NONE;
  }
}

#endif

/*
 * Cases of the interpreter's switch, by kind of operation: for the loop in run.h, whose variables (x, s, m, time, address, target) and labels
 * they use.
 */
#ifndef BNM_SIM_OPERATIONS_H
#define BNM_SIM_OPERATIONS_H

#define REGISTER_OP(OP, EXPRESSION) \
  case OP: {                        \
    const uint32_t a = x[s->rs1];   \
    const uint32_t b = x[s->rs2];   \
    (void)b;                        \
    x[s->rd] = (uint32_t)(EXPRESSION); \
    time += 1;                      \
    break;                          \
  }
#define IMMEDIATE_OP(OP, EXPRESSION) \
  case OP: {                         \
    const uint32_t a = x[s->rs1];    \
    const uint32_t b = (uint32_t)s->imm; \
    x[s->rd] = (uint32_t)(EXPRESSION);   \
    time += 1;                       \
    break;                           \
  }
#define PRODUCT(OP, EXPRESSION)   \
  case OP: {                      \
    const uint32_t a = x[s->rs1]; \
    const uint32_t b = x[s->rs2]; \
    x[s->rd] = (uint32_t)(EXPRESSION); \
    time += m->config.mul_cycles; \
    break;                        \
  }
#define QUOTIENT(OP, EXPRESSION)  \
  case OP: {                      \
    const uint32_t a = x[s->rs1]; \
    const uint32_t b = x[s->rs2]; \
    x[s->rd] = (EXPRESSION);      \
    time += m->config.div_cycles; \
    break;                        \
  }
/* Loads from flash take as many cycles more as it has wait states. */
#define LOAD(OP, BYTES, EXPRESSION)                                   \
  case OP: {                                                          \
    uint32_t v;                                                       \
    address = x[s->rs1] + (uint32_t)s->imm;                           \
    if (address & (BYTES - 1u)) goto load_misaligned;                 \
    time += load_cycles;                                              \
    if (address - ram_base < ram_size) {                              \
      v = read_##BYTES(m->ram + (address - ram_base));                \
    } else if (address - flash_base < flash_size) {                   \
      v = read_##BYTES(m->flash + (address - flash_base));            \
      time += flash_cycles - 1u;                                      \
    } else if (address < flash_size) {                                \
      v = read_##BYTES(m->flash + address);                           \
      time += flash_cycles - 1u;                                      \
    } else {                                                          \
      m->cycles = time;                                               \
      v = device_read(m, address, BYTES);                             \
      if (m->device_fault) goto load_fault;                           \
    }                                                                 \
    x[s->rd] = (uint32_t)(EXPRESSION);                                \
    break;                                                            \
  }
#define STORE(OP, BYTES)                                              \
  case OP: {                                                          \
    address = x[s->rs1] + (uint32_t)s->imm;                           \
    if (address & (BYTES - 1u)) goto store_misaligned;                \
    time += store_cycles;                                             \
    const uint32_t offset = address - ram_base;                       \
    if (offset < ram_size) {                                          \
      write_##BYTES(m->ram + offset, x[s->rs2]);                      \
      if (offset < m->code_high && offset + BYTES > m->code_low) forget_code(m, offset, BYTES); \
    } else if (address < flash_size || address - flash_base < flash_size) { \
      goto store_fault;                                               \
    } else {                                                          \
      m->cycles = time;                                               \
      device_write(m, address, BYTES, x[s->rs2]);                     \
      if (m->device_fault) goto store_fault;                          \
    }                                                                 \
    break;                                                            \
  }
#define BRANCH(OP, CONDITION)     \
  case OP: {                      \
    const uint32_t a = x[s->rs1]; \
    const uint32_t b = x[s->rs2]; \
    time += 1;                    \
    if (!(CONDITION)) break;      \
    target = (uint32_t)s->imm;    \
    goto jump_to_slot;            \
  }

#endif

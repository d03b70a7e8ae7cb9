/* Execution: memory access, control registers, and the interpreter loop in its two versions. */
#include "bits.h"
#include "call_tree.h"
#include "fetch.h"
#include "instructions.h"
#include "machine.h"
#include "operations.h"

/* Memory is little-endian, and so are the hosts: x86-64, AArch64 and WebAssembly. */
static inline uint32_t read_1(const uint8_t *p) { return *p; }
static inline uint32_t read_2(const uint8_t *p) {
  uint16_t v;
  __builtin_memcpy(&v, p, 2);
  return v;
}
static inline uint32_t read_4(const uint8_t *p) {
  uint32_t v;
  __builtin_memcpy(&v, p, 4);
  return v;
}
static inline void write_1(uint8_t *p, uint32_t v) { *p = (uint8_t)v; }
static inline void write_2(uint8_t *p, uint32_t v) {
  const uint16_t h = (uint16_t)v;
  __builtin_memcpy(p, &h, 2);
}
static inline void write_4(uint8_t *p, uint32_t v) { __builtin_memcpy(p, &v, 4); }

/* A store into RAM that holds decoded code: decode again what it touches, from one halfword before (a long instruction). */
static void forget_code(struct machine *m, uint32_t offset, uint32_t bytes) {
  const uint32_t first = m->flash_slots + 2u;
  const uint32_t begin = offset >> 1, end = (offset + bytes + 1u) >> 1;
  for (uint32_t i = begin == 0 ? 0 : begin - 1u; i < end; i++) {
    m->slots[first + i].op = OP_UNDECODED;
    m->slots[first + i].extra = 0;
  }
}

static inline void watch_stack(struct machine *m) {
  const uint32_t sp = m->x[2];
  if (sp < m->lowest_sp && sp - m->config.ram_base <= m->config.ram_size) m->lowest_sp = sp;
}

static uint32_t *csr(struct machine *m, uint32_t number) {
  switch (number) {
    case 0x300: return &m->mstatus;
    case 0x305: return &m->mtvec;
    case 0x340: return &m->mscratch;
    case 0x341: return &m->mepc;
    case 0x342: return &m->mcause;
    case 0x804: return &m->intsyscr; /* WCH: interrupt nesting and hardware stacking */
    case 0xBC0: return m->config.isa & ISA_I ? &m->corecfgr : 0; /* WCH QingKe V4: pipeline and branch prediction */
    default: return 0;
  }
}

/* csrrw, csrrs, csrrc and their immediate forms; 0 where there is no such register. */
static int access_csr(struct machine *m, const struct slot *s) {
  const uint32_t number = (uint32_t)s->imm & 0xFFFu, funct3 = (uint32_t)s->imm >> 12 & 7u;
  const uint32_t operand = funct3 & 4u ? s->rs1 : m->x[s->rs1];
  uint32_t *const r = csr(m, number);
  if (!r) return 0;
  const uint32_t old = *r;
  switch (funct3 & 3u) {
    case 1: *r = operand; break;
    case 2: *r = old | operand; break;
    default: *r = old & ~operand; break;
  }
  m->x[s->rd] = old;
  return 1;
}

/* Division as the specification defines it: by 0 all bits set and the dividend, of the least integer by -1 that integer and 0. */
static inline uint32_t quotient(uint32_t a, uint32_t b) {
  if (b == 0) return UINT32_MAX;
  return a == 0x80000000u && b == UINT32_MAX ? a : (uint32_t)((int32_t)a / (int32_t)b);
}
static inline uint32_t modulo(uint32_t a, uint32_t b) {
  if (b == 0) return a;
  return a == 0x80000000u && b == UINT32_MAX ? 0 : (uint32_t)((int32_t)a % (int32_t)b);
}

static uint32_t amo(uint32_t kind, uint32_t old, uint32_t operand) {
  switch ((enum amo)kind) {
    case AMO_ADD: return old + operand;
    case AMO_SWAP: return operand;
    case AMO_XOR: return old ^ operand;
    case AMO_OR: return old | operand;
    case AMO_AND: return old & operand;
    case AMO_MIN: return (int32_t)old < (int32_t)operand ? old : operand;
    case AMO_MAX: return (int32_t)old > (int32_t)operand ? old : operand;
    case AMO_MINU: return old < operand ? old : operand;
    default: return old > operand ? old : operand; /* AMO_MAXU: the decoder lets no other through */
  }
}

#define PROFILE 0
#define RUN run_plain
#include "run.h"
#undef PROFILE
#undef RUN

#define PROFILE 1
#define RUN run_profiled
#include "run.h"
#undef PROFILE
#undef RUN

uint32_t machine_run(struct machine *m, uint64_t budget) {
  return m->profile ? run_profiled(m, budget) : run_plain(m, budget);
}

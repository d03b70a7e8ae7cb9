/* Layout of the machine in its block of memory, reset, and the map between addresses and slots. */
#include "machine.h"

#include "fetch.h"

static uint32_t round_up(uint32_t bytes) { return (bytes + 15u) & ~15u; }

static uint32_t slot_count(const struct config *c) { return c->flash_size / 2u + c->ram_size / 2u + 4u; }

static void fill(uint8_t *p, uint8_t value, uint32_t bytes) {
  for (uint32_t i = 0; i < bytes; i++) p[i] = value;
}

static int overlap(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size) { return a < b + b_size && b < a + a_size; }

uint32_t machine_bytes(const struct config *c) {
  const uint32_t limit = 1u << 24;
  if (c->flash_size == 0 || c->ram_size == 0 || c->flash_size > limit || c->ram_size > limit) return 0;
  if ((c->flash_base | c->flash_size | c->ram_base | c->ram_size) & 3u) return 0;
  if (c->flash_base > UINT32_MAX - limit || c->ram_base > UINT32_MAX - limit || c->wait_states > 15) return 0;
  if (overlap(c->flash_base, c->flash_size, c->ram_base, c->ram_size)) return 0;
  if (overlap(0, c->flash_size, c->ram_base, c->ram_size)) return 0;
  if (c->flash_base != 0 && overlap(0, c->flash_size, c->flash_base, c->flash_size)) return 0;
  uint32_t bytes = round_up(sizeof(struct machine)) + round_up(c->flash_size) + round_up(c->ram_size) +
                   round_up(slot_count(c) * (uint32_t)sizeof(struct slot));
  if (c->profile) bytes += round_up(slot_count(c) * (uint32_t)sizeof(struct counter)) + round_up(sizeof(struct profile));
  return bytes;
}

struct machine *machine_create(void *block, const struct config *c) {
  uint8_t *p = block;
  struct machine *m = block;
  fill(p, 0, machine_bytes(c));
  m->config = *c;
  m->flash_slots = c->flash_size / 2u;
  m->ram_slots = c->ram_size / 2u;
  m->flash_alias = c->flash_base;
  p += round_up(sizeof(struct machine));
  m->flash = p;
  p += round_up(c->flash_size);
  m->ram = p;
  p += round_up(c->ram_size);
  m->slots = (struct slot *)(void *)p;
  p += round_up(slot_count(c) * (uint32_t)sizeof(struct slot));
  if (c->profile) {
    m->counters = (struct counter *)(void *)p;
    p += round_up(slot_count(c) * (uint32_t)sizeof(struct counter));
    m->profile = (struct profile *)(void *)p;
  }
  fill(m->flash, 0xFF, c->flash_size);
  machine_invalidate(m);
  machine_reset(m, c->flash_base, c->ram_base + c->ram_size);
  return m;
}

void machine_invalidate(struct machine *m) {
  const uint32_t count = slot_count(&m->config);
  for (uint32_t i = 0; i < count; i++) m->slots[i].op = 0;
  m->code_low = UINT32_MAX;
  m->code_high = 0;
}

void machine_reset(struct machine *m, uint32_t pc, uint32_t sp) {
  for (unsigned i = 0; i <= SINK; i++) m->x[i] = 0;
  m->x[2] = sp;
  m->pc = pc;
  m->cycles = 0;
  m->instructions = 0;
  m->stop = STOP_LIMIT;
  m->stop_value = 0;
  m->lowest_sp = UINT32_MAX;
  m->reservation = NO_RESERVATION;
  m->fetch_arrival = 0;
  m->fetch_crossings[0] = m->fetch_crossings[1] = 0;
  m->fetch_line = FETCH_IN_RAM;
  if (m->counters) fill((uint8_t *)m->counters, 0, slot_count(&m->config) * (uint32_t)sizeof(struct counter));
  if (m->profile) {
    fill((uint8_t *)m->profile, 0, sizeof(struct profile));
    m->profile->node_count = 1;
  }
}

/* Odd and in no memory: as an address it faults at once. */
#define UNDEFINED_AT_POWER_ON 0xDEADBEEFu

void machine_power_on(struct machine *m, uint32_t pc) {
  machine_reset(m, pc, UNDEFINED_AT_POWER_ON);
  for (unsigned i = 1; i < REGISTERS; i++) m->x[i] = UNDEFINED_AT_POWER_ON;
  m->mstatus = m->mtvec = m->mscratch = m->mepc = m->mcause = m->intsyscr = m->corecfgr = 0;
}

enum { MTVEC_TABLE = 1, MTVEC_ADDRESSES = 2, EXCEPTION_ENTRY = 3, MSTATUS_MIE = 1 << 3, MSTATUS_MPIE = 1 << 7 };

/* mcause of a stop reason. Source: RISC-V privileged architecture, table of machine cause values. */
static uint32_t cause_of(uint32_t stop) {
  switch (stop) {
    case STOP_FETCH_FAULT: return 1;
    case STOP_ILLEGAL_INSTRUCTION: return 2;
    case STOP_LOAD_MISALIGNED: return 4;
    case STOP_LOAD_FAULT: return 5;
    case STOP_STORE_MISALIGNED: return 6;
    case STOP_STORE_FAULT: return 7;
    default: return UINT32_MAX;
  }
}

static uint32_t word_of_flash(const struct machine *m, uint32_t address, uint32_t *word) {
  const uint32_t base = address - m->config.flash_base < m->config.flash_size ? m->config.flash_base : 0;
  if (address - base > m->config.flash_size - 4u || (address & 3u) != 0) return 0;
  __builtin_memcpy(word, m->flash + (address - base), 4);
  return 1;
}

uint32_t machine_enter_exception(struct machine *m) {
  const uint32_t cause = cause_of(m->stop);
  if (cause == UINT32_MAX || m->mtvec == 0) return 0;
  uint32_t handler = m->mtvec & ~3u;
  if (m->mtvec & MTVEC_TABLE) {
    handler += 4u * EXCEPTION_ENTRY;
    if ((m->mtvec & MTVEC_ADDRESSES) && !word_of_flash(m, handler, &handler)) return 0;
  }
  if (machine_slot_of(m, handler) == UINT32_MAX) return 0;
  m->mepc = m->pc;
  m->mcause = cause;
  m->mstatus = m->mstatus & MSTATUS_MIE ? MSTATUS_MPIE : 0;
  m->pc = handler;
  m->fetch_line = FETCH_IN_RAM;
  return 1;
}

uint32_t machine_slot_of(struct machine *m, uint32_t pc) {
  if (pc - m->flash_alias < m->config.flash_size) return (pc - m->flash_alias) >> 1;
  if (pc - m->config.ram_base < m->config.ram_size) return m->flash_slots + 2u + ((pc - m->config.ram_base) >> 1);
  const uint32_t other = m->flash_alias == 0 ? m->config.flash_base : 0;
  if (pc - other >= m->config.flash_size) return UINT32_MAX;
  /* Decoded flash code holds absolute addresses: decode it again for the other base. Happens once, at start-up. */
  m->flash_alias = other;
  machine_invalidate(m);
  return (pc - other) >> 1;
}

uint32_t machine_pc_of(const struct machine *m, uint32_t slot) {
  if (slot < m->flash_slots + 2u) return m->flash_alias + 2u * slot;
  return m->config.ram_base + 2u * (slot - m->flash_slots - 2u);
}

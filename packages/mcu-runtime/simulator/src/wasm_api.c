/* What the WebAssembly module exports: one machine, placed behind the module's own data. See src/sim/machine.ts for the other side. */
#include "instructions.h"
#include "machine.h"

#define EXPORT(NAME) __attribute__((export_name(#NAME))) NAME
#define IMPORT(NAME) __attribute__((import_module("host"), import_name(#NAME))) NAME

extern unsigned char __heap_base;
extern uint32_t IMPORT(read)(uint32_t address, uint32_t bytes);
extern void IMPORT(write)(uint32_t address, uint32_t bytes, uint32_t value);

static struct machine *machine;

uint32_t device_read(struct machine *m, uint32_t address, uint32_t bytes) {
  (void)m;
  return read(address, bytes);
}

void device_write(struct machine *m, uint32_t address, uint32_t bytes, uint32_t value) {
  (void)m;
  write(address, bytes, value);
}

/* 0: the configuration is not valid, or there is not enough memory. */
uint32_t EXPORT(create)(uint32_t flash_base, uint32_t flash_size, uint32_t ram_base, uint32_t ram_size, uint32_t isa,
                        uint32_t wait_states, uint32_t mul_cycles, uint32_t div_cycles, uint32_t load_cycles,
                        uint32_t store_cycles, uint32_t jump_cycles, uint32_t profile) {
  const struct config config = {flash_base,  flash_size, ram_base,    ram_size,     isa,         wait_states,
                                mul_cycles,  div_cycles, load_cycles, store_cycles, jump_cycles, profile};
  const uint32_t bytes = machine_bytes(&config);
  const uintptr_t block = ((uintptr_t)&__heap_base + 15u) & ~(uintptr_t)15u;
  if (bytes == 0) return 0;
  const uint32_t have = (uint32_t)__builtin_wasm_memory_size(0) << 16;
  const uint32_t want = (uint32_t)block + bytes;
  if (want > have && __builtin_wasm_memory_grow(0, (want - have + 0xFFFFu) >> 16) == (uintptr_t)-1) return 0;
  machine = machine_create((void *)block, &config);
  return 1;
}

uint8_t *EXPORT(flash)(void) { return machine->flash; }
uint8_t *EXPORT(ram)(void) { return machine->ram; }
uint32_t *EXPORT(registers)(void) { return machine->x; }

void EXPORT(invalidate)(void) { machine_invalidate(machine); }
void EXPORT(reset)(uint32_t pc, uint32_t sp) { machine_reset(machine, pc, sp); }
void EXPORT(power_on)(uint32_t pc) { machine_power_on(machine, pc); }
uint32_t EXPORT(enter_exception)(void) { return machine_enter_exception(machine); }
uint32_t EXPORT(run)(double budget) { return machine_run(machine, (uint64_t)budget); }

void EXPORT(set_pc)(uint32_t pc) { machine->pc = pc; }
uint32_t EXPORT(pc)(void) { return machine->pc; }
double EXPORT(cycles)(void) { return (double)machine->cycles; }
double EXPORT(instructions)(void) { return (double)machine->instructions; }
uint32_t EXPORT(stop_value)(void) { return machine->stop_value; }
uint32_t EXPORT(lowest_sp)(void) { return machine->lowest_sp; }
/* Called by the host inside of read and write: nothing answers at that address. */
void EXPORT(device_fault)(void) { machine->device_fault = 1; }

/* Names the function that holds addresses begin … end - 1. The slots are in the order flash, two guards, RAM. */
void EXPORT(set_function)(uint32_t begin, uint32_t end, uint32_t function) {
  for (uint32_t pc = begin & ~1u; pc < end; pc += 2u) {
    const uint32_t slot = machine_slot_of(machine, pc);
    if (slot != UINT32_MAX) machine->slots[slot].function = (uint16_t)function;
  }
}

/* Profile: measurements by slot (struct counter), the operation of a slot, the call tree and the time line. */
struct counter *EXPORT(counters)(void) { return machine->counters; }
uint32_t EXPORT(slot_count)(void) { return machine->flash_slots + machine->ram_slots + 2u; }
uint32_t EXPORT(slot_pc)(uint32_t slot) { return machine_pc_of(machine, slot); }
/* 0 alu, 1 multiply (and divide), 2 load, 3 store, 4 branch, 5 jump, 6 system. */
uint32_t EXPORT(slot_kind)(uint32_t slot) {
  const uint32_t op = machine->slots[slot].real_op;
  if (op >= OP_FENCE || op < OP_LI) return 6;
  if (op >= OP_JAL) return 5;
  if (op >= OP_BEQ) return 4;
  if (op >= OP_SB) return 3;
  if (op >= OP_LB) return 2;
  return op >= OP_MUL;
}
uint32_t EXPORT(slot_function)(uint32_t slot) { return machine->slots[slot].function; }
uint32_t EXPORT(call_node_count)(void) { return machine->profile->node_count; }
struct call_node *EXPORT(call_nodes)(void) { return machine->profile->nodes; }
uint32_t EXPORT(call_event_count)(void) { return machine->profile->event_count; }
struct call_event *EXPORT(call_events)(void) { return machine->profile->events; }
uint32_t EXPORT(call_tree_overflow)(void) { return machine->profile->overflow; }

_Static_assert(sizeof(struct counter) == 16, "read by src/sim/profile.ts");
_Static_assert(sizeof(struct call_node) == 32, "read by src/sim/profile.ts");
_Static_assert(sizeof(struct call_event) == 24, "read by src/sim/profile.ts");

/*
 * The simulated microcontroller: memory map, processor state, decoded program and measurements, in one block of memory.
 *
 * Freestanding C11: no libc, no heap, no global state. The caller gives one block of machine_bytes() bytes and keeps it.
 * Instruction set: RV32E or RV32I with compressed instructions, optionally Zmmul or M, A, Zba with Zbb and Zbs, and WCH's 16-bit byte and halfword accesses
 * ("xw").
 * Interrupts are not modelled; exceptions are, for programs that start at the reset address and set up mtvec.
 */
#ifndef BNM_SIM_MACHINE_H
#define BNM_SIM_MACHINE_H

#include <stdint.h>

/* A jump here ends a run with STOP_RETURN: the return address that a host gives to a function it calls. */
#define MACHINE_RETURN_ADDRESS 0xFFFFFFF0u

enum isa_flag {
  ISA_ZMMUL = 1, /* mul, mulh, mulhsu, mulhu */
  ISA_XW = 2,    /* xw.c.lbu, xw.c.lhu, xw.c.sb, xw.c.sh of WCH's QingKe cores */
  ISA_DIV = 4,   /* div, divu, rem, remu: with Zmmul the M extension */
  ISA_A = 8,     /* lr.w, sc.w and the AMOs, on RAM */
  ISA_B = 32,    /* Zba, Zbb and Zbs */
  ISA_I = 16,    /* x16 ... x31: RV32I; else RV32E */
};

/* Why a run ended. All but the first five are errors of the simulated program. */
enum stop_reason {
  STOP_LIMIT = 0,  /* the instruction budget is used up; the run can go on */
  STOP_BREAK = 1,  /* ebreak; pc is that of the ebreak */
  STOP_ECALL = 2,  /* ecall; pc is that of the ecall */
  STOP_RETURN = 3, /* jump to MACHINE_RETURN_ADDRESS */
  STOP_WAIT = 4,   /* wfi: nothing would ever wake the processor */
  STOP_ILLEGAL_INSTRUCTION = 5,
  STOP_LOAD_MISALIGNED = 6,
  STOP_STORE_MISALIGNED = 7,
  STOP_LOAD_FAULT = 8,
  STOP_STORE_FAULT = 9,
  STOP_FETCH_FAULT = 10,
};

struct config {
  uint32_t flash_base;  /* flash answers there and at address 0; a multiple of 4 */
  uint32_t flash_size;  /* bytes, a multiple of 4 */
  uint32_t ram_base;    /* a multiple of 4 */
  uint32_t ram_size;    /* bytes, a multiple of 4 */
  uint32_t isa;         /* isa_flag bits */
  uint32_t wait_states; /* of a flash access */
  uint32_t mul_cycles;
  uint32_t div_cycles;
  uint32_t load_cycles; /* from RAM */
  uint32_t store_cycles;
  /* Of a jump or taken branch where instructions are always there, so without wait states; 0: fetched as on the QingKe V2, see fetch.h. */
  uint32_t jump_cycles;
  uint32_t profile; /* nonzero: count instructions and cycles by address, and keep the call tree */
};

#define REGISTERS 32u
/* Takes what is written to x0. */
#define SINK REGISTERS
/* No address of a word: nothing is reserved. */
#define NO_RESERVATION 1u

/* One decoded instruction; `slots` has one for every halfword of flash, then of RAM. */
struct slot {
  uint8_t op;  /* enum op in instructions.h; OP_UNDECODED = 0 */
  uint8_t rd;  /* register, or SINK for x0 */
  uint8_t rs1; /* register; of OP_SP_WRITE: unused */
  uint8_t rs2;
  int32_t imm;     /* immediate; absolute value for auipc; slot index for branches and jal */
  uint8_t extra;   /* 1 for a long instruction (two halfwords), else 0 */
  uint8_t real_op; /* of OP_SP_WRITE: the instruction itself */
  uint16_t function; /* index of the symbol that holds this address, 0 for none; given by the host */
};

/* Measurements of one address. */
struct counter {
  uint64_t cycles;
  uint64_t executions;
};

/* One call path: a function below the chain of its callers. Node 0 is the root (before any call). */
struct call_node {
  uint32_t parent;
  uint32_t first_child; /* 0: none (the root is nobody's child) */
  uint32_t next_sibling;
  uint32_t function; /* as in slot.function */
  uint64_t calls;
  uint64_t cycles; /* without those of its callees */
};

/* One finished call near the root, in the order in which calls began: the time line of a run. */
struct call_event {
  uint64_t begin;
  uint64_t end; /* cycle count, including the return */
  uint32_t function;
  uint32_t depth; /* 0: called from the root */
};

#define MAX_CALL_NODES 4096u
#define MAX_CALL_DEPTH 256u
#define MAX_CALL_EVENTS 8192u
#define EVENT_DEPTHS 3u /* depths below this are put on the time line */

struct profile {
  uint32_t node_count;
  uint32_t depth;
  uint32_t overflow; /* nonzero: the call tree or the stack was too small; inclusive times are then incomplete */
  uint32_t event_count;
  uint64_t since; /* cycle count up to which cycles are booked */
  uint32_t stack[MAX_CALL_DEPTH];       /* nodes */
  uint32_t return_to[MAX_CALL_DEPTH];   /* addresses */
  uint32_t open_event[MAX_CALL_DEPTH];  /* event + 1, 0: none */
  struct call_node nodes[MAX_CALL_NODES];
  struct call_event events[MAX_CALL_EVENTS];
};

struct machine {
  struct config config;
  uint32_t x[REGISTERS + 1u];
  uint32_t pc;
  uint64_t cycles;
  uint64_t instructions;
  uint32_t stop;       /* enum stop_reason */
  uint32_t stop_value; /* the address of a failed access, or the illegal instruction */
  uint32_t lowest_sp;  /* lowest value of sp since machine_reset() */
  uint32_t reservation; /* address of the word that lr.w reserved, or NO_RESERVATION */
  uint32_t device_fault; /* set by a device callback: nothing answers at that address */
  /* Control and status registers that start-up code writes. */
  uint32_t mstatus, mtvec, mscratch, mepc, mcause, intsyscr, corecfgr;
  /* Instruction fetch, see fetch.h. */
  uint64_t fetch_arrival;
  uint64_t fetch_crossings[2];
  uint32_t fetch_line;
  uint32_t flash_alias; /* base at which the decoded flash code runs: config.flash_base or 0 */
  /* RAM addresses with decoded code: [code_low, code_high), as offsets. */
  uint32_t code_low, code_high;
  uint32_t flash_slots, ram_slots; /* without the guard slots behind each */
  uint8_t *flash;
  uint8_t *ram;
  struct slot *slots;
  struct counter *counters; /* NULL without profile */
  struct profile *profile;  /* NULL without profile */
};

/* Bytes of the block for a machine of this configuration; 0 if the configuration is not valid. */
uint32_t machine_bytes(const struct config *config);
/* Lays the machine out in `block` (8-byte aligned); memory is erased: flash to 0xFF, RAM to 0. */
struct machine *machine_create(void *block, const struct config *config);
/* Forgets decoded code: after the host wrote to flash or RAM. */
void machine_invalidate(struct machine *m);
/* As at power-on: every register, sp too, holds what no program may rely on, and the control registers are 0; counters as below. */
void machine_power_on(struct machine *m, uint32_t pc);
/*
 * Enters the program's exception handler after a run that ended in an error, as the core does: mepc, mcause, then the address that
 * mtvec leads to. 0 where the program has set up none, or where nothing can be executed there.
 * Source: QingKe V2 manual (WCH), exceptions and mtvec: bit 0 chooses the table, whose entry 3 is the exceptions', bit 1 whether its
 * entries are addresses or instructions.
 */
uint32_t machine_enter_exception(struct machine *m);
/* Registers to 0, pc and sp as given; counters, cycles and call tree to 0. Memory and control registers stay. */
void machine_reset(struct machine *m, uint32_t pc, uint32_t sp);
/* Runs up to `budget` instructions; the reason is returned and kept in m->stop. */
uint32_t machine_run(struct machine *m, uint64_t budget);

/* Slot of an address, or UINT32_MAX where nothing can be executed. Switches the flash alias if needed. */
uint32_t machine_slot_of(struct machine *m, uint32_t pc);
uint32_t machine_pc_of(const struct machine *m, uint32_t slot);
/* Decodes the instruction at `slot` into it. */
void machine_decode(struct machine *m, uint32_t slot);
/* The machine code at `slot`: 16 or 32 bits. */
uint32_t machine_raw_at(const struct machine *m, uint32_t slot);
/* Target address of the branch or jal at `slot`. */
uint32_t machine_target_of(const struct machine *m, uint32_t slot);

/* Devices, given by the host. They may set m->device_fault. */
uint32_t device_read(struct machine *m, uint32_t address, uint32_t bytes);
void device_write(struct machine *m, uint32_t address, uint32_t bytes, uint32_t value);

#endif

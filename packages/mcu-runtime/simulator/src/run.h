/* The interpreter loop; included by run.c once for each value of PROFILE, so that a run without profile pays nothing for it. */

static uint32_t RUN(struct machine *m, uint64_t budget) {
  uint32_t *const x = m->x;
  struct slot *const slots = m->slots;
  const uint32_t flash_slots = m->flash_slots;
  const uint32_t ram_base = m->config.ram_base, ram_size = m->config.ram_size;
  const uint32_t flash_base = m->config.flash_base, flash_size = m->config.flash_size;
  const uint32_t flash_cycles = 1u + m->config.wait_states;
  const uint32_t load_cycles = m->config.load_cycles, store_cycles = m->config.store_cycles;
  const uint32_t jump_cycles = m->config.jump_cycles;
  struct fetch fetch = {m->fetch_arrival, m->fetch_crossings[0], m->fetch_crossings[1], m->fetch_line, flash_cycles};
  uint64_t time = m->cycles;
  uint64_t executed = 0;
  uint32_t stop = STOP_LIMIT, value = 0;
  uint32_t at = machine_slot_of(m, m->pc);
  if (at == UINT32_MAX) {
    stop = STOP_FETCH_FAULT;
    value = m->pc;
    goto leave_without_pc;
  }
  if (at < flash_slots && fetch.line == FETCH_IN_RAM && jump_cycles == 0) {
    fetch.line = at >> 1;
    fetch.arrival = fetch.crossed = fetch.crossed_before = time;
  }
#if PROFILE
  if (m->instructions == 0) {
    if (slots[at].op == OP_UNDECODED) machine_decode(m, at);
    call_tree_enter(m->profile, slots[at].function, MACHINE_RETURN_ADDRESS, time);
  }
#endif

  while (executed < budget) {
    const struct slot *s = &slots[at];
    unsigned op = s->op;
    uint32_t target, address;
#if PROFILE
    const uint64_t began = time;
    const uint32_t from = at;
#endif

  again:
    /* Wait for the line with the last part of this instruction. */
    if (fetch.line < (at + s->extra) >> 1) time = fetch_next_line(&fetch, time);

    switch (op) {
      case OP_UNDECODED:
        if (at == flash_slots || at == flash_slots + 2u + m->ram_slots) {
          stop = STOP_FETCH_FAULT;
          value = machine_pc_of(m, at);
          goto leave;
        }
        machine_decode(m, at);
        op = s->op;
        goto again;
      case OP_ILLEGAL:
        stop = STOP_ILLEGAL_INSTRUCTION;
        goto leave;
      case OP_FETCH_FAULT:
        stop = STOP_FETCH_FAULT;
        value = machine_pc_of(m, at) + 2u;
        goto leave;
      case OP_SP_WRITE:
        /* Every value of sp is seen here before it is replaced; the last one at the end of the run. */
        watch_stack(m);
        op = s->real_op;
        goto again;
      case OP_LI:
        x[s->rd] = (uint32_t)s->imm;
        time += 1;
        break;
      IMMEDIATE_OP(OP_ADDI, a + b)
      IMMEDIATE_OP(OP_SLTI, (int32_t)a < (int32_t)b)
      IMMEDIATE_OP(OP_SLTIU, a < b)
      IMMEDIATE_OP(OP_XORI, a ^ b)
      IMMEDIATE_OP(OP_ORI, a | b)
      IMMEDIATE_OP(OP_ANDI, a & b)
      IMMEDIATE_OP(OP_SLLI, a << b)
      IMMEDIATE_OP(OP_SRLI, a >> b)
      IMMEDIATE_OP(OP_SRAI, (int32_t)a >> b)
      REGISTER_OP(OP_ADD, a + b)
      REGISTER_OP(OP_SUB, a - b)
      REGISTER_OP(OP_SLL, a << (b & 31u))
      REGISTER_OP(OP_SLT, (int32_t)a < (int32_t)b)
      REGISTER_OP(OP_SLTU, a < b)
      REGISTER_OP(OP_XOR, a ^ b)
      REGISTER_OP(OP_SRL, a >> (b & 31u))
      REGISTER_OP(OP_SRA, (int32_t)a >> (b & 31u))
      REGISTER_OP(OP_OR, a | b)
      REGISTER_OP(OP_AND, a & b)
      REGISTER_OP(OP_BITS, bits((uint32_t)s->imm, a, b))
      IMMEDIATE_OP(OP_BITS_IMMEDIATE, bits(b & 255u, a, b >> 8))
      PRODUCT(OP_MUL, a * b)
      PRODUCT(OP_MULH, ((int64_t)(int32_t)a * (int64_t)(int32_t)b) >> 32)
      PRODUCT(OP_MULHSU, ((int64_t)(int32_t)a * (int64_t)(uint64_t)b) >> 32)
      PRODUCT(OP_MULHU, ((uint64_t)a * (uint64_t)b) >> 32)
      QUOTIENT(OP_DIV, quotient(a, b))
      QUOTIENT(OP_DIVU, b == 0 ? UINT32_MAX : a / b)
      QUOTIENT(OP_REM, modulo(a, b))
      QUOTIENT(OP_REMU, b == 0 ? a : a % b)
      LOAD(OP_LB, 1, (int32_t)(int8_t)v)
      LOAD(OP_LH, 2, (int32_t)(int16_t)v)
      LOAD(OP_LW, 4, v)
      LOAD(OP_LBU, 1, v)
      LOAD(OP_LHU, 2, v)
      STORE(OP_SB, 1)
      STORE(OP_SH, 2)
      STORE(OP_SW, 4)
      /* Atomic operations are for RAM: flash and devices have none. */
      case OP_LR:
        address = x[s->rs1];
        if (address & 3u) goto load_misaligned;
        if (address - ram_base >= ram_size) goto load_fault;
        time += load_cycles;
        m->reservation = address;
        x[s->rd] = read_4(m->ram + (address - ram_base));
        break;
      case OP_SC:
      case OP_AMO: {
        address = x[s->rs1];
        if (address & 3u) goto store_misaligned;
        const uint32_t offset = address - ram_base;
        if (offset >= ram_size) goto store_fault;
        const uint32_t operand = x[s->rs2];
        if (op == OP_SC) {
          const uint32_t fails = m->reservation != address;
          m->reservation = NO_RESERVATION;
          time += store_cycles;
          x[s->rd] = fails;
          if (fails) break;
          write_4(m->ram + offset, operand);
        } else {
          const uint32_t old = read_4(m->ram + offset);
          time += load_cycles + store_cycles;
          write_4(m->ram + offset, amo((uint32_t)s->imm, old, operand));
          x[s->rd] = old;
        }
        if (offset < m->code_high && offset + 4u > m->code_low) forget_code(m, offset, 4);
        break;
      }
      BRANCH(OP_BEQ, a == b)
      BRANCH(OP_BNE, a != b)
      BRANCH(OP_BLT, (int32_t)a < (int32_t)b)
      BRANCH(OP_BGE, (int32_t)a >= (int32_t)b)
      BRANCH(OP_BLTU, a < b)
      BRANCH(OP_BGEU, a >= b)
      case OP_JAL:
        x[s->rd] = machine_pc_of(m, at) + 2u + 2u * s->extra;
        time += 1;
        target = (uint32_t)s->imm;
        goto jump_to_slot;
      case OP_JALR:
        address = (x[s->rs1] + (uint32_t)s->imm) & ~1u;
        x[s->rd] = machine_pc_of(m, at) + 2u + 2u * s->extra;
        time += 1;
        goto jump_to_address;
      case OP_FENCE:
        time += 1;
        break;
      case OP_ECALL:
        stop = STOP_ECALL;
        goto leave;
      case OP_EBREAK:
        stop = STOP_BREAK;
        goto leave;
      case OP_WFI:
        stop = STOP_WAIT;
        goto leave;
      case OP_MRET:
        time += 1;
        address = m->mepc & ~1u;
        goto jump_to_address;
      default: /* OP_CSR */
        if (!access_csr(m, s)) {
          stop = STOP_ILLEGAL_INSTRUCTION;
          goto leave;
        }
        time += 1;
        break;
    }

    at += 1u + s->extra;
    executed++;
#if PROFILE
    m->counters[from].cycles += time - began;
    m->counters[from].executions++;
#endif
    continue;

  jump_to_slot:
    if (target == UINT32_MAX) {
      address = machine_target_of(m, at);
      goto jump_to_address;
    }
    goto redirect;

  jump_to_address:
    target = machine_slot_of(m, address);
    if (target == UINT32_MAX) {
      executed++;
#if PROFILE
      m->counters[from].cycles += time - began;
      m->counters[from].executions++;
#endif
      stop = address == MACHINE_RETURN_ADDRESS ? STOP_RETURN : STOP_FETCH_FAULT;
      value = address;
      m->pc = address;
      goto leave_without_pc;
    }

  redirect:
    if (jump_cycles != 0) {
      time += jump_cycles - 1u;
    } else if (target < flash_slots) {
      time = fetch_jump_to_flash(&fetch, time, target >> 1, flash_cycles);
    } else {
      fetch.line = FETCH_IN_RAM;
      if (slots[target].op == OP_UNDECODED && target != flash_slots + 2u + m->ram_slots) machine_decode(m, target);
      time += 2u + ((target & 1u) && slots[target].extra);
    }
#if PROFILE
    m->counters[from].cycles += time - began;
    m->counters[from].executions++;
    if (s->real_op == OP_JAL || s->real_op == OP_JALR) {
      if (slots[target].op == OP_UNDECODED) machine_decode(m, target);
      if (s->rd == 1 || s->rd == 5) {
        call_tree_enter(m->profile, slots[target].function, x[s->rd], time);
      } else {
        call_tree_jump(m->profile, machine_pc_of(m, target), slots[target].function, time);
      }
    }
#endif
    at = target;
    executed++;
    continue;

  load_misaligned:
    stop = STOP_LOAD_MISALIGNED;
    value = address;
    goto leave;
  store_misaligned:
    stop = STOP_STORE_MISALIGNED;
    value = address;
    goto leave;
  load_fault:
    stop = STOP_LOAD_FAULT;
    value = address;
    m->device_fault = 0;
    goto leave;
  store_fault:
    stop = STOP_STORE_FAULT;
    value = address;
    m->device_fault = 0;
    goto leave;
  }

leave:
  m->pc = machine_pc_of(m, at);
leave_without_pc:
  watch_stack(m);
  if (stop == STOP_ILLEGAL_INSTRUCTION) value = machine_raw_at(m, at);
#if PROFILE
  call_tree_finish(m->profile, time);
#endif
  m->cycles = time;
  m->instructions += executed;
  m->fetch_arrival = fetch.arrival;
  m->fetch_crossings[0] = fetch.crossed;
  m->fetch_crossings[1] = fetch.crossed_before;
  m->fetch_line = fetch.line;
  m->stop = stop;
  m->stop_value = value;
  return stop;
}

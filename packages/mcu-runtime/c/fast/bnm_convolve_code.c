/*
 * The sums of a channel by code for its weights. Interface: bnm_fast.h; idea: bnm_layer_code.h. Encodings: The RISC-V Instruction Set Manual,
 * volume I, chapters RV32I and "C".
 */
#include "bnm_layer_code.h"

#include "bnm_assert_layout.h"
#include "bnm_hot.h"
#include "bnm_signed_digits.h"

BNM_ASSERT_EQUAL(layer_code_bytes, sizeof(struct bnm_layer_code) + BNM_CODE_END_BYTES + BNM_CODE_WEIGHT_BYTES, BNM_CONVOLVE_CODE_SCRATCH(1u));

#if defined(BNM_RUN_TIME_CODE)

BNM_ASSERT_OFFSET(code, bnm_code_rows, code, BNM_CODE_ROWS_CODE);
BNM_ASSERT_OFFSET(x, bnm_code_rows, x, BNM_CODE_ROWS_X);
BNM_ASSERT_OFFSET(sums, bnm_code_rows, sums, BNM_CODE_ROWS_SUMS);
BNM_ASSERT_OFFSET(width, bnm_code_rows, width, BNM_CODE_ROWS_WIDTH);
BNM_ASSERT_OFFSET(next, bnm_code_rows, next, BNM_CODE_ROWS_NEXT);
BNM_ASSERT_OFFSET(rows, bnm_code_rows, rows, BNM_CODE_ROWS_ROWS);

BNM_ASSERT_OFFSET(writer_code, bnm_code_writer, code, BNM_CODE_WRITER_CODE);
BNM_ASSERT_OFFSET(writer_last, bnm_code_writer, last, BNM_CODE_WRITER_LAST);
BNM_ASSERT_OFFSET(writer_offset, bnm_code_writer, offset, BNM_CODE_WRITER_OFFSET);
BNM_ASSERT_OFFSET(writer_positions, bnm_code_writer, positions, BNM_CODE_WRITER_POSITIONS);

/* Registers. Positions of digits: s0 s1 a0 ... a5. */
#define RA 1u
#define SP 2u
#define TP 4u
#define T0 5u
#define ELEMENT 6u
#define POSITION(NUMBER) (8u + (NUMBER))

/* Halves of words where instructions have registers and constants. */
#define RD(NUMBER) ((NUMBER) << 7)
#define RS1(NUMBER) ((NUMBER) << 15)
#define RS2(NUMBER) ((NUMBER) << 20)
#define IMMEDIATE(VALUE) ((uint32_t)(VALUE) << 20)
#define C_RS2(NUMBER) ((NUMBER) << 2)

#define LB 0x0003u
#define LW 0x2003u
#define SW 0x2023u /* at offset 0 */
#define SUB 0x40000033u
#define ADDI 0x0013u
#define BNE 0x1063u
#define JALR 0x0067u
#define C_MV 0x8002u
#define C_ADD 0x9002u
#define C_SLLI 0x0002u

static uint16_t *write_word(uint16_t *code, uint32_t word) {
  code[0] = (uint16_t)word;
  code[1] = (uint16_t)(word >> 16);
  return code + 2;
}

/* The offset of a conditional branch, backwards by less than 2 kB. */
static uint32_t branch_offset(int bytes) {
  const uint32_t offset = (uint32_t)bytes;
  return (offset & 0x80000000u) | (offset >> 5 & 0x3Fu) << 25 | (offset >> 1 & 0xFu) << 8 | (offset >> 11 & 1u) << 7;
}

/* One sum of all positions; its register. */
static uint16_t *write_sum(uint16_t *code, unsigned positions, unsigned *sum) {
  if (positions == 0) {
    *sum = POSITION(0u);
    return write_word(code, ADDI | RD(POSITION(0u)));
  }
  unsigned position = 7, shift = 0;
  while ((positions >> position & 1u) == 0) position--;
  *sum = POSITION(position);
  while (position-- != 0) {
    shift++;
    if ((positions >> position & 1u) == 0) continue;
    *code++ = (uint16_t)(C_SLLI | RD(*sum) | C_RS2(shift));
    *code++ = (uint16_t)(C_ADD | RD(*sum) | C_RS2(POSITION(position)));
    shift = 0;
  }
  if (shift != 0) *code++ = (uint16_t)(C_SLLI | RD(*sum) | C_RS2(shift));
  return code;
}

/* Adds the sum to that in memory, or puts it there, goes on to the next output, and runs all that. */
BNM_WARM(bnm_run_part)
static void run_part(const struct bnm_code_writer *writer, const struct bnm_code_rows *rows, unsigned step, int is_first) {
  unsigned sum;
  uint16_t *code = write_sum(writer->code, writer->positions, &sum);
  if (is_first == 0) {
    code = write_word(code, LW | RD(ELEMENT) | RS1(RA));
    *code++ = (uint16_t)(C_ADD | RD(sum) | C_RS2(ELEMENT));
  }
  code = write_word(code, SW | RS1(RA) | RS2(sum));
  code = write_word(code, ADDI | RD(T0) | RS1(T0) | IMMEDIATE(step));
  code = write_word(code, ADDI | RD(RA) | RS1(RA) | IMMEDIATE(4));
  code = write_word(code, BNE | RS1(T0) | RS2(TP) | branch_offset((int)((rows->code - code) * 2)));
  code = write_word(code, LW | RD(ELEMENT) | RS1(SP) | IMMEDIATE(BNM_CODE_RETURN));
  write_word(code, JALR | RS1(ELEMENT));
  bnm_run_code_rows(rows);
}

BNM_WARM(bnm_convolve_code)
void bnm_convolve_code(const bnm_conv_layer *layer, struct bnm_weight_row *row, const struct bnm_channel_outputs *to) {
  const bnm_conv2d *const conv = &layer->conv;
  struct bnm_layer_code *const s = (struct bnm_layer_code *)(void *)row->weights;
  struct bnm_code_rows rows = {s->code, to->x, to->sums, to->width * to->step, to->next_row, conv->out_height};
  const unsigned last = layer->weight_bytes - (unsigned)sizeof *s - BNM_CODE_END_BYTES - BNM_CODE_WEIGHT_BYTES;
  struct bnm_code_writer writer = {s->code, s->code + last / 2u, 0, 0};
  const unsigned kernel_width = conv->kernel_width;
  unsigned done = 0;
  int is_first = 1;
  for (unsigned planes = conv->group_inputs; planes != 0; planes--) {
    for (unsigned rows_left = conv->kernel_height; rows_left != 0; rows_left--) {
      for (unsigned left = kernel_width; left != 0;) {
        const unsigned count = left < BNM_CODE_WEIGHTS ? left : BNM_CODE_WEIGHTS;
        const int16_t *const end = s->weights + count;
        conv->unpack(row->codes, (uint16_t)done, (uint16_t)count, s->weights);
        done += count;
        left -= count;
        for (const int16_t *weight = s->weights;;) {
          /* Loads reach elements up to 2047. */
          if (writer.offset + count <= 2048u) weight = bnm_write_products(&writer, weight, end);
          if (weight == end) break;
          run_part(&writer, &rows, to->step, is_first);
          is_first = 0;
          rows.x += writer.offset;
          writer.code = s->code;
          writer.offset = 0;
          writer.positions = 0;
        }
      }
      writer.offset += row->plane_width - kernel_width;
    }
    writer.offset += row->next_plane;
  }
  run_part(&writer, &rows, to->step, is_first);
}

#else

/* Where nothing may write code: by lists. */
BNM_COLD void bnm_convolve_code(const bnm_conv_layer *layer, struct bnm_weight_row *row, const struct bnm_channel_outputs *to) {
  bnm_conv_layer listed = *layer;
  int16_t *const scratch = row->weights;
  listed.list = bnm_list_digits;
  row->list = (uint16_t *)(void *)scratch;
  row->weights = scratch + BNM_CONV_WEIGHTS;
  bnm_convolve_digits(&listed, row, to);
  row->weights = scratch;
}

#endif

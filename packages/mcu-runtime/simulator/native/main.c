/*
 * The simulator core as a program: runs cases from standard input, for the sanitizers and for comparison with WebAssembly.
 * Native byte order, 32-bit words.
 *
 * case    struct config; pc; sp; budget; flash bytes
 * result  stop, stop value, pc, cycles (2), instructions (2), lowest sp, x0 ... x31, FNV-1a hash of RAM
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/machine.h"

enum { CONFIG_WORDS = sizeof(struct config) / 4, CASE_WORDS = CONFIG_WORDS + 3, RESULT_WORDS = 8 + REGISTERS + 1 };

uint32_t device_read(struct machine *m, uint32_t address, uint32_t bytes) {
  (void)address;
  (void)bytes;
  m->device_fault = 1;
  return 0;
}

void device_write(struct machine *m, uint32_t address, uint32_t bytes, uint32_t value) {
  (void)address;
  (void)bytes;
  (void)value;
  m->device_fault = 1;
}

static void fail(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(1);
}

int main(void) {
  uint32_t words[CASE_WORDS];
  while (fread(words, sizeof words, 1, stdin) == 1) {
    struct config config;
    memcpy(&config, words, sizeof config);
    const uint32_t bytes = machine_bytes(&config);
    if (bytes == 0) fail("a configuration that is not valid");
    void *block = malloc(bytes);
    if (!block) fail("no memory");
    struct machine *m = machine_create(block, &config);
    if (fread(m->flash, 1, config.flash_size, stdin) != config.flash_size) fail("a case that is cut off");
    machine_reset(m, words[CONFIG_WORDS], words[CONFIG_WORDS + 1]);
    machine_run(m, words[CONFIG_WORDS + 2]);

    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < config.ram_size; i++) hash = (hash ^ m->ram[i]) * 16777619u;
    uint32_t result[RESULT_WORDS] = {m->stop, m->stop_value, m->pc, (uint32_t)m->cycles, (uint32_t)(m->cycles >> 32),
                                     (uint32_t)m->instructions, (uint32_t)(m->instructions >> 32), m->lowest_sp};
    for (unsigned i = 0; i < REGISTERS; i++) result[8 + i] = m->x[i];
    result[8 + REGISTERS] = hash;
    fwrite(result, sizeof result, 1, stdout);
    free(block);
  }
  return 0;
}

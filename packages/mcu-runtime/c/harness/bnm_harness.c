/*
 * Runs prebuilt images on the host. stdin: requests until the end, each of them u32 bytes of the image, u32 samples, u32 guards of
 * the image, u32 guards of ram, the image, the guards, and the int8 samples; stdout: for each sample the u32 status
 * of bnm_run and the int32 logits, as far as the first status that is not 0. A guard is u32 start and
 * u32 end of bytes that nothing may touch, the end being a multiple of 8: an address sanitizer is told of them. All numbers are
 * little-endian. This program is for checking on a host only, so it may use libc.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bnm.h"
#include "bnm_image.h"

#if defined(_WIN32)
#include <fcntl.h>
#include <io.h>
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BNM_ADDRESS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define BNM_ADDRESS_SANITIZER
#endif
#if defined(BNM_ADDRESS_SANITIZER)
#include <sanitizer/asan_interface.h>
#define FORBID(MEMORY, BYTES) __asan_poison_memory_region(MEMORY, BYTES)
#else
#define FORBID(MEMORY, BYTES) ((void)(MEMORY), (void)(BYTES))
#endif

static uint32_t u32(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static int fail(const char *message) {
  fprintf(stderr, "bnm_harness: %s\n", message);
  return 1;
}

/* Reads guards and forbids their bytes. */
static int set_guards(uint8_t *memory, size_t bytes, size_t count) {
  uint8_t guard[8];
  for (; count > 0; count--) {
    if (fread(guard, 1, sizeof guard, stdin) != sizeof guard) return fail("the guards are truncated");
    const size_t start = u32(guard), end = u32(guard + 4);
    if (start > end || end > bytes) return fail("a guard lies outside of its memory");
    FORBID(memory + start, end - start);
  }
  return 0;
}

/* The rest of a request, behind its four numbers. */
static int run_image(size_t image_bytes, size_t samples, size_t image_guards, size_t ram_guards) {
  uint8_t *image = malloc(image_bytes > 0 ? image_bytes : 1);
  if (image == 0) return fail("out of memory for the image");
  if (fread(image, 1, image_bytes, stdin) != image_bytes) return fail("the image is truncated");
  if (image_bytes < BNM_IMAGE_HEADER_BYTES || u32(image) != BNM_IMAGE_MAGIC) return fail("this is not an image");

  /* Exact sizes, so that an address sanitizer sees every access beyond them. */
  const size_t outputs = bnm_image_outputs(image);
  const size_t ram_bytes = bnm_image_ram_bytes(image);
  const size_t inputs = bnm_image_inputs(image);
  int8_t *input = malloc(inputs > 0 ? inputs : 1);
  uint8_t *ram = malloc(ram_bytes > 0 ? ram_bytes : 1);
  int32_t *logits = malloc((outputs > 0 ? outputs : 1) * sizeof *logits);
  if (input == 0 || ram == 0 || logits == 0) return fail("out of memory for the buffers");
  if (set_guards(image, image_bytes, image_guards) != 0 || set_guards(ram, ram_bytes, ram_guards) != 0) return 1;

  for (size_t sample = 0; sample < samples; sample++) {
    if (fread(input, 1, inputs, stdin) != inputs) return fail("a sample is incomplete");
    const uint32_t status = (uint32_t)bnm_run(image, input, ram, logits);
    if (fwrite(&status, sizeof status, 1, stdout) != 1) return fail("the status could not be written");
    if (status != BNM_OK) exit(0);
    if (fwrite(logits, sizeof *logits, outputs, stdout) != outputs) return fail("the logits could not be written");
  }
  free(logits);
  free(ram);
  free(input);
  free(image);
  return 0;
}

int main(void) {
#if defined(_WIN32)
  _setmode(_fileno(stdin), _O_BINARY);
  _setmode(_fileno(stdout), _O_BINARY);
#endif
  uint8_t numbers[16];
  size_t got;
  int status = 0;
  while (status == 0 && (got = fread(numbers, 1, sizeof numbers, stdin)) != 0) {
    status = got == sizeof numbers ? run_image(u32(numbers), u32(numbers + 4), u32(numbers + 8), u32(numbers + 12))
                                  : fail("a request is incomplete");
  }
  return status;
}

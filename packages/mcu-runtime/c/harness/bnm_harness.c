/*
 * Runs a prebuilt image on the host. stdin: u32 bytes of the image (little-endian), the image, then int8 samples until the
 * end; stdout: the int32 logits of each. This program is for checking on a host only, so it may use libc.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bnm.h"
#include "bnm_image.h"

#if defined(_WIN32)
#include <fcntl.h>
#include <io.h>
#endif

static uint32_t u32(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static int fail(const char *message) {
  fprintf(stderr, "bnm_harness: %s\n", message);
  return 1;
}

int main(void) {
#if defined(_WIN32)
  _setmode(_fileno(stdin), _O_BINARY);
  _setmode(_fileno(stdout), _O_BINARY);
#endif
  uint8_t length[4];
  if (fread(length, 1, sizeof length, stdin) != sizeof length) return fail("no image on stdin");
  const size_t image_bytes = u32(length);
  uint8_t *image = malloc(image_bytes > 0 ? image_bytes : 1);
  if (image == 0) return fail("out of memory");
  if (fread(image, 1, image_bytes, stdin) != image_bytes) return fail("the image is truncated");
  if (image_bytes < BNM_IMAGE_HEADER_BYTES || u32(image) != BNM_IMAGE_MAGIC) return fail("this is not an image");

  /* Exact sizes, so that an address sanitizer sees every access beyond them. */
  const size_t outputs = (size_t)image[6] | (size_t)image[7] << 8;
  const size_t ram_bytes = u32(image + 8);
  const size_t inputs = u32(image + 12);
  int8_t *input = malloc(inputs);
  uint8_t *ram = malloc(ram_bytes > 0 ? ram_bytes : 1);
  int32_t *logits = malloc(outputs * sizeof *logits);
  if (input == 0 || ram == 0 || logits == 0) return fail("out of memory");

  size_t got;
  while ((got = fread(input, 1, inputs, stdin)) == inputs) {
    bnm_run(image, input, ram, logits);
    if (fwrite(logits, sizeof *logits, outputs, stdout) != outputs) return fail("the logits could not be written");
  }
  free(logits);
  free(ram);
  free(input);
  free(image);
  return got == 0 ? 0 : fail("the last sample is incomplete");
}

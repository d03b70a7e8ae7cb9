/* Buffers for tests of single kernels. */
#include <stdint.h>

__attribute__((section(".weights"), aligned(4))) const uint8_t
    test_weights[4 + 2 * (MAX_OUTPUTS + 1) + 2 * 4 * MAX_INPUTS * (MAX_OUTPUTS / 8 + 1)];
int8_t test_x[MAX_INPUTS];
int32_t test_acc[MAX_OUTPUTS + 1];

// C = A·B or C += A·B for small matrices: a register tile over rows of A and whole vectors of B's columns.
// A has any strides (so it may be transposed), B and C are row-major with n a multiple of 16. No packing: B's row
// strides are chosen so that a panel of B spreads over the cache's sets.
#pragma once
#include "../engine.h"

// The tile that fills the register file: sums, one row of B, one element of A (and one product where nothing is fused).
#if LANES == 16 || defined(__aarch64__)
#define TILE_ROWS 6
#define TILE_VECTORS 4
#elif defined(__AVX2__)
#define TILE_ROWS 6
#define TILE_VECTORS 2
#else
#define TILE_ROWS 4
#define TILE_VECTORS 2
#endif

typedef struct {
  ptrdiff_t row_a, column_a, row_b, row_c;
} Strides;

#define DEFINE_TILE(ROWS, VECTORS)                                                                                     \
  static void tile_##ROWS##x##VECTORS(int32_t k, const float *a, const float *b, float *c, Strides s, int accumulate) { \
    vf sum[ROWS][VECTORS];                                                                                             \
    UNROLL for (int i = 0; i < ROWS; i++) {                                                                            \
      UNROLL for (int j = 0; j < VECTORS; j++) sum[i][j] = accumulate ? load(c + i * s.row_c + j * LANES) : (vf){0};   \
    }                                                                                                                  \
    for (int32_t p = 0; p < k; p++, a += s.column_a, b += s.row_b) {                                                   \
      vf column[VECTORS];                                                                                              \
      UNROLL for (int j = 0; j < VECTORS; j++) column[j] = load(b + j * LANES);                                        \
      UNROLL for (int i = 0; i < ROWS; i++) {                                                                          \
        vf x = splat(a[i * s.row_a]);                                                                                  \
        UNROLL for (int j = 0; j < VECTORS; j++) sum[i][j] = fma_(x, column[j], sum[i][j]);                            \
      }                                                                                                                \
    }                                                                                                                  \
    UNROLL for (int i = 0; i < ROWS; i++) {                                                                            \
      UNROLL for (int j = 0; j < VECTORS; j++) store(c + i * s.row_c + j * LANES, sum[i][j]);                          \
    }                                                                                                                  \
  }

#if TILE_ROWS == 6
#define DEFINE_TILES(V)                                                                                                \
  DEFINE_TILE(1, V) DEFINE_TILE(2, V) DEFINE_TILE(3, V) DEFINE_TILE(4, V) DEFINE_TILE(5, V) DEFINE_TILE(6, V)
#define TILE_ROW(V) {tile_1x##V, tile_2x##V, tile_3x##V, tile_4x##V, tile_5x##V, tile_6x##V}
#else
#define DEFINE_TILES(V) DEFINE_TILE(1, V) DEFINE_TILE(2, V) DEFINE_TILE(3, V) DEFINE_TILE(4, V)
#define TILE_ROW(V) {tile_1x##V, tile_2x##V, tile_3x##V, tile_4x##V}
#endif

DEFINE_TILES(1)
DEFINE_TILES(2)
#if TILE_VECTORS == 4
DEFINE_TILES(3)
DEFINE_TILES(4)
#endif

typedef void (*Tile)(int32_t, const float *, const float *, float *, Strides, int);
static const Tile TILES[TILE_VECTORS][TILE_ROWS] = {
    TILE_ROW(1), TILE_ROW(2),
#if TILE_VECTORS == 4
    TILE_ROW(3), TILE_ROW(4),
#endif
};

static void multiply(int32_t m, int32_t n, int32_t k, const float *a, const float *b, float *c, Strides s, int accumulate) {
  for (int32_t column = 0; column < n;) {
    int32_t vectors = (n - column) / LANES;
    if (vectors > TILE_VECTORS) vectors = TILE_VECTORS;
    const Tile *tiles = TILES[vectors - 1];
    for (int32_t row = 0; row < m; row += TILE_ROWS) {
      int32_t rows = m - row < TILE_ROWS ? m - row : TILE_ROWS;
      tiles[rows - 1](k, a + row * s.row_a, b + column, c + row * s.row_c + column, s, accumulate);
    }
    column += vectors * LANES;
  }
}

KERNEL matrixMultiply(Context *ctx, const Op_matrixMultiply *op) {
  Strides strides = {op->rowStrideA, op->columnStrideA, op->strideB, op->strideC};
  multiply(size_of(ctx, op->m), op->n, size_of(ctx, op->k), at(ctx, op->a), at(ctx, op->b), at(ctx, op->c), strides,
           op->accumulate);
}

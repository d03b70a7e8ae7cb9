// Geometry, lanes and register tiles of convolutions of any kind. Each lane of a vector is one sample, so an input position of a block of
// samples is one vector: no patches are gathered, and every kernel position of every output is a multiply-add of whole vectors.
#pragma once
#include "matrix-multiply.h"

/** Lengths of one sample's maps and of one output's weights; margins are part of the input map. */
typedef struct {
  Convolution cv;
  int32_t padded_height, padded_width, inputs, positions, outputs, taps;
} Geometry2d;

static Geometry2d geometry_2d(const Context *ctx, int32_t offset) {
  const Convolution cv = *(const Convolution *)at(ctx, offset);
  const int32_t height = cv.height + 2 * cv.padding_y, width = cv.width + 2 * cv.padding_x;
  return (Geometry2d){
      .cv = cv,
      .padded_height = height,
      .padded_width = width,
      .inputs = cv.channels * height * width,
      .positions = cv.out_height * cv.out_width,
      .outputs = cv.out_channels / cv.groups,
      .taps = cv.channels / cv.groups * cv.kernel_height * cv.kernel_width,
  };
}

/** Where the map that an output position sees begins, from that of the group's first channel. */
INLINE int32_t origin_of(const Geometry2d *g, int32_t position) {
  const int32_t y = position / g->cv.out_width, x = position % g->cv.out_width;
  return y * g->cv.stride_y * g->padded_width + x * g->cv.stride_x;
}

/** Where a kernel position reads, from the origin of the output position. */
INLINE int32_t tap_of(const Geometry2d *g, int32_t k) {
  const int32_t x = k % g->cv.kernel_width, rest = k / g->cv.kernel_width;
  const int32_t y = rest % g->cv.kernel_height, channel = rest / g->cv.kernel_height;
  return (channel * g->padded_height + y) * g->padded_width + x;
}

typedef struct {
  Context *ctx;
  const Op_convolution *forward;
  const Op_convolutionBackward *backward;
  Geometry2d g;
  /** Samples as lanes, a block of LANES samples after the other: input maps with margins, and output maps. */
  vf *inputs, *outputs;
  int32_t blocks;
} ConvolutionJob;

INLINE int32_t lanes_in(const ConvolutionJob *job, int32_t block) {
  const int32_t rest = job->ctx->batch - block * LANES;
  return rest < LANES ? rest : LANES;
}

/** Rows of samples → one vector for each of `count` features; lanes without a sample are 0. */
static void samples_to_lanes(const float *rows, ptrdiff_t stride, int32_t lanes, int32_t count, vf *to) {
  if (lanes < LANES) memset(to, 0, (size_t)count * sizeof(vf));
  for (int32_t lane = 0; lane < lanes; lane++) {
    const float *row = rows + lane * stride;
    float *column = (float *)to + lane;
    for (int32_t i = 0; i < count; i++) column[(ptrdiff_t)i * LANES] = row[i];
  }
}

static void lanes_to_samples(const vf *from, int32_t count, float *rows, ptrdiff_t stride, int32_t lanes) {
  for (int32_t lane = 0; lane < lanes; lane++) {
    float *row = rows + lane * stride;
    const float *column = (const float *)from + lane;
    for (int32_t i = 0; i < count; i++) row[i] = column[(ptrdiff_t)i * LANES];
  }
}

/** A block's input maps, with margins of zeros. */
static void load_maps(const ConvolutionJob *job, int32_t block, const float *input, ptrdiff_t stride) {
  const Geometry2d *g = &job->g;
  const Convolution *cv = &g->cv;
  vf *to = job->inputs + (ptrdiff_t)block * g->inputs;
  const float *rows = input + (ptrdiff_t)block * LANES * stride;
  const int32_t lanes = lanes_in(job, block);
  if (g->inputs == cv->channels * cv->height * cv->width) {
    samples_to_lanes(rows, stride, lanes, g->inputs, to);
    return;
  }
  memset(to, 0, (size_t)g->inputs * sizeof(vf));
  for (int32_t line = 0; line < cv->channels * cv->height; line++) {
    const int32_t channel = line / cv->height, y = line % cv->height;
    const ptrdiff_t start = ((ptrdiff_t)channel * g->padded_height + y + cv->padding_y) * g->padded_width + cv->padding_x;
    samples_to_lanes(rows + (ptrdiff_t)line * cv->width, stride, lanes, cv->width, to + start);
  }
}

/** A block's maps without the margins, back to rows. */
static void store_maps(const ConvolutionJob *job, int32_t block, float *output, ptrdiff_t stride) {
  const Geometry2d *g = &job->g;
  const Convolution *cv = &g->cv;
  const vf *from = job->inputs + (ptrdiff_t)block * g->inputs;
  float *rows = output + (ptrdiff_t)block * LANES * stride;
  for (int32_t line = 0; line < cv->channels * cv->height; line++) {
    const int32_t channel = line / cv->height, y = line % cv->height;
    const ptrdiff_t start = ((ptrdiff_t)channel * g->padded_height + y + cv->padding_y) * g->padded_width + cv->padding_x;
    lanes_to_samples(from + start, cv->width, rows + (ptrdiff_t)line * cv->width, stride, lanes_in(job, block));
  }
}

// Register tiles as in matrix-multiply.h: ROWS weights times VECTORS positions of a block of samples.
// forward: sums[row][j] += weights[row·row_step + k]·x[j][tap(k)]; backward: sums over outputs, one output map further each step.
// No order of sums depends on the tile's size: `spread` adds to an element of dx from its output positions in ascending order, which
// are its kernel positions in descending order, and `correlate` sums 16 samples as 16 lanes (`blocks` begins with the first of them).
#define DEFINE_CONVOLUTION_TILES(ROWS, VECTORS)                                                                        \
  static void convolve_##ROWS##x##VECTORS(const Geometry2d *g, const float *w, ptrdiff_t row_step, const vf *x,        \
                                          const int32_t *origins, const float *bias, vf *y) {                          \
    vf sum[ROWS][VECTORS];                                                                                             \
    UNROLL for (int i = 0; i < ROWS; i++) {                                                                            \
      UNROLL for (int j = 0; j < VECTORS; j++) sum[i][j] = splat(bias ? bias[i] : 0);                                  \
    }                                                                                                                  \
    const int32_t channels = g->cv.channels / g->cv.groups;                                                            \
    for (int32_t c = 0; c < channels; c++)                                                                             \
      for (int32_t ky = 0; ky < g->cv.kernel_height; ky++) {                                                           \
        const vf *line = x + ((ptrdiff_t)c * g->padded_height + ky) * g->padded_width;                                 \
        for (int32_t kx = 0; kx < g->cv.kernel_width; kx++, line++, w++) {                                             \
          vf column[VECTORS];                                                                                          \
          UNROLL for (int j = 0; j < VECTORS; j++) column[j] = line[origins[j]];                                       \
          UNROLL for (int i = 0; i < ROWS; i++) {                                                                      \
            const vf weight = splat(w[i * row_step]);                                                                  \
            UNROLL for (int j = 0; j < VECTORS; j++) sum[i][j] = fma_(weight, column[j], sum[i][j]);                   \
          }                                                                                                            \
        }                                                                                                              \
      }                                                                                                                \
    UNROLL for (int i = 0; i < ROWS; i++) {                                                                            \
      UNROLL for (int j = 0; j < VECTORS; j++) y[(ptrdiff_t)i * g->positions + j] = sum[i][j];                         \
    }                                                                                                                  \
  }                                                                                                                    \
  static void spread_##ROWS##x##VECTORS(const Geometry2d *g, const float *w, ptrdiff_t row_step, const vf *dy,         \
                                        const int32_t *origins, const int32_t *taps, vf *dx) {                         \
    vf sum[ROWS][VECTORS] = {{{0}}};                                                                                   \
    for (int32_t o = 0; o < g->outputs; o++, w += row_step, dy += g->positions) {                                      \
      UNROLL for (int i = 0; i < ROWS; i++) {                                                                          \
        const vf weight = splat(w[i]);                                                                                 \
        UNROLL for (int j = 0; j < VECTORS; j++) sum[i][j] = fma_(weight, dy[j], sum[i][j]);                           \
      }                                                                                                                \
    }                                                                                                                  \
    UNROLL for (int i = ROWS - 1; i >= 0; i--) {                                                                       \
      UNROLL for (int j = 0; j < VECTORS; j++) dx[origins[j] + taps[i]] += sum[i][j];                                  \
    }                                                                                                                  \
  }                                                                                                                    \
  static void correlate_##ROWS##x##VECTORS(const ConvolutionJob *job, const vf *dy, const vf *x, const int32_t *taps,  \
                                           int32_t blocks, float *dw, ptrdiff_t row_step) {                            \
    const Geometry2d *g = &job->g;                                                                                     \
    const ptrdiff_t map = (ptrdiff_t)g->cv.out_channels * g->positions;                                                \
    vf sums[ROWS][VECTORS][PARTS];                                                                                     \
    for (int part = 0; part < PARTS; part++) {                                                                         \
      vf sum[ROWS][VECTORS] = {{{0}}};                                                                                 \
      for (ptrdiff_t block = part; block < blocks; block += PARTS) {                                                   \
        const vf *gradient = dy + block * map, *line = x + block * g->inputs;                                          \
        for (int32_t oy = 0; oy < g->cv.out_height; oy++, line += (ptrdiff_t)g->cv.stride_y * g->padded_width) {       \
          const vf *origin = line;                                                                                     \
          for (int32_t ox = 0; ox < g->cv.out_width; ox++, origin += g->cv.stride_x, gradient++) {                     \
            vf column[VECTORS];                                                                                        \
            UNROLL for (int j = 0; j < VECTORS; j++) column[j] = origin[taps[j]];                                      \
            UNROLL for (int i = 0; i < ROWS; i++) {                                                                    \
              const vf d = gradient[(ptrdiff_t)i * g->positions];                                                      \
              UNROLL for (int j = 0; j < VECTORS; j++) sum[i][j] = fma_(d, column[j], sum[i][j]);                      \
            }                                                                                                          \
          }                                                                                                            \
        }                                                                                                              \
      }                                                                                                                \
      UNROLL for (int i = 0; i < ROWS; i++) {                                                                          \
        UNROLL for (int j = 0; j < VECTORS; j++) sums[i][j][part] = sum[i][j];                                         \
      }                                                                                                                \
    }                                                                                                                  \
    UNROLL for (int i = 0; i < ROWS; i++) {                                                                            \
      UNROLL for (int j = 0; j < VECTORS; j++) dw[i * row_step + j] += sum_(sums[i][j]);                               \
    }                                                                                                                  \
  }

#if TILE_ROWS == 6
#define DEFINE_CONVOLUTION_ROWS(V)                                                                                     \
  DEFINE_CONVOLUTION_TILES(1, V) DEFINE_CONVOLUTION_TILES(2, V) DEFINE_CONVOLUTION_TILES(3, V)                         \
  DEFINE_CONVOLUTION_TILES(4, V) DEFINE_CONVOLUTION_TILES(5, V) DEFINE_CONVOLUTION_TILES(6, V)
#define ROW_OF(NAME, V) {NAME##_1x##V, NAME##_2x##V, NAME##_3x##V, NAME##_4x##V, NAME##_5x##V, NAME##_6x##V}
#else
#define DEFINE_CONVOLUTION_ROWS(V)                                                                                     \
  DEFINE_CONVOLUTION_TILES(1, V) DEFINE_CONVOLUTION_TILES(2, V) DEFINE_CONVOLUTION_TILES(3, V) DEFINE_CONVOLUTION_TILES(4, V)
#define ROW_OF(NAME, V) {NAME##_1x##V, NAME##_2x##V, NAME##_3x##V, NAME##_4x##V}
#endif

DEFINE_CONVOLUTION_ROWS(1)
DEFINE_CONVOLUTION_ROWS(2)
#if TILE_VECTORS == 4
DEFINE_CONVOLUTION_ROWS(3)
DEFINE_CONVOLUTION_ROWS(4)
#define TABLE_OF(NAME) {ROW_OF(NAME, 1), ROW_OF(NAME, 2), ROW_OF(NAME, 3), ROW_OF(NAME, 4)}
#else
#define TABLE_OF(NAME) {ROW_OF(NAME, 1), ROW_OF(NAME, 2)}
#endif

typedef void (*Convolve)(const Geometry2d *, const float *, ptrdiff_t, const vf *, const int32_t *, const float *, vf *);
typedef void (*Spread)(const Geometry2d *, const float *, ptrdiff_t, const vf *, const int32_t *, const int32_t *, vf *);
typedef void (*Correlate)(const ConvolutionJob *, const vf *, const vf *, const int32_t *, int32_t, float *, ptrdiff_t);
static const Convolve CONVOLVE[TILE_VECTORS][TILE_ROWS] = TABLE_OF(convolve);
static const Spread SPREAD[TILE_VECTORS][TILE_ROWS] = TABLE_OF(spread);
static const Correlate CORRELATE[TILE_VECTORS][TILE_ROWS] = TABLE_OF(correlate);

#include "quant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t panels_of(const Quantized *layer)
{
    return (layer->outputs + QUANT_LANES - 1) / QUANT_LANES;
}

int quantized_pack(Quantized *layer, size_t outputs, size_t pieces, size_t segments, size_t length,
                   const float *weights, const float *bias)
{
    *layer = (Quantized){outputs, pieces, segments, length, NULL, NULL, NULL};
    const size_t columns = panels_of(layer) * pieces * QUANT_LANES, inputs = segments * length;
    const size_t stride = pieces * QUANT_LANES; /* of a row of columns within a panel */
    layer->weights = calloc(columns * inputs, 1);
    layer->offsets = calloc(columns * segments, sizeof *layer->offsets);
    layer->scales = calloc(columns * 2, sizeof *layer->scales);
    if (!layer->weights || !layer->offsets || !layer->scales) {
        quantized_free(layer);
        return -1;
    }
    for (size_t o = 0; o < outputs; o++)
        for (size_t p = 0; p < pieces; p++) {
            const size_t panel = o / QUANT_LANES, column = p * QUANT_LANES + o % QUANT_LANES;
            const float *row = weights + (o * pieces + p) * inputs;
            float most = 0;
            for (size_t k = 0; k < inputs; k++)
                most = fmaxf(most, fabsf(row[k]));
            const float scale = most > 0 ? most / 127 : 1;
            layer->scales[panel * 2 * stride + column] = scale;
            layer->scales[(panel * 2 + 1) * stride + column] = bias[o * pieces + p];
            for (size_t k = 0; k < inputs; k++) {
                const int8_t value = (int8_t)lrintf(row[k] / scale);
                const size_t group = panel * inputs / QUANT_GROUP + k / QUANT_GROUP;
                layer->weights[(group * stride + column) * QUANT_GROUP + k % QUANT_GROUP] = value;
                layer->offsets[(panel * segments + k / length) * stride + column] -= 128 * value;
            }
        }
    return 0;
}

void quantized_free(Quantized *layer)
{
    free(layer->weights);
    free(layer->offsets);
    free(layer->scales);
    *layer = (Quantized){0};
}

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni")))
#define UNROLL _Pragma("GCC unroll 16")

int quantized_fits(size_t length)
{
    __builtin_cpu_init();
    return length % QUANT_LANES == 0 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
}

TARGET void quantize(const float *x, size_t length, size_t rows, uint8_t *bytes, float *scales)
{
    for (size_t r = 0; r < rows; r++, x += length, bytes += length) {
        __m512 most = _mm512_setzero_ps();
        for (size_t c = 0; c < length; c += QUANT_LANES)
            most = _mm512_max_ps(most, _mm512_abs_ps(_mm512_loadu_ps(x + c)));
        const float largest = _mm512_reduce_max_ps(most);
        const __m512 factor = _mm512_set1_ps(largest > 0 ? 127 / largest : 0);
        scales[r] = largest / 127;
        for (size_t c = 0; c < length; c += QUANT_LANES) {
            const __m512i whole = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(x + c), factor));
            const __m128i packed = _mm512_cvtepi32_epi8(_mm512_add_epi32(whole, _mm512_set1_epi32(128)));
            _mm_storeu_si128((__m128i *)(bytes + c), packed);
        }
    }
}

/* The intrinsic makes GCC 12 copy every sum in every step. */
#define ACCUMULATE(sum, row, group) __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(row), "v"(group))

/* ROWS windows against a panel of 16 outputs with PIECES pieces each. */
#define TILE(ROWS, PIECES)                                                                                             \
    TARGET static void tile_##ROWS##_##PIECES(const int8_t *weights, const int32_t *offsets, const float *scales,      \
                                            size_t segments, size_t length, const uint8_t *bytes,                      \
                                            const float *row_scales, float *y, size_t y_stride, size_t lanes)          \
    {                                                                                                                  \
        __m512 sums[ROWS][PIECES];                                                                                     \
        UNROLL for (size_t r = 0; r < ROWS; r++) UNROLL for (size_t p = 0; p < PIECES; p++)                            \
            sums[r][p] = _mm512_setzero_ps();                                                                          \
        for (size_t s = 0; s < segments; s++, bytes += length, offsets += PIECES * QUANT_LANES) {                      \
            __m512i parts[ROWS][PIECES], group[PIECES];                                                                \
            UNROLL for (size_t r = 0; r < ROWS; r++) UNROLL for (size_t p = 0; p < PIECES; p++)                        \
                parts[r][p] = _mm512_loadu_si512(offsets + p * QUANT_LANES);                                           \
            for (size_t k = 0; k < length; k += QUANT_GROUP, weights += PIECES * QUANT_LANES * QUANT_GROUP) {          \
                UNROLL for (size_t p = 0; p < PIECES; p++)                                                             \
                    group[p] = _mm512_loadu_si512(weights + p * QUANT_LANES * QUANT_GROUP);                            \
                UNROLL for (size_t r = 0; r < ROWS; r++)                                                               \
                {                                                                                                      \
                    int four;                                                                                          \
                    memcpy(&four, bytes + r * length + k, sizeof four);                                                \
                    const __m512i row = _mm512_set1_epi32(four);                                                       \
                    UNROLL for (size_t p = 0; p < PIECES; p++) ACCUMULATE(parts[r][p], row, group[p]);                 \
                }                                                                                                      \
            }                                                                                                          \
            UNROLL for (size_t r = 0; r < ROWS; r++) UNROLL for (size_t p = 0; p < PIECES; p++)                        \
                sums[r][p] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(parts[r][p]), _mm512_set1_ps(row_scales[r + s]),       \
                                             sums[r][p]);                                                              \
        }                                                                                                              \
        const __mmask16 mask = (__mmask16)((1U << lanes) - 1);                                                         \
        UNROLL for (size_t r = 0; r < ROWS; r++)                                                                       \
        {                                                                                                              \
            UNROLL for (size_t p = 0; p < PIECES; p++)                                                                 \
                sums[r][p] = _mm512_fmadd_ps(sums[r][p], _mm512_loadu_ps(scales + p * QUANT_LANES),                    \
                                             _mm512_loadu_ps(scales + (PIECES + p) * QUANT_LANES));                    \
            __m512 best = sums[r][0];                                                                                  \
            UNROLL for (size_t p = 1; p < PIECES; p++) best = _mm512_max_ps(best, sums[r][p]);                         \
            _mm512_mask_storeu_ps(y + r * y_stride, mask, best);                                                       \
        }                                                                                                              \
    }

TILE(1, 1) TILE(1, 2) TILE(1, 3)
TILE(2, 1) TILE(2, 2) TILE(2, 3)
TILE(4, 1) TILE(4, 2) TILE(4, 3)

typedef void Tile(const int8_t *, const int32_t *, const float *, size_t, size_t, const uint8_t *, const float *,
                  float *, size_t, size_t);

void quantized_apply(const Quantized *layer, const uint8_t *bytes, const float *scales, size_t rows, float *y,
                     size_t y_stride)
{
    static Tile *const tiles[][3] = {
        {tile_1_1, tile_1_2, tile_1_3}, {tile_2_1, tile_2_2, tile_2_3}, {tile_4_1, tile_4_2, tile_4_3}};
    const size_t stride = layer->pieces * QUANT_LANES, inputs = layer->segments * layer->length;
    for (size_t panel = 0; panel < panels_of(layer); panel++) {
        const size_t o = panel * QUANT_LANES, left = layer->outputs - o;
        int size = 2;
        for (size_t r = 0; r < rows; r += (size_t)1 << size) {
            while (rows - r < (size_t)1 << size)
                size--;
            tiles[size][layer->pieces - 1](layer->weights + panel * inputs * stride,
                                           layer->offsets + panel * layer->segments * stride,
                                           layer->scales + panel * 2 * stride, layer->segments, layer->length,
                                           bytes + r * layer->length, scales + r, y + r * y_stride + o, y_stride,
                                           left < QUANT_LANES ? left : QUANT_LANES);
        }
    }
}

#else

int quantized_fits(size_t length)
{
    (void)length;
    return 0;
}

void quantize(const float *x, size_t length, size_t rows, uint8_t *bytes, float *scales)
{
    (void)x, (void)length, (void)rows, (void)bytes, (void)scales;
}

void quantized_apply(const Quantized *layer, const uint8_t *bytes, const float *scales, size_t rows, float *y,
                     size_t y_stride)
{
    (void)layer, (void)bytes, (void)scales, (void)rows, (void)y, (void)y_stride;
}

#endif

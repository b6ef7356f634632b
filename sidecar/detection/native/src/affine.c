/* Packing and dispatch; the arithmetic is in kernel.inc, compiled once for each level. */
#include "affine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PASTE(left, right) left##_##right
#define JOIN(left, right) PASTE(left, right)
#define NAME(name) JOIN(name, SUFFIX)
#define UNROLL _Pragma("GCC unroll 16")

typedef void Tile(const float *packed, size_t inputs, const float *x, size_t x_stride, float *y, size_t y_stride,
                  size_t lanes);

/* Four lanes are SSE2 on x86-64 and NEON on 64-bit ARM; elsewhere the compiler makes plain arithmetic of them. */
#define SUFFIX base
#define LANES 4
#define HEIGHT 4
#define TARGET
#include "kernel.inc"

#if defined(__x86_64__)
#define SUFFIX avx2
#define LANES 8
#define HEIGHT 4
#define TARGET __attribute__((target("avx2,fma")))
#include "kernel.inc"

#define SUFFIX avx512
#define LANES 16
#define HEIGHT 8
#define TARGET __attribute__((target("avx512f")))
#include "kernel.inc"
#endif

const char *const LEVEL_NAMES[LEVELS] = {"base", "avx2", "avx512", "vnni"};
static const size_t lanes_of[LEVELS] = {4, 8, 16, 16};

Level affine_best(void)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f"))
        return AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return AVX2;
#endif
    return BASE;
}

int affine_pack(Affine *affine, Level level, size_t outputs, size_t pieces, size_t inputs, const float *weights,
                const float *bias)
{
    const size_t lanes = lanes_of[level], panels = (outputs + lanes - 1) / lanes;
    const size_t size = panels * (inputs + 1) * pieces * lanes * sizeof(float);
    float *packed = aligned_alloc(64, (size + 63) / 64 * 64);
    if (!packed)
        return -1;
    memset(packed, 0, size);
    *affine = (Affine){inputs, outputs, pieces, level, packed};
    for (size_t o = 0; o < outputs; o++)
        for (size_t p = 0; p < pieces; p++) {
            float *column = packed + o / lanes * (inputs + 1) * pieces * lanes + p * lanes + o % lanes;
            const float *row = weights + (o * pieces + p) * inputs;
            *column = bias[o * pieces + p];
            for (size_t k = 0; k < inputs; k++)
                column[(k + 1) * pieces * lanes] = row[k];
        }
    return 0;
}

void affine_free(Affine *affine)
{
    free(affine->packed);
    affine->packed = NULL;
}

void affine_apply(const Affine *affine, const float *x, size_t x_stride, size_t rows, float *y, size_t y_stride)
{
    switch (affine->level) {
#if defined(__x86_64__)
    case VNNI:
    case AVX512:
        apply_avx512(affine, x, x_stride, rows, y, y_stride);
        return;
    case AVX2:
        apply_avx2(affine, x, x_stride, rows, y, y_stride);
        return;
#endif
    default:
        apply_base(affine, x, x_stride, rows, y, y_stride);
    }
}

void affine_normalize(Level level, float *y, const float *residual, const float *gain, const float *shift, size_t width,
                      size_t rows)
{
    switch (level) {
#if defined(__x86_64__)
    case VNNI:
    case AVX512:
        normalize_avx512(y, residual, gain, shift, width, rows);
        return;
    case AVX2:
        normalize_avx2(y, residual, gain, shift, width, rows);
        return;
#endif
    default:
        normalize_base(y, residual, gain, shift, width, rows);
    }
}

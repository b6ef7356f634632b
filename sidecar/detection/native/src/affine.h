/* Matrix products with packed weights, and layer normalization, by the best instructions the processor has. */
#ifndef SIDECAR_AFFINE_H
#define SIDECAR_AFFINE_H

#include <stddef.h>

enum { MOST_PIECES = 3 };

/* VNNI is AVX512 here; quant.h has what it has besides. */
typedef enum { BASE, AVX2, AVX512, VNNI, LEVELS } Level;

/* y[o] = max over pieces p of (bias[o][p] + sum over k of weights[o][p][k] * x[k]). One piece: a plain affine map. */
typedef struct {
    size_t inputs, outputs, pieces;
    Level level;
    float *packed; /* panel by panel of as many outputs as a vector has lanes: the biases, then a row for each input */
} Affine;

extern const char *const LEVEL_NAMES[LEVELS];

/* The best level that this processor has for floats. */
Level affine_best(void);

/* Pack weights[outputs][pieces][inputs] and bias[outputs][pieces]. Returns 0, or -1 where memory is short. */
int affine_pack(Affine *affine, Level level, size_t outputs, size_t pieces, size_t inputs, const float *weights,
                const float *bias);

void affine_free(Affine *affine);

/* Map rows: x and y advance by their strides, in floats. Rows of x may overlap: that is how windows are read. */
void affine_apply(const Affine *affine, const float *x, size_t x_stride, size_t rows, float *y, size_t y_stride);

/* Normalize each row of y in place, scale and shift it, and add the row of residual where there is one. */
void affine_normalize(Level level, float *y, const float *residual, const float *gain, const float *shift, size_t width,
                      size_t rows);

#endif

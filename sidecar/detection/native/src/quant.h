/* A layer with 8-bit weights over 8-bit rows, for processors with VNNI: four times as fast, with a small error. */
#ifndef SIDECAR_QUANT_H
#define SIDECAR_QUANT_H

#include <stddef.h>
#include <stdint.h>

enum { QUANT_LANES = 16, QUANT_GROUP = 4 };

/* y[o] = max over pieces of (bias + sum over segments of scale_of_row x scale_of_output x (integers)). A window is as
 * many segments as it has rows, each with the scale of its row. */
typedef struct {
    size_t outputs, pieces, segments, length;
    int8_t *weights;  /* panel, segment, group of 4 inputs, piece, lane, input */
    int32_t *offsets; /* panel, segment, piece, lane: what makes up for rows being stored as 128 more than they are */
    float *scales;    /* panel, piece, lane: scale, then bias */
} Quantized;

/* Whether the processor can, and rows of this length can be. */
int quantized_fits(size_t length);

/* Pack weights[outputs][pieces][segments x length] and bias[outputs][pieces]. Returns 0, or -1 without memory. */
int quantized_pack(Quantized *layer, size_t outputs, size_t pieces, size_t segments, size_t length,
                   const float *weights, const float *bias);

void quantized_free(Quantized *layer);

/* Write rows of floats as bytes, and the scale of each row. */
void quantize(const float *x, size_t length, size_t rows, uint8_t *bytes, float *scales);

/* Map rows; each window begins with its row and goes on over the rows after it. */
void quantized_apply(const Quantized *layer, const uint8_t *bytes, const float *scales, size_t rows, float *y,
                     size_t y_stride);

#endif

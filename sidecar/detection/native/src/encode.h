/* The stack of windows, block after block of rows; by 8-bit arithmetic where the processor has it, and exactly. */
#ifndef SIDECAR_ENCODE_H
#define SIDECAR_ENCODE_H

#include "network.h"

typedef struct Encoder Encoder;

/* NULL where memory is short. */
Encoder *encoder_new(const Network *network);
void encoder_free(Encoder *encoder);

/* Begin a stream of rows, each exact or, where the processor can, not. */
void encoder_start(Encoder *encoder, const Network *network, int exact);

/* Where up to BLOCK further rows go. Cones of the block before are gone. */
float *encoder_inputs(Encoder *encoder, const Network *network);

/* Let that many further rows go through all layers. Each layer gives a row for every row whose window is there, and
 * keeps what the windows of the next block need. Returns how many rows came out. */
size_t encode(Encoder *encoder, const Network *network, size_t fresh);

/* The rows that came out. */
const float *encoder_outputs(const Encoder *encoder, const Network *network);

/* Whether they are exact. */
int encoder_is_exact(const Encoder *encoder);

/* All inputs that an output of this block depends on: 1 + 2 x window x depth rows. The output before the block's first
 * is number -1. */
const float *encoder_cone(const Encoder *encoder, const Network *network, ptrdiff_t output);

/* Compute one or two neighboring outputs exactly; the cone is that of the first. */
void encoder_look_closer(Encoder *encoder, const Network *network, const float *cone, size_t rows, float *y);

/* Go on exactly where closer looks have been many: no text may cost much more than a plain pass. */
void encoder_weigh(Encoder *encoder, const Network *network);

#endif

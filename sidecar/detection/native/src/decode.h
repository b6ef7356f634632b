/* Greedy decoding by spaCy's transition system for entities (BILUO), row after row. */
#ifndef SIDECAR_DECODE_H
#define SIDECAR_DECODE_H

#include "network.h"

typedef struct Decoder Decoder;

/* NULL where memory is short. */
Decoder *decoder_new(const Network *network);
void decoder_free(Decoder *decoder);

/* Begin with the first of some documents. */
void decoder_start(Decoder *decoder);

/* Take the next up to BLOCK rows of the last layer: tokens of the documents in order, with what stands between two
 * documents, `gap` rows. */
Outcome decode(Decoder *decoder, const Network *network, const Document *documents, size_t gap, const float *x,
               size_t rows, Spans *spans);

#endif

/* Greedy decoding by spaCy's transition system for entities (BILUO), row after row. */
#ifndef SIDECAR_DECODE_H
#define SIDECAR_DECODE_H

#include "encode.h"
#include "network.h"

typedef struct Decoder Decoder;

/* NULL where memory is short. */
Decoder *decoder_new(const Network *network);
void decoder_free(Decoder *decoder);

/* Begin with the first of some documents. */
void decoder_start(Decoder *decoder);

/* Score all moves for rows that the encoder gave, as if no entity were open. */
const float *decoder_scores(Decoder *decoder, const Network *network, const Encoder *encoder, size_t rows);

/* Take rows that the encoder gave: tokens of the documents in order, with `gap` rows between two documents. */
Outcome decode(Decoder *decoder, const Network *network, Encoder *encoder, const Document *documents, size_t gap,
               size_t rows, Spans *spans);

#endif

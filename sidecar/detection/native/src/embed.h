/* Token vectors before the first window: hashed rows of the tables, summed and mixed, remembered for each lexeme. */
#ifndef SIDECAR_EMBED_H
#define SIDECAR_EMBED_H

#include "network.h"

typedef struct Embedder Embedder;

/* NULL where memory is short. */
Embedder *embedder_new(const Network *network);
void embedder_free(Embedder *embedder);

/* Write the vectors of up to BLOCK tokens to y, row after row; a NULL token gives a row of zeros. */
void embed(Embedder *embedder, const Network *network, const uint64_t *const *tokens, size_t count, float *y);

#endif

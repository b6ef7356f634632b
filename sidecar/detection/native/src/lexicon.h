/* What tokens chunks of text are made of, kept under keyed hashes of the chunks: no text is in it. Bounded. */
#ifndef SIDECAR_LEXICON_H
#define SIDECAR_LEXICON_H

#include <stddef.h>
#include <stdint.h>

#include "siphash.h"

typedef struct Lexicon Lexicon;

/* `words` is how many numbers a token takes. NULL where memory is short. */
Lexicon *lexicon_new(size_t words);
void lexicon_free(Lexicon *lexicon);

/* Return a chunk's tokens and how many there are, or NULL where it is not known. Good until the next call. */
const uint64_t *lexicon_find(Lexicon *lexicon, Hash hash, size_t *count);

/* Keep a chunk's tokens, if they are not too many. What nobody has asked for longest is forgotten. */
void lexicon_put(Lexicon *lexicon, Hash hash, const uint64_t *tokens, size_t count);

#endif

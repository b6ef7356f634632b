/* Cuts a text where spaCy's tokenizer does before it looks at anything: at blanks. */
#ifndef SIDECAR_CHUNKS_H
#define SIDECAR_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

/* A text as UTF-8, and the place where its next chunk begins: in bytes, and in code points. */
typedef struct {
    const char *text;
    size_t size, byte, point;
} Cursor;

/* A run of blanks, or of anything else. */
typedef struct {
    const char *bytes;
    size_t size;          /* in bytes */
    size_t point, points; /* where it begins in the text, and how long it is */
} Chunk;

/* Pairs of code points, the first one in the upper half, ascending. */
typedef struct {
    const uint64_t *pairs;
    size_t count;
} Joins;

/* Get the next chunk; returns 0 behind the last. The one blank between two chunks belongs to neither, but where one ends
 * and the next begins with the two halves of a join they come as one, and their blank with them. */
int next_chunk(Cursor *cursor, const Joins *joins, Chunk *chunk);

#endif

/* A spaCy entity recognizer without spaCy: documents as rows of lexical attributes in, spans out. */
#ifndef SIDECAR_NETWORK_H
#define SIDECAR_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "affine.h"
#include "quant.h"

enum {
    MOST_FEATURES = 8,
    MOST_LAYERS = 16,
    BLOCK = 128, /* rows that go through all layers together, so that they stay in the second-level cache */
    SLOTS = 3,   /* tokens that a state of the transition system looks at: the next, the entity's first and last */
};

/* What a row of attributes holds after the features: the lexeme's key where there are vectors, and these flags. */
enum { IS_SPACE, SENTENCE_START, ENTITY_PRESET, FLAGS };

typedef enum { BEGIN, UNIT, OUT } Kind;

typedef struct {
    const float *rows;
    uint32_t count, seed;
} Table;

typedef struct {
    Affine maxout;
    Quantized quantized; /* the same, where the level is VNNI */
    const float *gain, *shift;
} Layer;

typedef struct {
    Kind kind;
    int label;
} Move;

/* Everything learned. Read-only after it is made; arrays that are not packed belong to the caller. */
typedef struct {
    Level level;
    float margin; /* what moves must lie apart by if their scores are not exact; else the state is looked at closer */
    size_t width; /* of a token's vector, at every layer */
    size_t features;
    Table tables[MOST_FEATURES];
    const uint64_t *keys; /* of lexemes with a vector, ascending; NULL where the model has none */
    const int32_t *places;
    const float *vectors; /* already projected to the width */
    size_t key_count;
    Layer embed;
    size_t window, depth;
    Layer layers[MOST_LAYERS];
    Affine project;
    size_t hidden, pieces;
    Affine closed;       /* hidden layer of a state without an open entity, as far as its next token decides it */
    Affine slots[SLOTS]; /* the parts of the hidden layer of a state with an open entity, before maxout */
    Affine closed_scores;
    const Move *moves; /* what the closed scores are of */
    Affine open_scores; /* of going on, then of ending, for each label */
    const uint8_t *on_first; /* for each label, whether going on stands before ending, which decides even scores */
    size_t labels;
} Network;

typedef struct {
    const uint64_t *rows;
    size_t count;
} Document;

typedef struct {
    size_t document, start, end;
    int label;
} Span;

typedef struct {
    Span *spans;
    size_t count, room;
} Spans;

typedef struct Workspace Workspace;

typedef enum { DONE, NO_MEMORY, PRESET } Outcome;

/* Number of values in a row of attributes. */
size_t network_columns(const Network *network);

/* Buffers and the cache of embeddings. One pass at a time may use it. NULL where memory is short. */
Workspace *workspace_new(const Network *network);
void workspace_free(Workspace *workspace);

/* Append the spans of all documents to spans, in order. What is cached changes the time only. */
Outcome network_read(const Network *network, Workspace *workspace, const Document *documents, size_t count,
                     Spans *spans);

/* Write the scores of all moves for every token of a document, as if no entity were open there. */
void network_scores(const Network *network, Workspace *workspace, const Document *document, int exact, float *scores);

void network_free(Network *network);

#endif

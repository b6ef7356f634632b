#include "decode.h"

#include <stdlib.h>
#include <string.h>

enum { CLOSED = -1 };

struct Decoder {
    size_t document, token, gap; /* what the next row is of; how many rows of a gap come before it */
    size_t start;                /* of the open entity */
    int label;                   /* of the open entity, or CLOSED */
    float *projected;            /* (1 + BLOCK) x inputs of the hidden layer; the first row is the last of before */
    float *hidden;               /* BLOCK x hidden */
    float *scores;               /* BLOCK x moves */
    float *first;                /* hidden x pieces: what the open entity's first token gives */
    float *parts;                /* hidden x pieces */
    float *last;                 /* hidden x pieces */
    float *open_scores;          /* 2 x labels */
};

Decoder *decoder_new(const Network *network)
{
    const size_t units = network->hidden * network->pieces, float_size = sizeof(float);
    Decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder)
        return NULL;
    decoder->projected = calloc((BLOCK + 1) * network->project.outputs, float_size);
    decoder->hidden = malloc(BLOCK * network->hidden * float_size);
    decoder->scores = malloc(BLOCK * network->closed_scores.outputs * float_size);
    decoder->first = malloc(units * float_size);
    decoder->parts = malloc(units * float_size);
    decoder->last = malloc(units * float_size);
    decoder->open_scores = malloc(2 * network->labels * float_size);
    if (decoder->projected && decoder->hidden && decoder->scores && decoder->first && decoder->parts && decoder->last &&
        decoder->open_scores)
        return decoder;
    decoder_free(decoder);
    return NULL;
}

void decoder_free(Decoder *decoder)
{
    if (!decoder)
        return;
    free(decoder->projected);
    free(decoder->hidden);
    free(decoder->scores);
    free(decoder->first);
    free(decoder->parts);
    free(decoder->last);
    free(decoder->open_scores);
    free(decoder);
}

void decoder_start(Decoder *decoder)
{
    decoder->document = decoder->token = decoder->gap = 0;
    decoder->label = CLOSED;
}

static Outcome add(Spans *spans, size_t document, size_t start, size_t end, int label)
{
    if (spans->count == spans->room) {
        const size_t room = spans->room ? 2 * spans->room : 64;
        Span *grown = realloc(spans->spans, room * sizeof *grown);
        if (!grown)
            return NO_MEMORY;
        spans->spans = grown;
        spans->room = room;
    }
    spans->spans[spans->count++] = (Span){document, start, end, label};
    return DONE;
}

/* The best move without an open entity. An entity begins neither in a blank, nor at the last token of a document or
 * sentence, where it could only be a single one. */
static Move best_closed(const Network *network, const float *scores, int blank, int last)
{
    const size_t count = network->closed_scores.outputs;
    size_t best = count;
    for (size_t m = 0; m < count; m++) {
        const Kind kind = network->moves[m].kind;
        const int valid = kind == OUT || (!blank && (kind == UNIT || !last));
        if (valid && (best == count || scores[m] > scores[best]))
            best = m;
    }
    return network->moves[best];
}

/* Whether the open entity ends with this token rather than going on. */
static int ends(Decoder *decoder, const Network *network, const float *projected, const float *before)
{
    const size_t hidden = network->hidden, pieces = network->pieces;
    float *state = decoder->parts;
    affine_apply(&network->slots[0], projected, 0, 1, decoder->parts, 0);
    affine_apply(&network->slots[2], before, 0, 1, decoder->last, 0);
    for (size_t u = 0; u < hidden * pieces; u++)
        decoder->parts[u] += decoder->first[u] + decoder->last[u];
    for (size_t h = 0; h < hidden; h++) { /* maxout in place: what is written was read */
        float best = decoder->parts[h * pieces];
        for (size_t p = 1; p < pieces; p++)
            if (decoder->parts[h * pieces + p] > best)
                best = decoder->parts[h * pieces + p];
        state[h] = best;
    }
    affine_apply(&network->open_scores, state, 0, 1, decoder->open_scores, 0);
    const float on = decoder->open_scores[decoder->label];
    const float end = decoder->open_scores[network->labels + (size_t)decoder->label];
    return network->on_first[decoder->label] ? end > on : end >= on;
}

static Outcome step(Decoder *decoder, const Network *network, const Document *document, const float *projected,
                    const float *before, const float *scores, Spans *spans)
{
    const size_t columns = network_columns(network), token = decoder->token;
    const uint64_t *flags = document->rows + (token + 1) * columns - FLAGS;
    const int ending = token + 1 == document->count;
    const int last = ending || flags[columns + SENTENCE_START] == 1;
    if (flags[ENTITY_PRESET] != 0)
        return PRESET;
    if (decoder->label != CLOSED) {
        if (!last && !ends(decoder, network, projected, before))
            return DONE;
        const int label = decoder->label;
        decoder->label = CLOSED;
        return add(spans, decoder->document, decoder->start, token + 1, label);
    }
    const Move move = best_closed(network, scores, flags[IS_SPACE] != 0, last);
    if (move.kind == UNIT)
        return add(spans, decoder->document, token, token + 1, move.label);
    if (move.kind == BEGIN) {
        decoder->start = token;
        decoder->label = move.label;
        affine_apply(&network->slots[1], projected, 0, 1, decoder->first, 0);
    }
    return DONE;
}

Outcome decode(Decoder *decoder, const Network *network, const Document *documents, size_t gap, const float *x,
               size_t rows, Spans *spans)
{
    const size_t width = network->project.outputs, moves = network->closed_scores.outputs;
    float *projected = decoder->projected + width;
    affine_apply(&network->project, x, network->width, rows, projected, width);
    affine_apply(&network->closed, projected, width, rows, decoder->hidden, network->hidden);
    affine_apply(&network->closed_scores, decoder->hidden, network->hidden, rows, decoder->scores, moves);
    for (size_t r = 0; r < rows; r++) {
        if (decoder->gap) {
            decoder->gap--;
            continue;
        }
        while (!documents[decoder->document].count) /* nothing of it is in the rows */
            decoder->document++;
        const Document *document = &documents[decoder->document];
        const Outcome outcome = step(decoder, network, document, projected + r * width, decoder->projected + r * width,
                                     decoder->scores + r * moves, spans);
        if (outcome != DONE)
            return outcome;
        if (++decoder->token == document->count) {
            decoder->document++;
            decoder->token = 0;
            decoder->gap = gap;
        }
    }
    if (rows)
        memcpy(decoder->projected, projected + (rows - 1) * width, width * sizeof *projected);
    return DONE;
}

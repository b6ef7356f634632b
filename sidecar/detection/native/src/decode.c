#include "decode.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLOSED = -1, CLOSE_ROWS = 2 };

struct Decoder {
    size_t document, token, gap; /* what the next row is of; how many rows of a gap come before it */
    size_t start;                /* of the open entity */
    int label;                   /* of the open entity, or CLOSED */
    int start_exact;             /* whether `first` is */
    int before_exact;            /* whether the first row of `projected` is */
    float *start_cone;           /* what the open entity's first token depends on */
    float *projected;            /* (1 + BLOCK) x inputs of the hidden layer; the first row is the last of before */
    float *hidden;               /* BLOCK x hidden */
    float *scores;               /* BLOCK x moves */
    float *first;                /* hidden x pieces: what the open entity's first token gives */
    float *parts, *last;         /* hidden x pieces */
    float *open_scores;          /* 2 x labels */
    float *close;                /* CLOSE_ROWS x width: rows looked at closer */
    float *close_projected;      /* CLOSE_ROWS x inputs of the hidden layer */
    float *close_scores;         /* moves */
};

/* A row to decide on, and how sure its scores are. */
typedef struct {
    ptrdiff_t number; /* in its block */
    const float *projected, *before, *scores;
    int exact, before_exact;
} Row;

Decoder *decoder_new(const Network *network)
{
    const size_t units = network->hidden * network->pieces, inputs = network->project.outputs;
    const size_t cone = 1 + 2 * network->window * network->depth;
    Decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder)
        return NULL;
    decoder->start_cone = malloc(cone * network->width * sizeof(float));
    decoder->projected = calloc((BLOCK + 1) * inputs, sizeof(float));
    decoder->hidden = malloc(BLOCK * network->hidden * sizeof(float));
    decoder->scores = malloc(BLOCK * network->closed_scores.outputs * sizeof(float));
    decoder->first = malloc(units * sizeof(float));
    decoder->parts = malloc(units * sizeof(float));
    decoder->last = malloc(units * sizeof(float));
    decoder->open_scores = malloc(2 * network->labels * sizeof(float));
    decoder->close = malloc(CLOSE_ROWS * network->width * sizeof(float));
    decoder->close_projected = malloc(CLOSE_ROWS * inputs * sizeof(float));
    decoder->close_scores = malloc(network->closed_scores.outputs * sizeof(float));
    if (decoder->start_cone && decoder->projected && decoder->hidden && decoder->scores && decoder->first &&
        decoder->parts && decoder->last && decoder->open_scores && decoder->close && decoder->close_projected &&
        decoder->close_scores)
        return decoder;
    decoder_free(decoder);
    return NULL;
}

void decoder_free(Decoder *decoder)
{
    if (!decoder)
        return;
    free(decoder->start_cone);
    free(decoder->projected);
    free(decoder->hidden);
    free(decoder->scores);
    free(decoder->first);
    free(decoder->parts);
    free(decoder->last);
    free(decoder->open_scores);
    free(decoder->close);
    free(decoder->close_projected);
    free(decoder->close_scores);
    free(decoder);
}

void decoder_start(Decoder *decoder)
{
    decoder->document = decoder->token = decoder->gap = 0;
    decoder->label = CLOSED;
    decoder->before_exact = 1;
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

/* The best move without an open entity, and by how much. An entity begins neither in a blank, nor at the last token of
 * a document or sentence, where it could only be a single one. */
static Move best_closed(const Network *network, const float *scores, int blank, int last, float *margin)
{
    const size_t count = network->closed_scores.outputs;
    float best = -FLT_MAX, second = -FLT_MAX;
    size_t place = count;
    for (size_t m = 0; m < count; m++) {
        const Kind kind = network->moves[m].kind;
        if (kind != OUT && (blank || (kind == BEGIN && last)))
            continue;
        if (place == count || scores[m] > best) {
            second = best;
            best = scores[m];
            place = m;
        } else if (scores[m] > second)
            second = scores[m];
    }
    *margin = best - second;
    return network->moves[place];
}

/* Look at a row and, where CLOSE_ROWS are asked for, at the one before it. They end up at close_projected. */
static void look_closer(Decoder *decoder, const Network *network, Encoder *encoder, const float *cone, size_t rows)
{
    encoder_look_closer(encoder, network, cone, rows, decoder->close);
    affine_apply(&network->project, decoder->close, network->width, rows, decoder->close_projected,
                 network->project.outputs);
}

static Move decide_closed(Decoder *decoder, const Network *network, Encoder *encoder, const Row *row, int blank,
                          int last)
{
    float margin;
    const Move move = best_closed(network, row->scores, blank, last, &margin);
    if (row->exact || margin >= network->margin)
        return move;
    look_closer(decoder, network, encoder, encoder_cone(encoder, network, row->number), 1);
    affine_apply(&network->closed, decoder->close_projected, 0, 1, decoder->parts, 0);
    affine_apply(&network->closed_scores, decoder->parts, 0, 1, decoder->close_scores, 0);
    return best_closed(network, decoder->close_scores, blank, last, &margin);
}

/* Whether the open entity ends with this token rather than going on, and by how much. */
static int ends(Decoder *decoder, const Network *network, const float *projected, const float *before, float *margin)
{
    const size_t hidden = network->hidden, pieces = network->pieces;
    float *parts = decoder->parts;
    affine_apply(&network->slots[0], projected, 0, 1, parts, 0);
    affine_apply(&network->slots[2], before, 0, 1, decoder->last, 0);
    for (size_t u = 0; u < hidden * pieces; u++)
        parts[u] += decoder->first[u] + decoder->last[u];
    for (size_t h = 0; h < hidden; h++) { /* maxout in place: what is written was read */
        float best = parts[h * pieces];
        for (size_t p = 1; p < pieces; p++)
            best = parts[h * pieces + p] > best ? parts[h * pieces + p] : best;
        parts[h] = best;
    }
    affine_apply(&network->open_scores, parts, 0, 1, decoder->open_scores, 0);
    const float on = decoder->open_scores[decoder->label];
    const float end = decoder->open_scores[network->labels + (size_t)decoder->label];
    *margin = fabsf(end - on);
    return network->on_first[decoder->label] ? end > on : end >= on;
}

static int decide_open(Decoder *decoder, const Network *network, Encoder *encoder, const Row *row)
{
    float margin;
    const int end = ends(decoder, network, row->projected, row->before, &margin);
    if ((row->exact && row->before_exact && decoder->start_exact) || margin >= network->margin)
        return end;
    if (!decoder->start_exact) {
        look_closer(decoder, network, encoder, decoder->start_cone, 1);
        affine_apply(&network->slots[1], decoder->close_projected, 0, 1, decoder->first, 0);
        decoder->start_exact = 1;
    }
    look_closer(decoder, network, encoder, encoder_cone(encoder, network, row->number - 1), CLOSE_ROWS);
    return ends(decoder, network, decoder->close_projected + network->project.outputs, decoder->close_projected,
                &margin);
}

static void open_entity(Decoder *decoder, const Network *network, const Encoder *encoder, const Row *row, int label)
{
    decoder->start = decoder->token;
    decoder->label = label;
    decoder->start_exact = row->exact;
    affine_apply(&network->slots[1], row->projected, 0, 1, decoder->first, 0);
    if (!row->exact)
        memcpy(decoder->start_cone, encoder_cone(encoder, network, row->number),
               (1 + 2 * network->window * network->depth) * network->width * sizeof(float));
}

static Outcome step(Decoder *decoder, const Network *network, Encoder *encoder, const Document *document,
                    const Row *row, Spans *spans)
{
    const size_t columns = network_columns(network), token = decoder->token;
    const uint64_t *flags = document->rows + (token + 1) * columns - FLAGS;
    const int last = token + 1 == document->count || flags[columns + SENTENCE_START] == 1;
    if (flags[ENTITY_PRESET] != 0)
        return PRESET;
    if (decoder->label != CLOSED) {
        if (!last && !decide_open(decoder, network, encoder, row))
            return DONE;
        const int label = decoder->label;
        decoder->label = CLOSED;
        return add(spans, decoder->document, decoder->start, token + 1, label);
    }
    const Move move = decide_closed(decoder, network, encoder, row, flags[IS_SPACE] != 0, last);
    if (move.kind == UNIT)
        return add(spans, decoder->document, token, token + 1, move.label);
    if (move.kind == BEGIN)
        open_entity(decoder, network, encoder, row, move.label);
    return DONE;
}

const float *decoder_scores(Decoder *decoder, const Network *network, const Encoder *encoder, size_t rows)
{
    const size_t width = network->project.outputs;
    float *projected = decoder->projected + width;
    affine_apply(&network->project, encoder_outputs(encoder, network), network->width, rows, projected, width);
    affine_apply(&network->closed, projected, width, rows, decoder->hidden, network->hidden);
    affine_apply(&network->closed_scores, decoder->hidden, network->hidden, rows, decoder->scores,
                 network->closed_scores.outputs);
    return decoder->scores;
}

Outcome decode(Decoder *decoder, const Network *network, Encoder *encoder, const Document *documents, size_t gap,
               size_t rows, Spans *spans)
{
    const size_t width = network->project.outputs;
    const float *scores = decoder_scores(decoder, network, encoder, rows);
    const int exact = encoder_is_exact(encoder);
    for (size_t r = 0; r < rows; r++) {
        if (decoder->gap) {
            decoder->gap--;
            continue;
        }
        while (!documents[decoder->document].count) /* nothing of it is in the rows */
            decoder->document++;
        const Document *document = &documents[decoder->document];
        const float *before = decoder->projected + r * width;
        const Row row = {(ptrdiff_t)r, before + width, before, scores + r * network->closed_scores.outputs,
                         exact,        r ? exact : decoder->before_exact};
        const Outcome outcome = step(decoder, network, encoder, document, &row, spans);
        if (outcome != DONE)
            return outcome;
        if (++decoder->token == document->count) {
            decoder->document++;
            decoder->token = 0;
            decoder->gap = gap;
        }
    }
    if (rows) {
        memcpy(decoder->projected, decoder->projected + rows * width, width * sizeof(float));
        decoder->before_exact = exact;
    }
    return DONE;
}

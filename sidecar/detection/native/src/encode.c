#include "encode.h"

#include <stdlib.h>
#include <string.h>

/* A closer look costs as much as some four exact rows, or sixteen others. */
enum { ROWS_PER_LOOK = 16, FREE_LOOKS = 8, CLOSE_ROWS = 2 };

struct Encoder {
    float *origin; /* what came in: rows that cones reach back to, then those of the block */
    size_t origin_count;
    float *rows[MOST_LAYERS + 1]; /* what each layer after the first reads: rows of before, then those of the block */
    size_t held[MOST_LAYERS + 1]; /* how many of before there are, also for the first: up to 2 x window */
    size_t given;                 /* outputs of this block */
    int exact;                    /* whether they are, and all that follow */
    size_t outputs, looks;        /* of the stream so far */
    uint8_t *bytes;               /* a layer's input, quantized */
    float *scales;
    float *close[2]; /* inputs and outputs of a layer, looked at closer */
};

static size_t reach(const Network *network)
{
    return 2 * network->window * network->depth;
}

Encoder *encoder_new(const Network *network)
{
    const size_t row = network->width * sizeof(float), most = 2 * network->window + BLOCK;
    Encoder *encoder = calloc(1, sizeof *encoder);
    if (!encoder)
        return NULL;
    encoder->origin = malloc((reach(network) + 1 + BLOCK) * row);
    encoder->bytes = malloc(most * network->width);
    encoder->scales = malloc(most * sizeof(float));
    int complete = encoder->origin && encoder->bytes && encoder->scales;
    for (size_t l = 1; l <= network->depth; l++)
        complete &= (encoder->rows[l] = malloc(most * row)) != NULL;
    for (int side = 0; side < 2; side++)
        complete &= (encoder->close[side] = malloc((reach(network) + CLOSE_ROWS) * row)) != NULL;
    if (complete)
        return encoder;
    encoder_free(encoder);
    return NULL;
}

void encoder_free(Encoder *encoder)
{
    if (!encoder)
        return;
    free(encoder->origin);
    free(encoder->bytes);
    free(encoder->scales);
    for (size_t l = 0; l <= MOST_LAYERS; l++)
        free(encoder->rows[l]);
    free(encoder->close[0]);
    free(encoder->close[1]);
    free(encoder);
}

void encoder_start(Encoder *encoder, const Network *network, int exact)
{
    memset(encoder->held, 0, sizeof encoder->held);
    encoder->origin_count = encoder->given = encoder->outputs = encoder->looks = 0;
    encoder->exact = exact || network->level != VNNI;
}

float *encoder_inputs(Encoder *encoder, const Network *network)
{
    const size_t kept = reach(network) + 1, width = network->width;
    if (encoder->origin_count > kept) {
        memmove(encoder->origin, encoder->origin + (encoder->origin_count - kept) * width,
                kept * width * sizeof(float));
        encoder->origin_count = kept;
    }
    return encoder->origin + encoder->origin_count * width;
}

static void apply(const Network *network, const Layer *layer, const float *x, size_t rows, float *y)
{
    affine_apply(&layer->maxout, x, network->width, rows, y, network->width);
    affine_normalize(network->level, y, x + network->window * network->width, layer->gain, layer->shift,
                     network->width, rows);
}

static void apply_quantized(Encoder *encoder, const Network *network, const Layer *layer, const float *x, size_t rows,
                            float *y)
{
    const size_t width = network->width;
    quantize(x, width, rows + 2 * network->window, encoder->bytes, encoder->scales);
    quantized_apply(&layer->quantized, encoder->bytes, encoder->scales, rows, y, width);
    affine_normalize(network->level, y, x + network->window * width, layer->gain, layer->shift, width, rows);
}

size_t encode(Encoder *encoder, const Network *network, size_t fresh)
{
    const size_t width = network->width, sides = 2 * network->window;
    float *x = encoder->origin + (encoder->origin_count - encoder->held[0]) * width;
    encoder->origin_count += fresh;
    for (size_t l = 0; l < network->depth; l++) {
        float *y = encoder->rows[l + 1] + encoder->held[l + 1] * width;
        const size_t total = encoder->held[l] + fresh, kept = total < sides ? total : sides;
        fresh = total - kept;
        if (encoder->exact)
            apply(network, &network->layers[l], x, fresh, y);
        else if (fresh)
            apply_quantized(encoder, network, &network->layers[l], x, fresh, y);
        if (l)
            memmove(x, x + fresh * width, kept * width * sizeof *x);
        encoder->held[l] = kept;
        x = encoder->rows[l + 1];
    }
    encoder->outputs += fresh;
    return encoder->given = fresh;
}

const float *encoder_outputs(const Encoder *encoder, const Network *network)
{
    return encoder->rows[network->depth];
}

int encoder_is_exact(const Encoder *encoder)
{
    return encoder->exact;
}

const float *encoder_cone(const Encoder *encoder, const Network *network, ptrdiff_t output)
{
    const size_t first = encoder->origin_count - reach(network) - encoder->given;
    return encoder->origin + ((ptrdiff_t)first + output) * (ptrdiff_t)network->width;
}

void encoder_look_closer(Encoder *encoder, const Network *network, const float *cone, size_t rows, float *y)
{
    size_t left = rows + reach(network);
    for (size_t l = 0; l < network->depth; l++) {
        float *next = l + 1 == network->depth ? y : encoder->close[l % 2];
        left -= 2 * network->window;
        apply(network, &network->layers[l], cone, left, next);
        cone = next;
    }
    encoder->looks += rows;
}

void encoder_weigh(Encoder *encoder, const Network *network)
{
    if (encoder->exact || encoder->looks * ROWS_PER_LOOK <= encoder->outputs + FREE_LOOKS * ROWS_PER_LOOK)
        return;
    /* What the layers held is not exact: let what it came from go through them again, which puts nothing out. */
    const size_t again = encoder->origin_count < reach(network) ? encoder->origin_count : reach(network);
    encoder->exact = 1;
    encoder->origin_count -= again;
    memset(encoder->held, 0, sizeof encoder->held);
    encode(encoder, network, again);
}

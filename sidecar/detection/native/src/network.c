#include "network.h"

#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "embed.h"

struct Workspace {
    Embedder *embedder;
    Decoder *decoder;
    float *rows[MOST_LAYERS + 1]; /* what each layer reads: up to 2 x window rows of before, then those of the block */
    size_t held[MOST_LAYERS + 1]; /* how many of before there are */
};

/* Where a block of rows comes from: the documents, with zeros around each. spaCy puts them there, too, and as many as
 * the layers see in all, so that no document sees another. */
typedef struct {
    const Document *documents;
    size_t count, document, token, zeros;
} Source;

size_t network_columns(const Network *network)
{
    return network->features + (network->keys != NULL) + FLAGS;
}

Workspace *workspace_new(const Network *network)
{
    Workspace *workspace = calloc(1, sizeof *workspace);
    if (!workspace)
        return NULL;
    workspace->embedder = embedder_new(network);
    workspace->decoder = decoder_new(network);
    int short_of_memory = !workspace->embedder || !workspace->decoder;
    for (size_t layer = 0; layer <= network->depth; layer++) {
        workspace->rows[layer] = malloc((2 * network->window + BLOCK) * network->width * sizeof(float));
        short_of_memory |= !workspace->rows[layer];
    }
    if (!short_of_memory)
        return workspace;
    workspace_free(workspace);
    return NULL;
}

void workspace_free(Workspace *workspace)
{
    if (!workspace)
        return;
    embedder_free(workspace->embedder);
    decoder_free(workspace->decoder);
    for (size_t layer = 0; layer <= MOST_LAYERS; layer++)
        free(workspace->rows[layer]);
    free(workspace);
}

void network_free(Network *network)
{
    affine_free(&network->embed.maxout);
    for (size_t layer = 0; layer < MOST_LAYERS; layer++)
        affine_free(&network->layers[layer].maxout);
    affine_free(&network->project);
    affine_free(&network->closed);
    for (size_t slot = 0; slot < SLOTS; slot++)
        affine_free(&network->slots[slot]);
    affine_free(&network->closed_scores);
    affine_free(&network->open_scores);
}

/* Name the next up to BLOCK rows: a token's attributes, or NULL for zeros. */
static size_t next_block(Source *source, size_t columns, size_t around, const uint64_t **tokens)
{
    size_t count = 0;
    while (count < BLOCK) {
        if (source->zeros) {
            source->zeros--;
            tokens[count++] = NULL;
            continue;
        }
        while (source->document < source->count && !source->documents[source->document].count)
            source->document++;
        if (source->document == source->count)
            break;
        const Document *document = &source->documents[source->document];
        tokens[count++] = document->rows + source->token * columns;
        if (++source->token == document->count) {
            source->document++;
            source->token = 0;
            source->zeros = around;
        }
    }
    return count;
}

/* Let a block go through all layers. Each gives a row for every row whose window is there, and keeps what the windows of
 * the next block need. Returns how many rows come out. */
static size_t encode(const Network *network, Workspace *workspace, size_t fresh)
{
    const size_t width = network->width, sides = 2 * network->window;
    for (size_t l = 0; l < network->depth; l++) {
        const Layer *layer = &network->layers[l];
        float *x = workspace->rows[l], *y = workspace->rows[l + 1] + workspace->held[l + 1] * width;
        const size_t total = workspace->held[l] + fresh, kept = total < sides ? total : sides;
        fresh = total - kept;
        affine_apply(&layer->maxout, x, width, fresh, y, width);
        affine_normalize(network->level, y, x + network->window * width, layer->gain, layer->shift, width, fresh);
        memmove(x, x + fresh * width, kept * width * sizeof *x);
        workspace->held[l] = kept;
    }
    return fresh;
}

Outcome network_read(const Network *network, Workspace *workspace, const Document *documents, size_t count,
                     Spans *spans)
{
    const size_t around = network->window * network->depth;
    Source source = {documents, count, 0, 0, around};
    const uint64_t *tokens[BLOCK];
    memset(workspace->held, 0, sizeof workspace->held);
    decoder_start(workspace->decoder);
    for (;;) {
        const size_t fresh = next_block(&source, network_columns(network), around, tokens);
        if (!fresh)
            return DONE;
        embed(workspace->embedder, network, tokens, fresh, workspace->rows[0] + workspace->held[0] * network->width);
        const size_t rows = encode(network, workspace, fresh);
        const Outcome outcome =
            decode(workspace->decoder, network, documents, around, workspace->rows[network->depth], rows, spans);
        if (outcome != DONE)
            return outcome;
    }
}

#include "network.h"

#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "embed.h"
#include "encode.h"

struct Workspace {
    Embedder *embedder;
    Encoder *encoder;
    Decoder *decoder;
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
    workspace->encoder = encoder_new(network);
    workspace->decoder = decoder_new(network);
    if (workspace->embedder && workspace->encoder && workspace->decoder)
        return workspace;
    workspace_free(workspace);
    return NULL;
}

void workspace_free(Workspace *workspace)
{
    if (!workspace)
        return;
    embedder_free(workspace->embedder);
    encoder_free(workspace->encoder);
    decoder_free(workspace->decoder);
    free(workspace);
}

void network_free(Network *network)
{
    affine_free(&network->embed.maxout);
    for (size_t layer = 0; layer < MOST_LAYERS; layer++) {
        affine_free(&network->layers[layer].maxout);
        quantized_free(&network->layers[layer].quantized);
    }
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

/* Let the next block go through the encoder. Returns whether there was one. */
static int next_rows(const Network *network, Workspace *workspace, Source *source, size_t *rows)
{
    const uint64_t *tokens[BLOCK];
    const size_t fresh = next_block(source, network_columns(network), network->window * network->depth, tokens);
    embed(workspace->embedder, network, tokens, fresh, encoder_inputs(workspace->encoder, network));
    *rows = encode(workspace->encoder, network, fresh);
    return fresh != 0;
}

Outcome network_read(const Network *network, Workspace *workspace, const Document *documents, size_t count,
                     Spans *spans)
{
    const size_t around = network->window * network->depth;
    Source source = {documents, count, 0, 0, around};
    size_t rows;
    encoder_start(workspace->encoder, network, network->margin <= 0);
    decoder_start(workspace->decoder);
    while (next_rows(network, workspace, &source, &rows)) {
        const Outcome outcome = decode(workspace->decoder, network, workspace->encoder, documents, around, rows, spans);
        if (outcome != DONE)
            return outcome;
        encoder_weigh(workspace->encoder, network);
    }
    return DONE;
}

void network_scores(const Network *network, Workspace *workspace, const Document *document, int exact, float *scores)
{
    const size_t moves = network->closed_scores.outputs;
    Source source = {document, 1, 0, 0, network->window * network->depth};
    size_t rows;
    encoder_start(workspace->encoder, network, exact);
    for (; next_rows(network, workspace, &source, &rows); scores += rows * moves)
        memcpy(scores, decoder_scores(workspace->decoder, network, workspace->encoder, rows),
               rows * moves * sizeof *scores);
}

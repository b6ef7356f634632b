#include "embed.h"

#include <stdlib.h>
#include <string.h>

/* The cache is bounded: 8,192 lexemes of at most MOST_FEATURES keys and a vector, about 3.5 MB for a width of 96. */
enum { SETS = 2048, WAYS = 4, HASHES = 4, HIT = -1 };

struct Embedder {
    uint64_t *keys;   /* SETS x WAYS x keys of a token */
    float *vectors;   /* SETS x WAYS x width */
    int *pending;     /* for each entry: the miss of this block that will fill it, or HIT */
    uint8_t *used;    /* for each set: how many of its entries hold something */
    uint8_t *oldest;  /* for each set: the entry to overwrite next */
    float *inputs;    /* BLOCK x inputs of the mixing layer */
    float *mixed;     /* BLOCK x width */
    size_t entry_of[BLOCK]; /* for each miss of the block */
    int miss_of[BLOCK];     /* for each token of the block */
};

static size_t keys_of(const Network *network)
{
    return network->features + (network->keys != NULL);
}

Embedder *embedder_new(const Network *network)
{
    const size_t entries = (size_t)SETS * WAYS;
    Embedder *embedder = calloc(1, sizeof *embedder);
    if (!embedder)
        return NULL;
    embedder->keys = malloc(entries * keys_of(network) * sizeof *embedder->keys);
    embedder->vectors = malloc(entries * network->width * sizeof *embedder->vectors);
    embedder->pending = malloc(entries * sizeof *embedder->pending);
    embedder->used = calloc(SETS, 1);
    embedder->oldest = calloc(SETS, 1);
    embedder->inputs = malloc(BLOCK * network->embed.maxout.inputs * sizeof(float));
    embedder->mixed = malloc(BLOCK * network->width * sizeof(float));
    if (embedder->keys && embedder->vectors && embedder->pending && embedder->used && embedder->oldest &&
        embedder->inputs && embedder->mixed)
        return embedder;
    embedder_free(embedder);
    return NULL;
}

void embedder_free(Embedder *embedder)
{
    if (!embedder)
        return;
    free(embedder->keys);
    free(embedder->vectors);
    free(embedder->pending);
    free(embedder->used);
    free(embedder->oldest);
    free(embedder->inputs);
    free(embedder->mixed);
    free(embedder);
}

static uint64_t rotate(uint64_t value)
{
    return value << 31 | value >> 33;
}

static uint64_t avalanche(uint64_t value)
{
    value = (value ^ value >> 33) * 0xff51afd7ed558ccdU;
    value = (value ^ value >> 33) * 0xc4ceb9fe1a85ec53U;
    return value ^ value >> 33;
}

/* MurmurHash3 of a 64-bit value to 128 bits, as thinc takes it. */
static void hash(uint64_t value, uint32_t seed, uint32_t out[HASHES])
{
    uint64_t low = rotate(value * 0x87c37b91114253d5U) * 0x4cf5ad432745937fU ^ seed ^ 8, high = seed ^ 8;
    low += high;
    high += low;
    low = avalanche(low);
    high = avalanche(high);
    low += high;
    high += low;
    out[0] = (uint32_t)low;
    out[1] = (uint32_t)(low >> 32);
    out[2] = (uint32_t)high;
    out[3] = (uint32_t)(high >> 32);
}

static const float *vector_of(const Network *network, uint64_t key)
{
    size_t low = 0, high = network->key_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (network->keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == network->key_count || network->keys[low] != key || network->places[low] < 0)
        return NULL;
    return network->vectors + (size_t)network->places[low] * network->width;
}

static void gather(const Network *network, const uint64_t *token, float *x)
{
    const size_t width = network->width;
    memset(x, 0, network->embed.maxout.inputs * sizeof *x);
    for (size_t f = 0; f < network->features; f++, x += width) {
        const Table *table = &network->tables[f];
        uint32_t hashes[HASHES];
        hash(token[f], table->seed, hashes);
        for (int h = 0; h < HASHES; h++) {
            const float *row = table->rows + (size_t)(hashes[h] % table->count) * width;
            for (size_t c = 0; c < width; c++)
                x[c] += row[c];
        }
    }
    if (network->keys) {
        const float *vector = vector_of(network, token[network->features]);
        if (vector)
            memcpy(x, vector, width * sizeof *x);
    }
}

/* Return the entry that holds the token, or, as a miss, the one that shall. */
static size_t find(Embedder *embedder, const uint64_t *token, size_t keys, int *found)
{
    uint64_t mixed = 0;
    for (size_t k = 0; k < keys; k++)
        mixed = (rotate(mixed) ^ token[k]) * 0x9e3779b97f4a7c15U;
    const size_t set = mixed >> 40 & (SETS - 1), first = set * WAYS;
    for (size_t way = 0; way < embedder->used[set]; way++)
        if (!memcmp(embedder->keys + (first + way) * keys, token, keys * sizeof *token)) {
            *found = 1;
            return first + way;
        }
    const size_t entry = first + embedder->oldest[set];
    embedder->oldest[set] = (uint8_t)((embedder->oldest[set] + 1) % WAYS);
    if (embedder->used[set] < WAYS)
        embedder->used[set]++;
    memcpy(embedder->keys + entry * keys, token, keys * sizeof *token);
    *found = 0;
    return entry;
}

void embed(Embedder *embedder, const Network *network, const uint64_t *const *tokens, size_t count, float *y)
{
    const size_t width = network->width, bytes = width * sizeof *y, inputs = network->embed.maxout.inputs;
    const size_t keys = keys_of(network);
    int misses = 0;
    for (size_t t = 0; t < count; t++) {
        embedder->miss_of[t] = HIT;
        if (!tokens[t]) {
            memset(y + t * width, 0, bytes);
            continue;
        }
        int found;
        const size_t entry = find(embedder, tokens[t], keys, &found);
        if (!found) {
            gather(network, tokens[t], embedder->inputs + (size_t)misses * inputs);
            embedder->entry_of[misses] = entry;
            embedder->pending[entry] = misses++;
        }
        if (embedder->pending[entry] == HIT)
            memcpy(y + t * width, embedder->vectors + entry * width, bytes);
        else
            embedder->miss_of[t] = embedder->pending[entry];
    }
    affine_apply(&network->embed.maxout, embedder->inputs, inputs, (size_t)misses, embedder->mixed, width);
    affine_normalize(network->level, embedder->mixed, NULL, network->embed.gain, network->embed.shift, width,
                     (size_t)misses);
    for (size_t t = 0; t < count; t++)
        if (embedder->miss_of[t] != HIT)
            memcpy(y + t * width, embedder->mixed + (size_t)embedder->miss_of[t] * width, bytes);
    for (int m = 0; m < misses; m++) { /* an entry taken twice in a block holds its last taker */
        const size_t entry = embedder->entry_of[m];
        if (embedder->pending[entry] == m) {
            memcpy(embedder->vectors + entry * width, embedder->mixed + (size_t)m * width, bytes);
            embedder->pending[entry] = HIT;
        }
    }
}

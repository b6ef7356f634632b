#include "lexicon.h"

#include <stdlib.h>
#include <string.h>

/* Two of them are at most 5.6 MB; the words of a language in daily use fit into one. */
enum { SLOTS_OF_ONE = 1 << 15, MOST_CHUNKS = 20000, MOST_WORDS = 1 << 18, MOST_WORDS_OF_A_CHUNK = 512 };

typedef struct {
    Hash hash;
    uint32_t place; /* of its tokens in the words, behind their count; 0 where the slot is empty */
} Slot;

typedef struct {
    Slot *slots;
    uint64_t *words;
    size_t used, chunks;
} Generation;

/* New chunks, and those that are found among the old, go to the young. When that is full it becomes the old one, and
 * what is still in the old one is forgotten. */
struct Lexicon {
    size_t words;
    Generation young, old;
};

static int generation_new(Generation *generation)
{
    *generation = (Generation){calloc(SLOTS_OF_ONE, sizeof(Slot)), malloc(MOST_WORDS * sizeof(uint64_t)), 0, 0};
    return generation->slots && generation->words ? 0 : -1;
}

static void generation_free(Generation *generation)
{
    free(generation->slots);
    free(generation->words);
}

Lexicon *lexicon_new(size_t words)
{
    Lexicon *lexicon = calloc(1, sizeof *lexicon);
    if (!lexicon)
        return NULL;
    lexicon->words = words;
    if (generation_new(&lexicon->young) || generation_new(&lexicon->old)) {
        lexicon_free(lexicon);
        return NULL;
    }
    return lexicon;
}

void lexicon_free(Lexicon *lexicon)
{
    if (!lexicon)
        return;
    generation_free(&lexicon->young);
    generation_free(&lexicon->old);
    free(lexicon);
}

/* The chunk's slot, or the empty one that it shall have: there are always some. */
static Slot *slot_of(const Generation *generation, Hash hash)
{
    size_t place = hash.low % SLOTS_OF_ONE;
    for (;; place = (place + 1) % SLOTS_OF_ONE) {
        Slot *slot = &generation->slots[place];
        if (!slot->place || (slot->hash.low == hash.low && slot->hash.high == hash.high))
            return slot;
    }
}

static const uint64_t *tokens_at(const Generation *generation, const Slot *slot, size_t *count)
{
    *count = generation->words[slot->place - 1];
    return generation->words + slot->place;
}

const uint64_t *lexicon_find(Lexicon *lexicon, Hash hash, size_t *count)
{
    const Slot *slot = slot_of(&lexicon->young, hash);
    if (slot->place)
        return tokens_at(&lexicon->young, slot, count);
    slot = slot_of(&lexicon->old, hash);
    if (!slot->place)
        return NULL;
    const uint64_t *tokens = tokens_at(&lexicon->old, slot, count);
    lexicon_put(lexicon, hash, tokens, *count);
    return tokens_at(&lexicon->young, slot_of(&lexicon->young, hash), count);
}

void lexicon_put(Lexicon *lexicon, Hash hash, const uint64_t *tokens, size_t count)
{
    const size_t size = count * lexicon->words;
    if (size > MOST_WORDS_OF_A_CHUNK)
        return;
    Generation *young = &lexicon->young;
    if (young->chunks == MOST_CHUNKS || young->used + size + 1 > MOST_WORDS) {
        const Generation grown = *young;
        *young = lexicon->old;
        lexicon->old = grown;
        memset(young->slots, 0, SLOTS_OF_ONE * sizeof(Slot));
        young->used = young->chunks = 0;
    }
    /* Tokens that come from the old generation may lie in the words of what is young now, but never before their new
     * place: that is the first, since it has just become empty. */
    Slot *slot = slot_of(young, hash);
    memmove(young->words + young->used + 1, tokens, size * sizeof *tokens);
    young->words[young->used] = count;
    *slot = (Slot){hash, (uint32_t)young->used + 1};
    young->used += size + 1;
    young->chunks++;
}

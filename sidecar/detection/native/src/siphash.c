#include "siphash.h"

#include <string.h>

typedef struct {
    uint64_t a, b, c, d;
} State;

static uint64_t rotated(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

static void mix(State *state, int rounds)
{
    uint64_t a = state->a, b = state->b, c = state->c, d = state->d;
    while (rounds--) {
        a += b;
        c += d;
        b = rotated(b, 13) ^ a;
        d = rotated(d, 16) ^ c;
        a = rotated(a, 32);
        c += b;
        a += d;
        b = rotated(b, 17) ^ c;
        d = rotated(d, 21) ^ a;
        c = rotated(c, 32);
    }
    *state = (State){a, b, c, d};
}

static void absorb(State *state, uint64_t word)
{
    state->d ^= word;
    mix(state, 2);
    state->a ^= word;
}

Hash siphash(Hash key, const char *bytes, size_t size)
{
    State state = {key.low ^ 0x736f6d6570736575U, key.high ^ 0x646f72616e646f6dU ^ 0xee, key.low ^ 0x6c7967656e657261U,
                   key.high ^ 0x7465646279746573U};
    size_t done = 0;
    for (; done + 8 <= size; done += 8) {
        uint64_t word = 0;
        for (int byte = 7; byte >= 0; byte--)
            word = word << 8 | (unsigned char)bytes[done + (size_t)byte];
        absorb(&state, word);
    }
    uint64_t last = size;
    for (size_t byte = 7; byte-- > 0;)
        last = last << 8 | (done + byte < size ? (unsigned char)bytes[done + byte] : 0);
    absorb(&state, last);
    Hash hash;
    state.c ^= 0xee;
    mix(&state, 4);
    hash.low = state.a ^ state.b ^ state.c ^ state.d;
    state.b ^= 0xdd;
    mix(&state, 4);
    hash.high = state.a ^ state.b ^ state.c ^ state.d;
    return hash;
}

/* SipHash-2-4 with 128 bits: a keyed hash, so that what stands under it can neither be read back nor made to collide. */
#ifndef SIDECAR_SIPHASH_H
#define SIDECAR_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t low, high;
} Hash;

/* The key is two numbers too. */
Hash siphash(Hash key, const char *bytes, size_t size);

#endif

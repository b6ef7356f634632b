#include "chunks.h"

/* Read the code point that begins here. The text is known to be UTF-8. */
static uint32_t point_at(const char *text, size_t *size)
{
    const unsigned char *byte = (const unsigned char *)text;
    if (byte[0] < 0x80) {
        *size = 1;
        return byte[0];
    }
    *size = byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3 : 4;
    uint32_t point = byte[0] & (0x7fU >> *size);
    for (size_t next = 1; next < *size; next++)
        point = point << 6 | (byte[next] & 0x3f);
    return point;
}

/* What Python's str.isspace() holds for one. */
static int is_blank(uint32_t point)
{
    if (point <= 0x20)
        return point == 0x20 || (point >= 0x09 && point <= 0x0d) || point >= 0x1c;
    if (point < 0x85)
        return 0;
    return point == 0x85 || point == 0xa0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200a) ||
           point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000;
}

static int joined(const Joins *joins, const char *text, size_t end, size_t next)
{
    size_t size, low = 0, high = joins->count;
    while (((unsigned char)text[--end] & 0xc0) == 0x80)
        ;
    const uint64_t pair = (uint64_t)point_at(text + end, &size) << 32 | point_at(text + next, &size);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (joins->pairs[middle] < pair)
            low = middle + 1;
        else
            high = middle;
    }
    return low < joins->count && joins->pairs[low] == pair;
}

int next_chunk(Cursor *cursor, const Joins *joins, Chunk *chunk)
{
    const char *text = cursor->text;
    const size_t start = cursor->byte, first = cursor->point;
    if (start == cursor->size)
        return 0;
    size_t byte = start, point = first, size;
    const int blank = is_blank(point_at(text + byte, &size));
    for (;;) {
        do {
            byte += size;
            point++;
        } while (byte < cursor->size && is_blank(point_at(text + byte, &size)) == blank);
        *chunk = (Chunk){text + start, byte - start, first, point - first};
        if (blank || byte == cursor->size || text[byte] != ' ')
            break;
        byte++;
        point++;
        if (byte == cursor->size || !joined(joins, text, byte - 1, byte))
            break;
        point_at(text + byte, &size);
    }
    cursor->byte = byte;
    cursor->point = point;
    return 1;
}

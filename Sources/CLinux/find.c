#define _GNU_SOURCE
#include "CLinux.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

/* Sixteen places at once: where the first and the last byte of the text stand at their distance, the rest is compared.
 * The C library's memmem hashes byte by byte, which costs ten times as much on a line of a log (November 2026). Texts are
 * short and our own, so that the time of the worst case, length times text_length, is bounded. */
const void *margay_find(const void *bytes, size_t length, const void *text, size_t text_length) {
    if (text_length < 2 || length < text_length) return memmem(bytes, length, text, text_length);
    const char *at = bytes;
    const char *wanted = text;
    const size_t last = text_length - 1;
    const __m128i first_byte = _mm_set1_epi8(wanted[0]);
    const __m128i last_byte = _mm_set1_epi8(wanted[last]);
    size_t index = 0;
    for (; index + last + 16 <= length; index += 16) {
        const __m128i firsts = _mm_loadu_si128((const __m128i *)(at + index));
        const __m128i lasts = _mm_loadu_si128((const __m128i *)(at + index + last));
        unsigned places = (unsigned)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpeq_epi8(firsts, first_byte), _mm_cmpeq_epi8(lasts, last_byte)));
        while (places != 0) {
            const char *place = at + index + (unsigned)__builtin_ctz(places);
            if (memcmp(place + 1, wanted + 1, text_length - 2) == 0) return place;
            places &= places - 1;
        }
    }
    for (; index + text_length <= length; index++) {
        if (at[index] == wanted[0] && memcmp(at + index, wanted, text_length) == 0) return at + index;
    }
    return NULL;
}
#else
const void *margay_find(const void *bytes, size_t length, const void *text, size_t text_length) {
    return memmem(bytes, length, text, text_length);
}
#endif

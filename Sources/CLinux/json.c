#include "CLinux.h"

#include <string.h>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

/* Copies what stands before the next quote or backslash; returns how many bytes that were. Sixteen at a time: an escape
 * stands in nearly every line of a container's log, but seldom more than one in sixteen bytes. */
static size_t copy_run(const unsigned char *json, size_t length, unsigned char *text) {
    size_t at = 0;
#if defined(__x86_64__)
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
    while (length - at >= 16) {
        __m128i block = _mm_loadu_si128((const __m128i *)(json + at));
        _mm_storeu_si128((__m128i *)(text + at), block);
        int found = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)));
        if (found != 0) return at + (size_t)__builtin_ctz((unsigned)found);
        at += 16;
    }
#endif
    while (at < length && json[at] != '"' && json[at] != '\\') {
        text[at] = json[at];
        at++;
    }
    return at;
}

/* The number that four hexadecimal digits write, or -1. */
static int32_t four_digits(const unsigned char *at) {
    int32_t number = 0;
    for (int index = 0; index < 4; index++) {
        unsigned char byte = at[index], letter = byte | 0x20;
        int digit;
        if (byte >= '0' && byte <= '9') digit = byte - '0';
        else if (letter >= 'a' && letter <= 'f') digit = letter - 'a' + 10;
        else return -1;
        number = number * 16 + digit;
    }
    return number;
}

static size_t put(uint32_t scalar, unsigned char *text) {
    if (scalar < 0x80) {
        text[0] = (unsigned char)scalar;
        return 1;
    }
    if (scalar < 0x800) {
        text[0] = (unsigned char)(scalar >> 6 | 0xC0);
        text[1] = (unsigned char)((scalar & 0x3F) | 0x80);
        return 2;
    }
    if (scalar < 0x10000) {
        text[0] = (unsigned char)(scalar >> 12 | 0xE0);
        text[1] = (unsigned char)((scalar >> 6 & 0x3F) | 0x80);
        text[2] = (unsigned char)((scalar & 0x3F) | 0x80);
        return 3;
    }
    text[0] = (unsigned char)(scalar >> 18 | 0xF0);
    text[1] = (unsigned char)((scalar >> 12 & 0x3F) | 0x80);
    text[2] = (unsigned char)((scalar >> 6 & 0x3F) | 0x80);
    text[3] = (unsigned char)((scalar & 0x3F) | 0x80);
    return 4;
}

/* Takes the \uXXXX, or the pair of them, at `json`; returns the bytes taken, or 0. A surrogate without its other half is
 * U+FFFD. */
static size_t take_unicode(const unsigned char *json, size_t length, unsigned char *text, size_t *made) {
    if (length < 6) return 0;
    int32_t first = four_digits(json + 2);
    if (first < 0) return 0;
    uint32_t scalar = (uint32_t)first;
    size_t taken = 6;
    if ((scalar & 0xF800) == 0xD800) {
        int32_t second = -1;
        if (scalar < 0xDC00 && length >= 12 && json[6] == '\\' && json[7] == 'u') second = four_digits(json + 8);
        if (second >= 0xDC00 && second <= 0xDFFF) {
            scalar = 0x10000 + ((scalar & 0x3FF) << 10) + ((uint32_t)second & 0x3FF);
            taken = 12;
        } else {
            scalar = 0xFFFD;
        }
    }
    *made = put(scalar, text);
    return taken;
}

size_t margay_json_string(const void *string, size_t length, void *target, size_t *made) {
    const unsigned char *json = string;
    unsigned char *text = target;
    size_t at = 0, end = 0;
    for (;;) {
        size_t run = copy_run(json + at, length - at, text + end);
        at += run;
        end += run;
        if (at >= length) return 0;
        if (json[at] == '"') break;
        if (length - at < 2) return 0;
        unsigned char plain;
        switch (json[at + 1]) {
        case '"': plain = '"'; break;
        case '\\': plain = '\\'; break;
        case '/': plain = '/'; break;
        case 'b': plain = '\b'; break;
        case 'f': plain = '\f'; break;
        case 'n': plain = '\n'; break;
        case 'r': plain = '\r'; break;
        case 't': plain = '\t'; break;
        case 'u': {
            size_t bytes = 0;
            size_t taken = take_unicode(json + at, length - at, text + end, &bytes);
            if (taken == 0) return 0;
            at += taken;
            end += bytes;
            continue;
        }
        default: return 0;
        }
        text[end++] = plain;
        at += 2;
    }
    *made = end;
    return at + 1;
}

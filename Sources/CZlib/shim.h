#ifndef MARGAY_CZLIB_SHIM_H
#define MARGAY_CZLIB_SHIM_H
#include <zlib.h>

/* inflateInit2 is a macro, which Swift cannot import. 15 + 32: largest window, gzip or zlib header by itself. */
static inline int margay_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 32); }
#endif

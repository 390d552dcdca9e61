#ifndef MARGAY_CLZMA_SHIM_H
#define MARGAY_CLZMA_SHIM_H
#include <lzma.h>
#endif

#ifndef MARGAY_CZSTD_SHIM_H
#define MARGAY_CZSTD_SHIM_H
#include <zstd.h>
#include <zstd_errors.h>
#endif

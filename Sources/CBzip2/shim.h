#ifndef MARGAY_CBZIP2_SHIM_H
#define MARGAY_CBZIP2_SHIM_H
#include <bzlib.h>
#endif

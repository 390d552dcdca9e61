#ifndef MARGAY_CHYPERSCAN_SHIM_H
#define MARGAY_CHYPERSCAN_SHIM_H
/* Hyperscan and Vectorscan install the same header and the same names. */
#include <hs.h>
#endif

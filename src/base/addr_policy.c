/* addr_policy.c */
#include "base/addr_policy.h"

/* formats.h - one function per kind of output, each in the file of its name. Only readers.c calls them. */
#ifndef PLAN_FORMATS_H
#define PLAN_FORMATS_H

#include "plan/item.h"

void plan_put_tables(const struct plan_print *what, enum plan_format format, struct wr *w);
void plan_put_list(const struct plan_print *what, enum plan_format format, struct wr *w);
void plan_put_rules(const struct plan_print *what, enum plan_format format, struct wr *w);
void plan_put_sysctl(const struct plan_print *what, struct wr *w);

#endif

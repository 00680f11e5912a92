#ifndef PLAN_ROWS_H
#define PLAN_ROWS_H
#endif

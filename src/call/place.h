/* place.h - a call on its way to whom it is for: the next group of targets of its search, a leg for each.
 *
 * Media ports are taken once and follow the group; loops are found by who calls whom under which alias. When
 * nobody is left the best refusal so far goes to the caller. */
#ifndef CALL_PLACE_H
#define CALL_PLACE_H

/* Of a call's timer "next": in a turn of its own, so that a refusal never meets the search that led to it. */
void place_next(void *call);

#endif

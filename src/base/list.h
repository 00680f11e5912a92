/* list.h - an intrusive doubly linked list: the link is embedded in the object that it lists.
 *
 * A head is a link that points to itself; an object not in a list has a link of zeroes or one that
 * points to itself. Removing an object that is in no list does nothing. */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct list {
	struct list *next, *prev;
};

/* By way of a number: the pointer may be one to const, and type says what the result is. */
#define container_of(ptr, type, member) ((type *)((uintptr_t)(ptr)-offsetof(type, member)))
#define LIST_FOR(it, head)              for (struct list *it = (head)->next; it != (head); it = it->next)
/* The current object may be removed or freed. */
#define LIST_FOR_SAFE(it, tmp, head)                                                               \
	for (struct list *it = (head)->next, *tmp = it->next; it != (head);                        \
		it = tmp, tmp = it->next)

static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool list_is_in(const struct list *l)
{
	return l->next && l->next != l;
}

static inline bool list_is_empty(const struct list *head)
{
	return !list_is_in(head);
}

static inline void list_remove(struct list *l)
{
	if (!l->next)
		return;
	l->next->prev = l->prev;
	l->prev->next = l->next;
	list_init(l);
}

static inline void list_append(struct list *head, struct list *l)
{
	list_remove(l);
	l->prev = head->prev;
	l->next = head;
	head->prev->next = l;
	head->prev = l;
}

static inline struct list *list_first(const struct list *head)
{
	return list_is_empty(head) ? NULL : head->next;
}

static inline size_t list_len(const struct list *head)
{
	size_t n = 0;

	LIST_FOR(it, head)
	n++;
	return n;
}

#endif

/* admission.c - see admission.h. */
#include "h323/admission.h"

#include <string.h>

struct admissions {
	struct io *io;
	timer_h *due;
	void *arg;
	struct pool pool;
	struct hash_table by_guid;
};

enum err admissions_new(struct io *io, uint32_t n, timer_h *due, void *arg, struct admissions **ret)
{
	struct admissions *as = mem_array(1, sizeof *as);
	uint32_t generation;
	struct hash_key key;
	enum err err;

	if (!as)
		return ERR_FULL;
	as->io = io;
	as->due = due;
	as->arg = arg;
	io_random(io, &generation, sizeof generation);
	io_random(io, &key, sizeof key);
	err = pool_init(&as->pool, HK_ADMISSION, sizeof(struct admission), n, generation);
	if (err == OK)
		err = hash_init(&as->by_guid, n, &key);
	if (err != OK) {
		admissions_free(as);
		return err;
	}
	*ret = as;
	return OK;
}

void admissions_free(struct admissions *as)
{
	if (!as)
		return;
	for (struct admission *a = NULL; as->pool.n && (a = pool_next(&as->pool, a));)
		timer_stop(&a->timer);
	pool_free(&as->pool);
	hash_free(&as->by_guid);
	mem_free(as);
}

size_t admissions_count(const struct admissions *as)
{
	return as->pool.n_taken;
}

struct admission *admissions_next(const struct admissions *as, const struct admission *a)
{
	return pool_next(&as->pool, a);
}

static uint64_t hash_of_guid(const struct admissions *as, const uint8_t guid[H323_GUID_LEN])
{
	return hash_of(&as->by_guid, (struct str){(const char *)guid, H323_GUID_LEN});
}

struct admission *admission_take(struct admissions *as, struct endpoint *e,
	const uint8_t guid[H323_GUID_LEN], bool is_callee)
{
	struct admission *a = pool_take(&as->pool);

	if (!a)
		return NULL;
	a->all = as;
	a->arg = as->arg;
	a->endpoint = e;
	a->is_callee = is_callee;
	memcpy(a->guid, guid, sizeof a->guid);
	timer_init(&a->timer, as->due, a);
	hash_add(&as->by_guid, &a->by_guid, hash_of_guid(as, guid));
	list_append(&e->calls, &a->list);
	return a;
}

void admission_drop(struct admission *a)
{
	timer_stop(&a->timer);
	hash_remove(&a->all->by_guid, &a->by_guid);
	list_remove(&a->list);
	pool_give(&a->all->pool, a);
}

struct admission *admission_get(const struct admissions *as, uint64_t handle)
{
	return pool_get(&as->pool, handle);
}

struct admission *admission_find(
	const struct admissions *as, const uint8_t guid[H323_GUID_LEN], const struct endpoint *e)
{
	struct hash_node *n = hash_first(&as->by_guid, hash_of_guid(as, guid));
	struct admission *found = NULL;

	for (; n; n = hash_next(n)) {
		struct admission *a = container_of(n, struct admission, by_guid);

		if (memcmp(a->guid, guid, sizeof a->guid) != 0 || (e && a->endpoint != e))
			continue;
		if (!found || found->is_callee)
			found = a;
	}
	return found;
}

static bool is_at_host(const struct endpoint *e, const struct addr *host)
{
	return addr_same_host(&e->source, host) ||
	       (e->n_calls_at && addr_same_host(&e->call[0], host));
}

struct admission *admission_from(
	const struct admissions *as, const uint8_t guid[H323_GUID_LEN], const struct addr *host)
{
	struct hash_node *n = hash_first(&as->by_guid, hash_of_guid(as, guid));

	for (; n; n = hash_next(n)) {
		struct admission *a = container_of(n, struct admission, by_guid);

		if (!memcmp(a->guid, guid, sizeof a->guid) && !a->is_callee &&
			is_at_host(a->endpoint, host))
			return a;
	}
	return NULL;
}

struct admission *admission_of_conference(
	const struct endpoint *e, const uint8_t conference[H323_GUID_LEN], uint16_t crv)
{
	LIST_FOR(it, &e->calls)
	{
		struct admission *a = container_of(it, struct admission, list);

		if (a->crv == crv && !memcmp(a->conference, conference, sizeof a->conference))
			return a;
	}
	return NULL;
}

uint64_t admissions_bandwidth(
	const struct admissions *as, uint32_t subzone, const struct admission *but)
{
	uint64_t sum = 0;

	for (struct admission *a = NULL; (a = pool_next(&as->pool, a));)
		sum += a != but && a->subzone == subzone ? a->bandwidth : 0;
	return sum;
}

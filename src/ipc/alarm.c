/* alarm.c - the table of alarms of one process. */
#include <string.h>

#include "base/pool.h"
#include "ipc/alarm.h"

#define ALARMS_MAX 128

struct alarm {
	uint64_t handle; /* pool.h */
	uint64_t key;
	struct row row;
	struct show_alarm show;
};

struct alarms {
	struct io *io;
	struct ipc *ipc;
	struct pool pool;
};

LOG_EVENT(ev_raised, "ALM-001", LOG_ERROR, "alarm raised");
LOG_EVENT(ev_cleared, "ALM-002", LOG_NOTICE, "alarm cleared");
LOG_EVENT(ev_full, "ALM-003", LOG_ERROR, "alarm raised, but the table of alarms is full");

static void write_alarm(const struct row *row, struct wr *w)
{
	show_alarm_put(w, &container_of(row, const struct alarm, row)->show);
}

enum err alarms_new(struct io *io, struct ipc *ipc, struct alarms **ret_alarms)
{
	struct alarms *a = mem_array(1, sizeof *a);
	uint32_t generation;
	enum err err;

	if (!a)
		return ERR_FULL;
	a->io = io;
	a->ipc = ipc;
	io_random(io, &generation, sizeof generation);
	err = pool_init(&a->pool, HK_ALARM, sizeof(struct alarm), ALARMS_MAX, generation);
	if (err) {
		mem_free(a);
		return err;
	}
	*ret_alarms = a;
	return OK;
}

void alarms_free(struct alarms *a)
{
	if (!a)
		return;
	for (struct alarm *it = NULL; (it = pool_next(&a->pool, it));)
		row_del(a->ipc, &it->row);
	pool_free(&a->pool);
	mem_free(a);
}

static struct alarm *find(const struct alarms *a, const char *id, uint64_t key)
{
	if (!a->pool.n_taken) /* nearly always, and asked for each call */
		return NULL;
	for (struct alarm *it = NULL; (it = pool_next(&a->pool, it));) {
		if (it->key == key && strcmp(it->show.id, id) == 0)
			return it;
	}
	return NULL;
}

/* Logged once: a cause whose numbers move while it stands is only shown. NULL: the table is full. */
static struct alarm *alarm_new(
	struct alarms *a, const char *id, uint64_t key, const char *cause, const char *fix)
{
	struct alarm *it = pool_take(&a->pool);

	log_put(io_log(a->io), &ev_raised, F_Z("alarm", id), F_Z("cause", cause), F_Z("fix", fix));
	if (!it) {
		log_put(io_log(a->io), &ev_full, F_Z("alarm", id));
		return NULL;
	}
	it->key = key;
	it->show.since_wall_s = io_wall(a->io) / 1000000000u;
	(void)str_copy(str_of(id), it->show.id, sizeof it->show.id);
	row_init(&it->row, ROW_ALARM, it->handle, write_alarm);
	return it;
}

void alarm_raise(struct alarms *a, const char *id, uint64_t key, bool is_error, const char *cause,
	const char *fix)
{
	const char *severity = is_error ? "error" : "warning";
	struct alarm *it = find(a, id, key);

	if (it && strcmp(it->show.cause, cause) == 0 && strcmp(it->show.severity, severity) == 0)
		return;
	if (!it)
		it = alarm_new(a, id, key, cause, fix);
	if (!it)
		return;
	(void)str_copy(str_of(severity), it->show.severity, sizeof it->show.severity);
	(void)str_copy(str_of(cause), it->show.cause, sizeof it->show.cause);
	(void)str_copy(str_of(fix), it->show.fix, sizeof it->show.fix);
	row_put(a->ipc, &it->row);
}

void alarm_clear(struct alarms *a, const char *id, uint64_t key)
{
	struct alarm *it = find(a, id, key);

	if (!it)
		return;
	log_put(io_log(a->io), &ev_cleared, F_Z("alarm", id), F_Z("cause", it->show.cause));
	row_del(a->ipc, &it->row);
	pool_give(&a->pool, it);
}

size_t alarm_count(const struct alarms *a)
{
	return a->pool.n_taken;
}

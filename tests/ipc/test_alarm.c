/* Alarms: raised, raised again, cleared; what a command line sees of them. */
#include <string.h>

#include "io/kernel.h"
#include "ipc/alarm.h"
#include "test.h"

static struct io *io;
static struct ipc *sig, *ctl;
static struct alarms *alarms;
static struct show_alarm seen;
static int n_puts, n_dels;

static void on_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	(void)arg;
	(void)from;
	(void)h;
	io_close_fd(io, fd);
	if (kind != ROW_ALARM)
		return;
	CHECK(show_alarm_get(body, &seen) == OK);
	n_puts++;
}

static void on_del(void *arg, enum process_id from, enum kind kind, uint64_t h)
{
	(void)arg;
	(void)from;
	(void)h;
	n_dels += kind == ROW_ALARM;
}

static const struct ipc_ops ops = {.put = on_put, .del = on_del};

static void turns(int n)
{
	while (n-- > 0)
		CHECK(io_run_once(io, 1) == OK);
}

static void start(void)
{
	int x, y;

	n_puts = n_dels = 0;
	CHECK(io_new("n", "t", &io) == OK);
	CHECK(ipc_new(io, P_SIG, &ops, NULL, &sig) == OK &&
		ipc_new(io, P_CTL, &ops, NULL, &ctl) == OK);
	CHECK(chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge(sig, P_CTL, x) == OK && ipc_edge(ctl, P_SIG, y) == OK);
	CHECK(alarms_new(io, sig, &alarms) == OK);
}

static void stop(void)
{
	alarms_free(alarms);
	ipc_free(sig);
	ipc_free(ctl);
	io_free(io);
}

static void raised_and_cleared(void)
{
	start();
	alarm_raise(alarms, "ZON-001", 7, true, "zone a is down", "fosse zones");
	turns(3);
	CHECK(n_puts == 1 && strcmp(seen.id, "ZON-001") == 0 &&
		strcmp(seen.severity, "error") == 0);
	CHECK(strcmp(seen.cause, "zone a is down") == 0 && strcmp(seen.fix, "fosse zones") == 0);
	alarm_raise(alarms, "ZON-001", 8, false, "zone b is down", "fosse zones");
	turns(3);
	CHECK(alarm_count(alarms) == 2 && strcmp(seen.severity, "warning") == 0);
	alarm_clear(alarms, "ZON-001", 7);
	alarm_clear(alarms, "ZON-001", 7);
	alarm_clear(alarms, "ZON-009", 8);
	turns(3);
	CHECK(alarm_count(alarms) == 1 && n_dels == 1);
	stop();
}

/* Its cause may change; its age does not. */
static void raised_again(void)
{
	uint64_t since;

	start();
	alarm_raise(alarms, "ZON-001", 7, true, "first", "fix");
	turns(3);
	since = seen.since_wall_s;
	alarm_raise(alarms, "ZON-001", 7, true, "second", "fix");
	turns(3);
	CHECK(alarm_count(alarms) == 1 && strcmp(seen.cause, "second") == 0 &&
		seen.since_wall_s == since);
	alarm_raise(alarms, "ZON-001", 7, false, "second", "fix");
	turns(3);
	CHECK(n_puts == 3 && strcmp(seen.severity, "warning") == 0);
	alarm_raise(alarms, "ZON-001", 7, false, "second", "fix");
	turns(3);
	CHECK(n_puts == 3); /* nothing new */
	stop();
}

static void too_many(void)
{
	start();
	for (uint64_t key = 1; key <= 1000; key++)
		alarm_raise(alarms, "ZON-001", key, true, "c", "f");
	CHECK(alarm_count(alarms) > 0 && alarm_count(alarms) < 1000);
	for (uint64_t key = 1; key <= 1000; key++)
		alarm_clear(alarms, "ZON-001", key);
	CHECK(alarm_count(alarms) == 0);
	stop();
}

TEST_MAIN(T(raised_and_cleared), T(raised_again), T(too_many))

/* tls.c - fosse-tls: TLS from and to the network, and all private keys. Reads TLS records and
 * certificates; plaintext only to copy it. Wiring only. */
#include <stdio.h>
#include <string.h>

#include "proc/worker.h"
#include "tls/tls.h"

#define COUNTERS_MS 1000u

struct process {
	struct worker *worker;
	struct tls *tls;
	struct alarms *alarms;
	struct row counters;
	struct timer timer;
};

static void write_counters(const struct row *row, struct wr *w)
{
	const struct process *p = container_of(row, const struct process, counters);
	const struct tls_counters *c = tls_counters(p->tls);

	show_counter_put(w, "tls.conns", tls_count(p->tls));
	show_counter_put(w, "tls.accepted", c->accepted);
	show_counter_put(w, "tls.dialled", c->dialled);
	show_counter_put(w, "tls.failed", c->failed);
	show_counter_put(w, "tls.refused_busy", c->refused_busy);
	show_counter_put(w, "tls.refused_identity", c->refused_identity);
	show_counter_put(w, "tls.timed_out", c->timed_out);
}

static void on_timer(void *arg)
{
	struct process *p = arg;

	row_put(p->worker->ipc, &p->counters);
	timer_start(p->worker->io, &p->timer, COUNTERS_MS);
}

/* Does the configuration in use still name this file for this use, or is it the keeper's own? */
static bool is_wanted(const struct conf_certificates *c, const struct given_key *file)
{
	const char *name = file->name;

	switch (file->use) {
	case KEY_ZONE:
		return true;
	case KEY_SERVER:
		return strcmp(name, c->server) == 0 || strcmp(name, "server.pem") == 0;
	case KEY_CLIENT:
		return strcmp(name, c->client) == 0 || strcmp(name, "client.pem") == 0;
	case KEY_TRUST:
		for (uint32_t i = 0; i < c->n_trust; i++) {
			if (strcmp(name, c->trust[i]) == 0)
				return true;
		}
		return false;
	case KEY_USE_MAX:
		break;
	}
	return false;
}

static void take_key(struct worker *w, const struct worker_key *k, void *arg)
{
	struct process *p = arg;
	char cause[CONF_PATH + 128];
	const char *why;

	if (!is_wanted(&w->conf->certificates, &k->file)) {
		io_close_fd(w->io, k->fd);
		return;
	}
	if (tls_key_file(p->tls, k->file.use, k->file.name, k->fd, &why) == OK) {
		alarm_clear(p->alarms, "CRT-004", k->handle);
		return;
	}
	(void)snprintf(cause, sizeof cause, "%s cannot be used: %s", k->file.name, why);
	alarm_raise(p->alarms, "CRT-004", k->handle, true, cause,
		k->file.use == KEY_TRUST
			? "replace the file by PEM: certificates of authorities"
			: "replace the file by PEM: certificate chain, then its key");
}

static void take_socket(struct worker *w, const struct worker_socket *s, void *arg)
{
	struct process *p = arg;

	(void)w;
	if (plan_owner(s->at.row) == OWNER_TLS &&
		tls_listen(p->tls, s->at.row, &s->at.addr, s->fd) != OK)
		alarm_raise(p->alarms, "PRT-004", s->handle, true,
			"a TLS listening socket cannot be used", "fosse ports --live");
}

static void lose_socket(struct worker *w, const struct worker_socket *s, void *arg)
{
	struct process *p = arg;

	(void)w;
	if (plan_owner(s->at.row) == OWNER_TLS)
		tls_unlisten(p->tls, &s->at.addr);
}

static enum err start(struct worker *w, void *arg)
{
	struct process *p = arg;
	struct tls_deps deps = {.io = w->io, .ipc = w->ipc, .conf = w->conf};
	enum err err = alarms_new(w->io, w->ipc, &p->alarms);

	p->worker = w;
	deps.alarms = p->alarms;
	if (err == OK)
		err = tls_new(&deps, &p->tls);
	if (err)
		return err;
	for (size_t i = 0; i < w->n_keys; i++)
		take_key(w, &w->keys[i], p);
	for (size_t i = 0; i < w->n_sockets; i++)
		take_socket(w, &w->sockets[i], p);
	row_init(&p->counters, ROW_COUNTERS, handle_make(HK_PROCESS, P_TLS, 1), write_counters);
	timer_init(&p->timer, on_timer, p);
	on_timer(p);
	return OK;
}

static void configured(struct worker *w, const struct conf *old, void *arg)
{
	struct process *p = arg;

	(void)old;
	tls_configure(p->tls, w->conf);
	for (size_t i = 0; i < w->n_keys; i++) {
		if (!is_wanted(&w->conf->certificates, &w->keys[i].file))
			alarm_clear(p->alarms, "CRT-004", w->keys[i].handle);
	}
}

static void ask(void *arg, struct ipc_ask *question, enum process_id from, enum kind kind,
	uint64_t handle, struct rd *body, int fd)
{
	struct process *p = arg;

	(void)from;
	(void)handle;
	io_close_fd(p->worker->io, fd);
	if (kind == ASK_TLS_DIAL)
		tls_ask(p->tls, question, body);
	else
		ipc_answer(question, ERR_UNSUPPORTED, STR_NONE, NO_FD);
}

int main(int argc, char **argv)
{
	static const struct worker_ops ops = {
		.start = start,
		.configured = configured,
		.socket = take_socket,
		.socket_gone = lose_socket,
		.key = take_key,
		.ipc = {.ask = ask},
	};
	static struct process process;

	return worker_main(P_TLS, argc, argv, &ops, &process);
}

/* tls.c - fosse-tls: TLS from and to the network, and all private keys. Reads TLS records and
 * certificates; plaintext only to copy it. Wiring only. */
#include <string.h>

#include "proc/worker.h"
#include "tls/tls.h"

struct process {
	struct worker *worker;
	struct tls *tls;
	struct alarms *alarms;
};

/* Names of key files, as the keeper gives them. */
static bool use_of(const struct worker *w, const char *name, enum key_use *ret_use)
{
	const struct conf_certificates *c = &w->conf->certificates;

	if (strcmp(name, "zone.pem") == 0)
		*ret_use = KEY_ZONE;
	else if (strcmp(name, c->server) == 0 || strcmp(name, "server.pem") == 0)
		*ret_use = KEY_SERVER;
	else if (strcmp(name, c->client) == 0 || strcmp(name, "client.pem") == 0)
		*ret_use = KEY_CLIENT;
	else if (c->n_trust && strcmp(name, c->trust[0]) == 0)
		*ret_use = KEY_TRUST;
	else
		return false;
	return true;
}

static void take_key(struct worker *w, const struct worker_key *k, void *arg)
{
	struct process *p = arg;
	char cause[192];
	struct wr text = wr_of(cause, sizeof cause - 1);
	enum key_use use;
	enum err err;

	if (!use_of(w, k->file.name, &use)) {
		io_close_fd(w->io, k->fd);
		return;
	}
	err = tls_key_file(p->tls, use, k->fd);
	wr_printf(&text, "%s cannot be used: %s", k->file.name,
		err == ERR_AUTH ? "key and certificate do not fit" : err_text(err));
	cause[wr_len(&text)] = '\0';
	if (err)
		alarm_raise(p->alarms, "CRT-004", use, true, cause,
			"replace the file by PEM: certificate chain, then its key");
	else
		alarm_clear(p->alarms, "CRT-004", use);
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
	return OK;
}

static void configured(struct worker *w, const struct conf *old, void *arg)
{
	struct process *p = arg;

	(void)old;
	tls_configure(p->tls, w->conf);
}

static void put(
	void *arg, enum process_id from, enum kind kind, uint64_t handle, struct rd *body, int fd)
{
	struct process *p = arg;

	(void)from;
	(void)kind;
	(void)handle;
	(void)body;
	io_close_fd(p->worker->io, fd);
}

static void del(void *arg, enum process_id from, enum kind kind, uint64_t handle)
{
	(void)arg;
	(void)from;
	(void)kind;
	(void)handle;
}

static void sync(void *arg, enum process_id from, enum kind kind)
{
	(void)arg;
	(void)from;
	(void)kind;
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

static void edge(void *arg, enum process_id with, bool is_up)
{
	(void)arg;
	(void)with;
	(void)is_up;
}

int main(int argc, char **argv)
{
	static const struct worker_ops ops = {
		.start = start,
		.configured = configured,
		.socket = take_socket,
		.socket_gone = lose_socket,
		.key = take_key,
		.ipc = {.put = put, .del = del, .sync = sync, .ask = ask, .edge = edge},
	};
	static struct process process;

	return worker_main(P_TLS, argc, argv, &ops, &process);
}

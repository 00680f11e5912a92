/* dns.c - names from a table: true, wrong, slow or never. */
#include <string.h>

#include "sim/private.h"

#define ASKS_MAX   256
#define GIVE_UP_MS 6000

struct dns_ask {
	uint64_t h;
	struct io *io;
	dns_h *handler;
	void *arg;
	char name[256];
	enum dns_type type;
	struct timer timer;
};

enum err asks_init(struct io *io)
{
	io->asks_max = ASKS_MAX;
	return pool_init(&io->asks, HK_DNS, sizeof(struct dns_ask), ASKS_MAX, 1);
}

enum err sim_name(struct sim *sim, const struct sim_host *only_for, const char *name,
	enum dns_type type, const struct dns_answer *answer)
{
	struct name *n = &sim->names[sim->n_names];

	if (sim->n_names == NAMES_MAX)
		return ERR_FULL;
	*n = (struct name){.only_for = only_for, .type = type, .answer = *answer};
	if (!str_copy(str_of(name), n->name, sizeof n->name))
		return ERR_RANGE;
	sim->n_names++;
	return OK;
}

void sim_resolver(struct sim_host *host, uint32_t delay_ms, bool is_dead)
{
	host->resolver_ms = delay_ms;
	host->is_resolver_dead = is_dead;
}

static size_t find_answers(const struct dns_ask *ask, const struct sim_host *only_for,
	struct dns_answer ret_answers[DNS_ANSWERS_MAX])
{
	struct sim *sim = ask->io->sim;
	size_t n = 0;

	for (size_t i = 0; i < sim->n_names && n < DNS_ANSWERS_MAX; i++) {
		const struct name *name = &sim->names[i];

		if (name->only_for == only_for && name->type == ask->type &&
			str_ieq(str_of(name->name), str_of(ask->name)))
			ret_answers[n++] = name->answer;
	}
	return n;
}

static void on_due(void *arg)
{
	struct dns_ask *ask = arg;
	struct sim_host *host = ask->io->host;
	dns_h *h = ask->handler;
	struct dns_answer *answers =
		scratch_take(&ask->io->scratch, DNS_ANSWERS_MAX * sizeof *answers);
	size_t n = 0;

	ask->handler = NULL;
	if (h && answers && !host->is_resolver_dead) {
		n = find_answers(ask, host, answers);
		if (!n)
			n = find_answers(ask, NULL, answers);
	}
	if (h)
		h(ask->arg, host->is_resolver_dead ? ERR_TIMEOUT : n ? OK : ERR_NOENT, answers, n);
	if (!ask->io->is_dead) {
		timer_stop(&ask->timer);
		pool_give(&ask->io->asks, ask);
	}
}

enum err dns_ask(struct io *io, const char *name, enum dns_type type, dns_h *h, void *arg,
	struct dns_ask **ret_ask)
{
	struct dns_ask *ask;
	uint32_t ms = io->host->is_resolver_dead ? GIVE_UP_MS : io->host->resolver_ms;

	io_call(io);
	if (io->is_dead || !io->has_servers)
		return ERR_WRONG_STATE;
	if (!name[0] || str_of(name).len > 253)
		return ERR_SYNTAX;
	ask = io->asks.n_taken < io->asks_max ? pool_take(&io->asks) : NULL;
	if (!ask)
		return ERR_FULL;
	ask->io = io;
	ask->handler = h;
	ask->arg = arg;
	ask->type = type;
	(void)str_copy(str_of(name), ask->name, sizeof ask->name);
	timer_init(&ask->timer, on_due, ask);
	timer_start(io, &ask->timer, ms < GIVE_UP_MS ? ms : GIVE_UP_MS);
	*ret_ask = ask;
	return OK;
}

void dns_cancel(struct dns_ask *ask)
{
	if (!ask)
		return;
	io_call(ask->io);
	if (ask->io->is_dead || !ask->handler)
		return;
	ask->handler = NULL;
	timer_start(ask->io, &ask->timer, 0); /* frees it */
}

void dns_limit(struct io *io, uint32_t n_asks, uint32_t n_cached)
{
	(void)n_cached; /* nothing is remembered here: names may change under a test's hands */
	io->asks_max = n_asks;
}

enum err dns_configure(
	struct io *io, const struct local *from, const struct addr_ok *servers, size_t n)
{
	struct ports range;

	(void)servers;
	io_call(io);
	if (io->is_dead || !io->plan || plan_ports(io->plan, from->row, &range) != OK)
		return ERR_DENIED;
	io->has_servers = n > 0;
	return OK;
}

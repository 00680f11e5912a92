/* dns.c - names, asked of the configured servers alone; the home of c-ares.
 *
 * c-ares sends, repeats and times out; the questions, the sockets and the reading of answers are
 * ours. Questions carry a random identifier and random letter case, and each leaves from a random
 * port of its row: an idle channel has no socket, so a question goes to one of CHANNELS channels,
 * the least busy. No search list, no hosts file, no resolv.conf. Datagrams of at most 1,232 bytes
 * (EDNS0); of an answer that was cut, whole records count, and where the plan has the row for it
 * (dns.tcp) it is asked again over a stream. Answers are cached by their TTL, at most an hour, "no
 * such name" 5 s.
 *
 * A handler is called from a timer, never from within dns_ask(). What c-ares still holds when it is
 * cancelled keeps its slot until c-ares lets go. */
#include <ares.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>

#include "base/hash.h"
#include "io/dns_msg.h"
#include "io/private.h"

#define ASKS_MAX    256 /* without dns_limit() */
#define CHANNELS    16  /* and one more, which asks over streams */
#define WATCHES_MAX 160
#define SERVERS_MAX 8
#define CACHE_SIZE  4096 /* without dns_limit() */
#define TRY_MS      1000
#define TRIES       2
#define ASK_MS      6000
#define NEGATIVE_S  5
#define EDNS_BYTES  1232
#define CLASS_IN    1
#define NS_PER_S    1000000000u

LOG_EVENT(ev_cut, "DNS-002", LOG_NOTICE, "a DNS answer was cut before what is needed; open TCP 53");

struct channel {
	struct dns *dns;
	ares_channel ares;
	struct timer timer; /* of c-ares */
	uint32_t n_in_flight;
};

struct dns_ask {
	uint64_t h;
	struct dns *dns;
	struct channel *channel; /* while c-ares holds it */
	dns_h *handler;          /* NULL: nobody waits for it any more */
	void *arg;
	enum dns_type type;
	bool is_cut;
	bool is_stream; /* the second try, for what a datagram could not hold */
	bool is_plain; /* the second try with a server that knows neither EDNS nor our letter case */
	char name[DNS_NAME_MAX + 1]; /* as asked, in its random case */
	struct timer timer;          /* delivery, or the time limit */
	enum err err;
	size_t n;
	struct dns_answer answers[DNS_ANSWERS_MAX];
};

struct cached {
	char name[DNS_NAME_MAX + 1]; /* lower case; "": empty */
	enum dns_type type;
	enum err err;
	uint64_t expires;
	size_t n;
	struct dns_answer answers[DNS_ANSWERS_MAX];
};

struct dns {
	struct io *io;
	struct local from;
	bool has_servers;
	struct channel channels[CHANNELS + 1];
	struct watch watches[WATCHES_MAX]; /* fd -1: free */
	struct pool asks;
	struct cached *cache;
	uint32_t n_cache;
	struct hash_key cache_key;
};

/* ---- sockets: from the plan, like everybody's ---- */

/* dns.tcp is on: the row of this node's end. */
static enum plan_row stream_row(const struct dns *dns)
{
	static const enum plan_row rows[] = {PLAN_EXTRA_CONTROL_DNS, PLAN_EXTRA_EDGE_DNS};
	const struct plan *plan = dns->io->plan;

	for (size_t i = 0; plan && i < 2; i++) {
		if (plan_is_end(plan, rows[i]) && plan_is_on(plan, rows[i]))
			return rows[i];
	}
	return PLAN_NONE;
}

static ares_socket_t on_socket(int domain, int type, int protocol, void *arg)
{
	struct dns *dns = arg;
	struct local from = dns->from;
	uint8_t family = domain == AF_INET6 ? AF_V6 : AF_V4;
	int fd = NO_FD;

	(void)protocol;
	if (from.addr.family != family)
		from.addr = (struct addr){.family = family};
	if (type == SOCK_STREAM)
		from.row = stream_row(dns);
	if ((type == SOCK_STREAM ? bind_stream(dns->io, &from, &fd)
				 : bind_udp(dns->io, &from, &fd)) != OK) {
		errno = EACCES;
		return ARES_SOCKET_BAD;
	}
	return fd;
}

static int on_close(ares_socket_t fd, void *arg)
{
	struct dns *dns = arg;

	io_close_fd(dns->io, fd);
	return 0;
}

static int on_connect(ares_socket_t fd, const struct sockaddr *sa, ares_socklen_t len, void *arg)
{
	struct sockaddr_storage copy = {0};
	struct addr to;

	(void)arg;
	memcpy(&copy, sa, len < sizeof copy ? len : sizeof copy);
	to = sockaddr_get(&copy);
	return bind_connect(fd, &to) == OK ? 0 : -1;
}

static ares_ssize_t on_receive(ares_socket_t fd, void *buf, size_t len, int flags,
	struct sockaddr *from, ares_socklen_t *from_len, void *arg)
{
	(void)arg;
	return recvfrom(fd, buf, len, flags, from, from_len);
}

static ares_ssize_t on_send(ares_socket_t fd, const struct iovec *iov, int n, void *arg)
{
	struct msghdr m = {.msg_iov = (struct iovec *)(uintptr_t)iov, .msg_iovlen = (size_t)n};

	(void)arg;
	return sendmsg(fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static const struct ares_socket_functions socket_functions = {
	.asocket = on_socket,
	.aclose = on_close,
	.aconnect = on_connect,
	.arecvfrom = on_receive,
	.asendv = on_send,
};

/* ---- c-ares on our loop ---- */

static void arm_timer(struct channel *ch)
{
	struct timeval tv;

	if (!ares_timeout(ch->ares, NULL, &tv)) {
		timer_stop(&ch->timer);
		return;
	}
	timer_start(ch->dns->io, &ch->timer, (uint32_t)(tv.tv_sec * 1000 + tv.tv_usec / 1000 + 1));
}

static void on_channel_timer(void *arg)
{
	struct channel *ch = arg;

	ares_process_fd(ch->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	arm_timer(ch);
}

static void on_events(struct watch *w, uint32_t events)
{
	struct channel *ch = w->arg;
	struct io *io = w->io;
	bool reads = events & (EPOLLIN | EPOLLERR | EPOLLHUP);

	io_enter(io, w->name);
	ares_process_fd(ch->ares, reads ? w->fd : ARES_SOCKET_BAD,
		events & EPOLLOUT ? w->fd : ARES_SOCKET_BAD);
	arm_timer(ch);
	io_leave(io);
}

static struct watch *find_watch(struct dns *dns, int fd)
{
	for (size_t i = 0; i < WATCHES_MAX; i++) {
		if (dns->watches[i].fd == fd)
			return &dns->watches[i];
	}
	return NULL;
}

static void watch_socket(struct channel *ch, int fd, uint32_t events)
{
	struct watch *w = find_watch(ch->dns, NO_FD);

	if (!w) /* CHANNELS x SERVERS_MAX fit: cannot be */
		return;
	w->h = on_events;
	w->arg = ch;
	if (watch_start(ch->dns->io, w, fd, events, "dns") != OK)
		w->fd = NO_FD;
}

/* c-ares says which of its sockets it waits for; neither: it is about to be closed. */
static void on_socket_state(void *arg, ares_socket_t fd, int reads, int writes)
{
	struct channel *ch = arg;
	struct watch *w = find_watch(ch->dns, fd);
	uint32_t events = (reads ? EPOLLIN : 0u) | (writes ? EPOLLOUT : 0u);

	if (!w) {
		if (events)
			watch_socket(ch, fd, events);
		return;
	}
	if (events) {
		watch_change(w, events);
		return;
	}
	watch_stop(w);
	w->fd = NO_FD;
}

/* ---- an ask's life ---- */

static void free_if_done(struct dns_ask *ask)
{
	if (!ask->handler && !ask->channel) {
		timer_stop(&ask->timer);
		pool_give(&ask->dns->asks, ask);
	}
}

static void on_due(void *arg)
{
	struct dns_ask *ask = arg;
	dns_h *h = ask->handler;
	enum err err = ask->channel ? ERR_TIMEOUT : ask->err;

	if (h)
		h(ask->arg, err, ask->answers, err == OK ? ask->n : 0);
	ask->handler = NULL;
	free_if_done(ask);
}

void dns_cancel(struct dns_ask *ask)
{
	if (!ask || !ask->handler)
		return;
	ask->handler = NULL;
	timer_stop(&ask->timer);
	/* In its own handler, too: then on_due() frees it when the handler has returned. */
	if (ask->channel)
		return;
	timer_start(ask->dns->io, &ask->timer, 0);
}

/* ---- the cache ---- */

static size_t lower_name(const char *name, char ret_lower[DNS_NAME_MAX + 1])
{
	size_t n = 0;

	for (; name[n] && n < DNS_NAME_MAX; n++)
		ret_lower[n] = ascii_lower(name[n]);
	ret_lower[n] = '\0';
	return n;
}

static struct cached *cache_place(struct dns *dns, const char *name, enum dns_type type)
{
	char key[DNS_NAME_MAX + 2];
	size_t n = lower_name(name, key);

	key[n] = (char)type;
	return &dns->cache[siphash(&dns->cache_key, key, n + 1) % dns->n_cache];
}

static bool cache_find(struct dns_ask *ask)
{
	struct cached *c = cache_place(ask->dns, ask->name, ask->type);

	if (!str_ieq(str_of(c->name), str_of(ask->name)) || c->type != ask->type ||
		c->expires <= io_now(ask->dns->io))
		return false;
	ask->err = c->err;
	ask->n = c->n;
	memcpy(ask->answers, c->answers, c->n * sizeof c->answers[0]);
	return true;
}

static void cache_put(const struct dns_ask *ask, uint32_t ttl_s)
{
	struct cached *c = cache_place(ask->dns, ask->name, ask->type);

	(void)lower_name(ask->name, c->name);
	c->type = ask->type;
	c->err = ask->err;
	c->expires = io_now(ask->dns->io) + ttl_s * (uint64_t)NS_PER_S;
	c->n = ask->n;
	memcpy(c->answers, ask->answers, ask->n * sizeof c->answers[0]);
}

/* ---- questions and answers ---- */

static enum err send_ask(struct dns_ask *ask);

static void note_answer(struct dns_ask *ask, int status, const unsigned char *msg, int len)
{
	struct dns_found found = {.answers = ask->answers};

	/* Nobody answered, or each of them failed. What came in a cut datagram before still counts. */
	if (status != ARES_SUCCESS || len < 0) {
		ask->err = ask->n ? OK : ERR_TIMEOUT;
		return;
	}
	ask->err = dns_decode(
		(struct str){(const char *)msg, (size_t)len}, str_of(ask->name), ask->type, &found);
	ask->n = ask->err == OK ? found.n : 0;
	ask->is_cut = found.is_cut || ask->err == ERR_SHORT;
	if (ask->err == OK)
		cache_put(ask, found.ttl_s);
	else if (ask->err == ERR_NOENT)
		cache_put(ask, NEGATIVE_S);
	else if (ask->err == ERR_SHORT)
		log_put(io_log(ask->dns->io), &ev_cut, F_Z("name", ask->name));
}

/* The server is too old for the question, or its answer too long for a datagram. */
static bool has_another_try(struct dns_ask *ask)
{
	if (!ask->is_plain && (ask->err == ERR_VERSION || ask->err == ERR_AUTH)) {
		ask->is_plain = true;
		return true;
	}
	if (!ask->is_stream && ask->is_cut && stream_row(ask->dns)) {
		ask->is_stream = true;
		return true;
	}
	return false;
}

/* c-ares lets go of the ask. */
static void on_answer(void *arg, int status, int n_timeouts, unsigned char *msg, int len)
{
	struct dns_ask *ask = arg;

	(void)n_timeouts;
	ask->channel->n_in_flight--;
	ask->channel = NULL;
	note_answer(ask, status, msg, len);
	if (status == ARES_SUCCESS && ask->handler && has_another_try(ask) && send_ask(ask) == OK)
		return;
	if (ask->err == ERR_VERSION || ask->err == ERR_AUTH)
		ask->err = ERR_SYNTAX;
	if (ask->handler)
		timer_start(ask->dns->io, &ask->timer, 0);
	else
		free_if_done(ask);
}

static struct channel *least_busy(struct dns *dns)
{
	struct channel *best = &dns->channels[0];

	for (size_t i = 1; i < CHANNELS; i++) {
		if (dns->channels[i].n_in_flight < best->n_in_flight)
			best = &dns->channels[i];
	}
	return best;
}

/* 32 bits more that a forger has to guess (draft-vixie-dnsext-dns0x20). */
static void mix_case(struct io *io, char *name)
{
	uint8_t bits[DNS_NAME_MAX + 1];

	io_random(io, bits, sizeof bits);
	for (size_t i = 0; name[i]; i++) {
		if (ascii_lower(name[i]) >= 'a' && ascii_lower(name[i]) <= 'z')
			name[i] = (char)(bits[i] & 1 ? name[i] | 0x20 : name[i] & ~0x20);
	}
}

static enum err send_ask(struct dns_ask *ask)
{
	struct dns *dns = ask->dns;
	struct channel *ch = ask->is_stream ? &dns->channels[CHANNELS] : least_busy(dns);
	unsigned char *question = NULL;
	int len = 0;
	uint16_t id;

	io_random(ask->dns->io, &id, sizeof id);
	if (ask->is_plain)
		(void)lower_name(ask->name, ask->name);
	else
		mix_case(ask->dns->io, ask->name);
	if (ares_create_query(ask->name, CLASS_IN, dns_type_code(ask->type), id, /* recursion */ 1,
		    &question, &len, ask->is_plain ? 0 : EDNS_BYTES) != ARES_SUCCESS)
		return ERR_SYNTAX;
	ask->channel = ch;
	ch->n_in_flight++;
	ares_send(ch->ares, question, len, on_answer, ask); /* may call on_answer */
	ares_free_string(question);
	arm_timer(ch);
	return OK;
}

enum err dns_ask(struct io *io, const char *name, enum dns_type type, dns_h *h, void *arg,
	struct dns_ask **ret_ask)
{
	struct dns *dns = io->dns;
	struct dns_ask *ask;
	enum err err = OK;

	if (!dns || !dns->has_servers)
		return ERR_WRONG_STATE;
	if (!dns_name_is_good(str_of(name)))
		return ERR_SYNTAX;
	ask = pool_take(&dns->asks);
	if (!ask)
		return ERR_FULL;
	ask->dns = dns;
	ask->handler = h;
	ask->arg = arg;
	ask->type = type;
	(void)str_copy(str_of(name), ask->name, sizeof ask->name);
	timer_init(&ask->timer, on_due, ask);
	timer_start(io, &ask->timer, ASK_MS);
	if (cache_find(ask))
		timer_start(io, &ask->timer, 0);
	else
		err = send_ask(ask);
	if (err) {
		timer_stop(&ask->timer);
		pool_give(&dns->asks, ask);
		return err;
	}
	*ret_ask = ask;
	return OK;
}

/* ---- configuration ---- */

static enum err open_channel(struct dns *dns, struct channel *ch, int more_flags)
{
	/* All that c-ares would else look for in files and the environment is given. */
	char lookups[] = "b";
	struct ares_options o = {.flags = ARES_FLAG_IGNTC | ARES_FLAG_NOSEARCH |
	                                  ARES_FLAG_NOALIASES | ARES_FLAG_EDNS | more_flags,
		.timeout = TRY_MS,
		.tries = TRIES,
		.ndots = 1,
		.lookups = lookups,
		.sock_state_cb = on_socket_state,
		.sock_state_cb_data = ch,
		.ednspsz = EDNS_BYTES};
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
	           ARES_OPT_LOOKUPS | ARES_OPT_SERVERS | ARES_OPT_DOMAINS | ARES_OPT_SORTLIST |
	           ARES_OPT_SOCK_STATE_CB | ARES_OPT_EDNSPSZ | ARES_OPT_NOROTATE;

	ch->dns = dns;
	timer_init(&ch->timer, on_channel_timer, ch);
	if (ares_init_options(&ch->ares, &o, mask) != ARES_SUCCESS)
		return ERR_FULL;
	ares_set_socket_functions(ch->ares, &socket_functions, dns);
	return OK;
}

static void dns_free(struct dns *dns)
{
	for (struct dns_ask *ask = NULL; dns->asks.n && (ask = pool_next(&dns->asks, ask));) {
		ask->handler = NULL;
		timer_stop(&ask->timer);
	}
	for (size_t i = 0; i <= CHANNELS; i++) {
		timer_stop(&dns->channels[i].timer);
		if (dns->channels[i].ares)
			ares_destroy(dns->channels[i].ares); /* gives every ask back */
	}
	pool_free(&dns->asks);
	mem_free(dns->cache);
	mem_free(dns);
	ares_library_cleanup();
}

static enum err dns_new(struct io *io, struct dns **ret_dns)
{
	struct dns *dns = mem_array(1, sizeof *dns);
	enum err err = OK;

	if (!dns)
		return ERR_FULL;
	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
		mem_free(dns);
		return ERR_FULL;
	}
	dns->io = io;
	for (size_t i = 0; i < WATCHES_MAX; i++)
		dns->watches[i].fd = NO_FD;
	io_random(io, &dns->cache_key, sizeof dns->cache_key);
	for (size_t i = 0; i <= CHANNELS && !err; i++)
		err = open_channel(dns, &dns->channels[i], i == CHANNELS ? ARES_FLAG_USEVC : 0);
	if (err) {
		dns_free(dns);
		return err;
	}
	*ret_dns = dns;
	return OK;
}

enum err dns_prepare(struct io *io)
{
	enum err err = io->dns ? OK : dns_new(io, &io->dns);

	if (!err)
		io->dns_free = dns_free;
	return err;
}

/* What has a limit of the configuration, which is not there yet when the channels are made. */
static enum err make_tables(struct dns *dns)
{
	struct io *io = dns->io;
	uint32_t generation;

	dns->n_cache = io->dns_cached_max ? io->dns_cached_max : CACHE_SIZE;
	dns->cache = mem_array(dns->n_cache, sizeof *dns->cache);
	if (!dns->cache)
		return ERR_FULL;
	io_random(io, &generation, sizeof generation);
	return pool_init(&dns->asks, HK_DNS, sizeof(struct dns_ask),
		io->dns_asks_max ? io->dns_asks_max : ASKS_MAX, generation);
}

static void put_server(const struct addr *a, struct ares_addr_port_node *node)
{
	*node = (struct ares_addr_port_node){.family = a->family == AF_V6 ? AF_INET6 : AF_INET,
		.udp_port = a->port,
		.tcp_port = a->port};
	memcpy(&node->addr, a->ip, a->family == AF_V6 ? 16 : 4);
}

void dns_limit(struct io *io, uint32_t n_asks, uint32_t n_cached)
{
	io->dns_asks_max = n_asks;
	io->dns_cached_max = n_cached;
}

enum err dns_configure(
	struct io *io, const struct local *from, const struct addr_ok *servers, size_t n)
{
	struct ares_addr_port_node list[SERVERS_MAX];
	enum err err = OK;

	if (!io->dns || n > SERVERS_MAX)
		return io->dns ? ERR_FULL : ERR_WRONG_STATE;
	if (!io->dns->cache)
		err = make_tables(io->dns);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++) {
		if (!servers[i].addr.port)
			return ERR_RANGE;
		put_server(&servers[i].addr, &list[i]);
		list[i].next = i + 1 < n ? &list[i + 1] : NULL;
	}
	io->dns->from = *from;
	io->dns->from.addr.port = 0;
	io->dns->has_servers = n > 0;
	for (size_t i = 0; i <= CHANNELS; i++) {
		struct channel *ch = &io->dns->channels[i];

		ares_cancel(ch->ares); /* the asks in flight end with ERR_TIMEOUT */
		if (ares_set_servers_ports(ch->ares, n ? list : NULL) != ARES_SUCCESS)
			return ERR_FULL;
	}
	return OK;
}

/* resolve.c - the steps of RFC 3263, one DNS question at a time.
 *
 *	transport given, or sips:  SRV of that one              |
 *	else                       NAPTR, else the zone's list  | -> A, AAAA of each SRV target
 *	no SRV at all              A, AAAA of the host itself   |
 *
 * A question that no server answers ends the work at once: a dead DNS server stalls no call for longer
 * than one question's limit. */
#include <string.h>

#include "base/hash.h"
#include "base/pool.h"
#include "sip/resolve.h"

#define NS_PER_MS 1000000u
#define SERVICES  4u
#define HOSTS_MAX 8u
#define NAME_SIZE 256u

LOG_EVENT(ev_resolved, "SIP-130", LOG_DEBUG, "next hops found");
LOG_EVENT(ev_denied, "SIP-131", LOG_NOTICE, "the address policy refuses a next hop");
LOG_EVENT(ev_failed, "SIP-132", LOG_NOTICE, "no next hop");

enum step { AT_NAPTR, AT_SRV, AT_HOST_V4, AT_HOST_V6, AT_END };

struct host {
	char name[NAME_SIZE];
	uint16_t port;
	enum sip_transport transport;
};

struct job {
	uint64_t handle; /* HK_DNS */
	struct resolver *r;
	struct zone *zone;
	resolved_h *h;
	void *arg;
	uint64_t who;
	enum step step;
	enum addr_use use;
	struct dns_ask *ask;
	enum sip_transport services[SERVICES]; /* SRV questions still to be asked, in order */
	uint32_t n_services, i_service;
	struct host hosts[HOSTS_MAX]; /* whose addresses are asked for */
	uint32_t n_hosts, i_host;
	char domain[NAME_SIZE];
	bool is_asked; /* the URI asks for this transport */
	enum err err;
	struct hops hops;
};

struct dead {
	struct addr addr;
	uint64_t until;
	uint32_t ms;
};

struct resolver {
	struct io *io;
	struct conns *conns;
	struct zones *zones;
	const struct conf *conf;
	struct pool jobs;
	uint16_t port_sip, port_sips; /* the standard's: of those who give no port */
	struct dead dead[DEAD_SLOTS];
	uint32_t i_dead;
	void (*on_full)(void *arg);
	void *on_full_arg;
};

enum err resolver_new(struct io *io, struct conns *conns, struct zones *zones,
	const struct conf *conf, struct resolver **ret)
{
	struct resolver *r = mem_array(1, sizeof *r);
	uint32_t generation;
	struct plan plan;

	if (!r)
		return ERR_FULL;
	*r = (struct resolver){.io = io, .conns = conns, .zones = zones, .conf = conf};
	plan_defaults(&plan, HOST_CONTROL, false);
	r->port_sip = plan.ranges[RANGE_SIP_TCP].low;
	r->port_sips = plan.ranges[RANGE_SIP_TLS].low;
	io_random(io, &generation, sizeof generation);
	if (pool_init(&r->jobs, HK_DNS, sizeof(struct job), RESOLVE_JOBS, generation) != OK) {
		mem_free(r);
		return ERR_FULL;
	}
	*ret = r;
	return OK;
}

void resolver_free(struct resolver *r)
{
	if (!r)
		return;
	for (struct job *j = NULL; (j = pool_next(&r->jobs, j));)
		dns_cancel(j->ask);
	pool_free(&r->jobs);
	mem_free(r);
}

void resolver_on_full(struct resolver *r, void (*h)(void *arg), void *arg)
{
	r->on_full = h;
	r->on_full_arg = arg;
}

void resolver_configure(struct resolver *r, const struct conf *conf)
{
	r->conf = conf;
}

struct hop hop_of(const struct hops *hops, uint32_t i)
{
	struct hop hop = {.transport = hops->v[i].transport, .to = hops->v[i].to};

	if (hop.transport == SIP_TP_TLS)
		memcpy(hop.name, hops->name, sizeof hop.name);
	return hop;
}

/* ---- hops that failed ---- */

static struct dead *dead_find(struct resolver *r, const struct addr *to)
{
	for (uint32_t i = 0; i < DEAD_SLOTS; i++) {
		if (r->dead[i].ms && addr_eq(&r->dead[i].addr, to))
			return &r->dead[i];
	}
	return NULL;
}

void resolve_report(struct resolver *r, const struct addr *to, bool is_alive)
{
	struct dead *d = dead_find(r, to);

	if (is_alive) {
		if (d)
			*d = (struct dead){0};
		return;
	}
	if (!d) {
		d = &r->dead[r->i_dead++ % DEAD_SLOTS];
		*d = (struct dead){.addr = *to, .ms = DEAD_MS / 2};
	}
	d->ms = d->ms * 2 < DEAD_MAX_MS ? d->ms * 2 : DEAD_MAX_MS;
	d->until = io_now(r->io) + (uint64_t)d->ms * NS_PER_MS;
}

static bool is_dead(struct resolver *r, const struct addr *to)
{
	struct dead *d = dead_find(r, to);

	return d && d->until > io_now(r->io);
}

/* Those that are not known to be dead first; order kept otherwise. */
static void dead_last(struct resolver *r, struct hops *hops)
{
	struct hops sorted = *hops;
	uint32_t n = 0;

	for (unsigned pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < hops->n; i++) {
			if (is_dead(r, &hops->v[i].to.addr) == (pass == 1))
				sorted.v[n++] = hops->v[i];
		}
	}
	*hops = sorted;
}

/* ---- one address ---- */

static enum err add_hop(struct resolver *r, struct zone *zone, enum addr_use use,
	enum sip_transport transport, const struct addr *to, struct hops *hops)
{
	struct addr_ctx ctx = zone_addr_ctx(r->zones, zone);
	const char *why = "";
	struct addr_ok ok;
	enum err err;

	if (!zone->is_link && !conns_has(r->conns, transport))
		return ERR_UNSUPPORTED;
	if (hops->n == HOPS_MAX)
		return ERR_FULL;
	err = addr_policy(&ctx, use, to, &ok, &why);
	if (err != OK) {
		log_put(io_log(r->io), &ev_denied, F_ADDR("to", to), F_Z("zone", zone->name),
			F_Z("why", why));
		return err;
	}
	hops->v[hops->n].transport = transport;
	hops->v[hops->n++].to = ok;
	return OK;
}

static uint16_t default_port(const struct resolver *r, enum sip_transport transport)
{
	return transport == SIP_TP_TLS ? r->port_sips : r->port_sip;
}

/* RFC 3263 4.1 for a numeric host or a port without SRV: UDP, or what we have instead. */
static enum sip_transport plain_transport(const struct resolver *r)
{
	if (conns_has(r->conns, SIP_TP_UDP))
		return SIP_TP_UDP;
	return conns_has(r->conns, SIP_TP_TCP) ? SIP_TP_TCP : SIP_TP_TLS;
}

static enum sip_transport wanted_transport(const struct sip_uri *uri)
{
	if (uri->scheme == SIP_SCHEME_SIPS)
		return SIP_TP_TLS;
	return sip_uri_transport(uri);
}

/* ---- the end of a job ---- */

static void finish(struct job *j)
{
	struct resolver *r = j->r;
	resolved_h *h = j->h;
	void *arg = j->arg;
	uint64_t who = j->who;
	struct hops hops = j->hops;
	enum err err = hops.n ? OK : j->err == OK ? ERR_NOENT : j->err;

	dead_last(r, &hops);
	log_put(io_log(r->io), err == OK ? &ev_resolved : &ev_failed, F_Z("name", j->domain),
		F_NUM("hops", hops.n), F_ERR(err));
	pool_give(&r->jobs, j);
	h(arg, who, err, &hops);
}

static void go_on(struct job *j);

/* ---- A, AAAA ---- */

static void on_addresses(void *arg, enum err err, const struct dns_answer *answers, size_t n)
{
	struct job *j = arg;
	struct host *host = &j->hosts[j->i_host];

	j->ask = NULL;
	if (err == ERR_TIMEOUT) {
		j->err = err;
		finish(j);
		return;
	}
	for (size_t i = 0; err == OK && i < n; i++) {
		struct addr to = addr_with_port(&answers[i].addr, host->port);
		enum err refused = add_hop(j->r, j->zone, j->use, host->transport, &to, &j->hops);

		if (refused != OK && j->err == OK)
			j->err = refused;
	}
	j->step = j->step == AT_HOST_V4 ? AT_HOST_V6 : AT_HOST_V4;
	if (j->step == AT_HOST_V4)
		j->i_host++;
	go_on(j);
}

static bool wants(const struct job *j, enum step step)
{
	enum conf_ip ip = j->r->conf->node.ip_protocol;

	return step == AT_HOST_V4 ? ip != IP_V6 : ip != IP_V4;
}

static void add_host(struct job *j, const char *name, uint16_t port, enum sip_transport transport)
{
	struct host *host;

	if (j->n_hosts == HOSTS_MAX || (!j->zone->is_link && !conns_has(j->r->conns, transport)))
		return;
	host = &j->hosts[j->n_hosts++];
	host->port = port ? port : default_port(j->r, transport);
	host->transport = transport;
	if (!str_copy(str_of(name), host->name, sizeof host->name))
		j->n_hosts--;
}

/* ---- SRV ---- */

/* RFC 2782: by priority; inside one by weight, at random. */
static void order_by_weight(struct io *io, const struct dns_answer **v, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		uint64_t sum = 0, pick;
		size_t same = i, k;

		while (same < n && v[same]->priority == v[i]->priority)
			sum += v[same++]->weight + 1u;
		io_random(io, &pick, sizeof pick);
		pick %= sum;
		for (k = i; k < same && pick >= v[k]->weight + 1u; k++)
			pick -= v[k]->weight + 1u;
		const struct dns_answer *chosen = v[k];
		v[k] = v[i];
		v[i] = chosen;
	}
}

static void sort_by_priority(const struct dns_answer **v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct dns_answer *a = v[i];
		size_t k = i;

		for (; k > 0 && v[k - 1]->priority > a->priority; k--)
			v[k] = v[k - 1];
		v[k] = a;
	}
}

static void on_services(void *arg, enum err err, const struct dns_answer *answers, size_t n)
{
	struct job *j = arg;
	const struct dns_answer *v[DNS_ANSWERS_MAX];
	enum sip_transport transport = j->services[j->i_service];

	j->ask = NULL;
	if (err == ERR_TIMEOUT) {
		j->err = err;
		finish(j);
		return;
	}
	if (err == OK && n <= DNS_ANSWERS_MAX) {
		for (size_t i = 0; i < n; i++)
			v[i] = &answers[i];
		sort_by_priority(v, n);
		order_by_weight(j->r->io, v, n);
		for (size_t i = 0; i < n; i++) {
			if (v[i]->port && v[i]->name[0] && strcmp(v[i]->name, ".") != 0)
				add_host(j, v[i]->name, v[i]->port, transport);
		}
	}
	j->i_service++;
	go_on(j);
}

static enum err ask_service(struct job *j)
{
	static const char *const prefixes[] = {[SIP_TP_UDP] = "_sip._udp.",
		[SIP_TP_TCP] = "_sip._tcp.",
		[SIP_TP_TLS] = "_sips._tcp."};
	char name[NAME_SIZE + 16];
	struct wr w = wr_of(name, sizeof name - 1);

	wr_printf(&w, "%s%s", prefixes[j->services[j->i_service]], j->domain);
	name[wr_len(&w)] = '\0';
	return dns_ask(j->r->io, name, DNS_SRV, on_services, j, &j->ask);
}

static void add_service(struct job *j, enum sip_transport transport)
{
	if (j->n_services == SERVICES || !conns_has(j->r->conns, transport))
		return;
	for (uint32_t i = 0; i < j->n_services; i++) {
		if (j->services[i] == transport)
			return;
	}
	j->services[j->n_services++] = transport;
}

/* The zone's own list, when no NAPTR says more. */
static void add_zone_services(struct job *j)
{
	static const enum sip_transport of[] = {
		[SRV_SIPS] = SIP_TP_TLS, [SRV_SIP_TCP] = SIP_TP_TCP, [SRV_SIP_UDP] = SIP_TP_UDP};
	const struct conf_zone *z = j->zone->conf;

	for (uint32_t i = 0; z && i < z->n_srv; i++) {
		if (z->srv[i] <= SRV_SIP_UDP)
			add_service(j, of[z->srv[i]]);
	}
	if (z && z->n_srv)
		return;
	add_service(j, SIP_TP_TLS);
	add_service(j, SIP_TP_TCP);
	add_service(j, SIP_TP_UDP);
}

/* ---- NAPTR ---- */

static enum sip_transport naptr_transport(const struct dns_answer *a)
{
	if (str_ieq(str_of(a->service), STR("SIPS+D2T")))
		return SIP_TP_TLS;
	if (str_ieq(str_of(a->service), STR("SIP+D2T")))
		return SIP_TP_TCP;
	return str_ieq(str_of(a->service), STR("SIP+D2U")) ? SIP_TP_UDP : SIP_TP_NONE;
}

static void on_naptr(void *arg, enum err err, const struct dns_answer *answers, size_t n)
{
	struct job *j = arg;
	const struct dns_answer *v[DNS_ANSWERS_MAX];

	j->ask = NULL;
	if (err == ERR_TIMEOUT) {
		j->err = err;
		finish(j);
		return;
	}
	if (err == OK && n <= DNS_ANSWERS_MAX) {
		for (size_t i = 0; i < n; i++)
			v[i] = &answers[i];
		sort_by_priority(v, n);
		for (size_t i = 0; i < n; i++) {
			enum sip_transport transport = naptr_transport(v[i]);

			if (transport != SIP_TP_NONE && str_ieq(str_of(v[i]->flags), STR("s")))
				add_service(j, transport);
		}
	}
	if (!j->n_services)
		add_zone_services(j);
	j->step = AT_SRV;
	go_on(j);
}

/* ---- the walk ---- */

static enum err ask(struct job *j)
{
	if (j->step == AT_NAPTR)
		return dns_ask(j->r->io, j->domain, DNS_NAPTR, on_naptr, j, &j->ask);
	if (j->step == AT_SRV)
		return ask_service(j);
	return dns_ask(j->r->io, j->hosts[j->i_host].name, j->step == AT_HOST_V4 ? DNS_A : DNS_AAAA,
		on_addresses, j, &j->ask);
}

static enum err ask_next(struct job *j)
{
	struct resolver *r = j->r;
	enum err err = ask(j);

	if (err == ERR_FULL && r->on_full)
		r->on_full(r->on_full_arg);
	return err;
}

/* No SRV at all: the domain is a host. Of one transport when that was asked for, else of what a client
 * without DNS would try (RFC 3263 4.1), then TCP. */
static void add_domain(struct job *j)
{
	enum sip_transport plain = plain_transport(j->r);

	if (j->is_asked) {
		add_host(j, j->domain, 0, j->services[0]);
		return;
	}
	add_host(j, j->domain, 0, plain);
	if (plain == SIP_TP_UDP)
		add_host(j, j->domain, 0, SIP_TP_TCP);
}

/* Skips what needs no question; leaves AT_END when nothing is left. */
static void skip(struct job *j)
{
	if (j->step == AT_SRV && j->i_service == j->n_services) {
		if (!j->n_hosts)
			add_domain(j);
		j->step = AT_HOST_V4;
	}
	while ((j->step == AT_HOST_V4 || j->step == AT_HOST_V6) && j->i_host < j->n_hosts &&
		!wants(j, j->step)) {
		j->i_host += j->step == AT_HOST_V6;
		j->step = j->step == AT_HOST_V4 ? AT_HOST_V6 : AT_HOST_V4;
	}
	if (j->step >= AT_HOST_V4 && (j->i_host == j->n_hosts || j->hops.n == HOPS_MAX))
		j->step = AT_END;
}

static void go_on(struct job *j)
{
	enum err err;

	skip(j);
	if (j->step == AT_END) {
		finish(j);
		return;
	}
	err = ask_next(j);
	if (err != OK) {
		j->err = err;
		finish(j);
	}
}

/* ---- the door ---- */

static struct job *job_new(struct resolver *r, struct zone *zone, enum addr_use use)
{
	struct job *j = pool_take(&r->jobs);

	if (!j)
		return NULL;
	j->r = r;
	j->zone = zone;
	j->use = use;
	return j;
}

/* A neighbor's or link's peers, whatever the URI says. Numeric ones are hops at once. */
static enum err from_peers(
	struct resolver *r, struct zone *zone, struct job **ret_job, struct hops *hops)
{
	static const enum sip_transport of[] = {[TRANSPORT_TLS] = SIP_TP_TLS,
		[TRANSPORT_TCP] = SIP_TP_TCP,
		[TRANSPORT_UDP] = SIP_TP_UDP};
	const struct conf_zone *z = zone->conf;
	enum sip_transport transport = of[z->sip.transport];
	struct job *j = NULL;
	enum err err = ERR_NOENT;

	if (zone->is_link && z->has_pairing && z->pair.peer_inside.family != AF_NONE) {
		struct addr a = z->pair.peer_inside;

		if (!a.port)
			a.port = z->sip.port;
		return add_hop(r, zone, USE_CONFIGURED, transport, &a, hops);
	}
	for (uint32_t i = 0; i < z->n_peers; i++) {
		struct addr a;

		if (addr_parse_host(str_of(z->peers[i]), &a) == OK) {
			a.port = z->sip.port;
			err = add_hop(r, zone, USE_CONFIGURED, transport, &a, hops);
			continue;
		}
		if (!j && !(j = job_new(r, zone, USE_CONFIGURED)))
			return ERR_FULL;
		str_copy(str_of(z->peers[i]), j->domain, sizeof j->domain);
		str_copy(str_of(z->peers[i]), hops->name, sizeof hops->name);
		add_host(j, z->peers[i], z->sip.port, transport);
		j->step = AT_HOST_V4;
	}
	*ret_job = j;
	return j ? ERR_MORE : hops->n ? OK : err;
}

/* A URI in these zones is what a stranger or a client wrote into Contact or Record-Route: its names are never
 * asked for, or we would ask whom he likes and go where he leads. Only literal addresses count, and those that
 * the policy allows; ordinarily such a peer is reached by the flow that it came by. */
static bool is_strangers(const struct zone *zone)
{
	return zone->kind == ZK_DEFAULT || zone->kind == ZK_LOCAL;
}

static enum err from_uri(struct resolver *r, struct zone *zone, const struct sip_uri *uri,
	struct job **ret_job, struct hops *hops)
{
	enum sip_transport transport = wanted_transport(uri);
	struct addr a;
	struct job *j;

	if (transport == SIP_TP_OTHER)
		return ERR_UNSUPPORTED;
	if (sip_host_addr(uri->host, &a) == OK) {
		if (transport == SIP_TP_NONE)
			transport = plain_transport(r);
		a.port = uri->port ? uri->port : default_port(r, transport);
		return add_hop(r, zone, USE_SIP_NEXT_HOP, transport, &a, hops);
	}
	if (is_strangers(zone))
		return ERR_DENIED;
	j = job_new(r, zone, USE_SIP_NEXT_HOP);
	if (!j)
		return ERR_FULL;
	if (!str_copy(uri->host, j->domain, sizeof j->domain) ||
		!str_copy(uri->host, hops->name, sizeof hops->name)) {
		pool_give(&r->jobs, j);
		return ERR_RANGE;
	}
	*ret_job = j;
	if (uri->has_port) {
		add_host(j, j->domain, uri->port,
			transport == SIP_TP_NONE ? plain_transport(r) : transport);
		j->step = AT_HOST_V4;
	} else if (transport != SIP_TP_NONE) {
		add_service(j, transport);
		j->is_asked = j->n_services > 0;
		j->step = AT_SRV;
	} else {
		j->step = AT_NAPTR;
	}
	return ERR_MORE;
}

enum err resolve(struct resolver *r, struct zone *zone, const struct sip_uri *uri, resolved_h *h,
	void *arg, uint64_t who, struct hops *ret_hops, uint64_t *ret_job)
{
	struct hops hops = {0};
	struct job *j = NULL;
	enum err err;

	err = zone->kind == ZK_NEIGHBOR || zone->is_link ? from_peers(r, zone, &j, &hops)
	                                                 : from_uri(r, zone, uri, &j, &hops);
	if (err == OK) {
		dead_last(r, &hops);
		*ret_hops = hops;
	}
	if (err != ERR_MORE || !j)
		return err;
	j->h = h;
	j->arg = arg;
	j->who = who;
	j->hops = hops;
	skip(j);
	if (j->step == AT_END || (err = ask_next(j)) != OK) {
		pool_give(&r->jobs, j);
		return err == OK || err == ERR_MORE ? ERR_UNSUPPORTED : err;
	}
	*ret_job = j->handle;
	return ERR_MORE;
}

void resolve_cancel(struct resolver *r, uint64_t job)
{
	struct job *j = pool_get(&r->jobs, job);

	if (!j)
		return;
	dns_cancel(j->ask);
	pool_give(&r->jobs, j);
}

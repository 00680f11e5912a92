/* resolve.c - see resolve.h. One DNS question at a time.
 *
 * A question that no server answers ends the work at once: a dead DNS server stalls no call for longer than
 * one question's limit. */
#include "h323/resolve.h"

#include <string.h>

#include "base/pool.h"

#define HOSTS_MAX 4u
#define NAME_SIZE 256u
#define SERVICE   "_h323cs._tcp."

LOG_EVENT(ev_resolved, "H323-150", LOG_DEBUG, "addresses of a called party found");
LOG_EVENT(ev_denied, "H323-151", LOG_NOTICE, "the address policy refuses a called party's address");
LOG_EVENT(ev_failed, "H323-152", LOG_NOTICE, "no address of a called party");

enum step { AT_SRV, AT_V4, AT_V6, AT_END };

struct host {
	char name[NAME_SIZE];
	uint16_t port;
};

struct job {
	uint64_t handle; /* HK_DNS */
	struct h323_resolver *r;
	uint64_t zone, who;
	enum step step;
	struct dns_ask *ask;
	struct host hosts[HOSTS_MAX]; /* whose addresses are asked for */
	uint32_t n_hosts, i_host;
	char domain[NAME_SIZE];
	enum err err; /* of the first address that is none for us */
	struct h323_hops hops;
};

struct h323_resolver {
	struct io *io;
	struct zones *zones;
	const struct conf *conf;
	struct pool jobs;
	uint16_t port; /* the standard's: of those who give none */
	h323_resolved_h *h;
	void *arg;
};

/* ---- what an alias says ---- */

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

/* Of two labels at least: what has no dot is an alias that nobody knows. */
static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!is_name_char(s.p[i]))
			return false;
	}
	return s.len && s.len < NAME_SIZE - sizeof SERVICE && s.p[0] != '.' &&
	       str_find(s, '.') + 1 < s.len;
}

static bool read_port(struct str s, uint16_t *ret)
{
	uint64_t n;

	if (str_u64(s, UINT16_MAX, &n) != OK)
		return false;
	*ret = (uint16_t)n;
	return n > 0;
}

/* host, host:port, address, address:port. */
static bool read_place(struct str s, struct h323_dialled *ret)
{
	size_t colon;

	ret->host = STR_NONE;
	ret->port = 0;
	if (addr_parse(s, &ret->at) == OK)
		return true;
	ret->at = (struct addr){0};
	colon = str_find(s, ':');
	if (colon < s.len && !read_port(str_skip(s, colon + 1), &ret->port))
		return false;
	ret->host = str_head(s, colon);
	return is_name(ret->host);
}

/* alias##address, address##alias: what people type on a remote control that has no "@". */
static bool read_hashes(struct str s, size_t at, struct h323_dialled *ret)
{
	struct str first = str_head(s, at), second = str_skip(s, at + 2);

	ret->user = first;
	if (addr_parse(second, &ret->at) == OK)
		return first.len > 0;
	ret->user = second;
	return addr_parse(first, &ret->at) == OK && second.len > 0;
}

static size_t find_hashes(struct str s)
{
	for (size_t i = 0; i + 1 < s.len; i++) {
		if (s.p[i] == '#' && s.p[i + 1] == '#')
			return i;
	}
	return s.len;
}

bool h323_dialled(struct str alias, struct h323_dialled *ret)
{
	static const struct str scheme = {"h323:", 5};
	struct str s = alias;
	size_t at;

	*ret = (struct h323_dialled){0};
	if (s.len > scheme.len && str_ieq(str_head(s, scheme.len), scheme))
		s = str_skip(s, scheme.len);
	s = str_head(s, str_find(s, ';')); /* url-parameters, RFC 3508 */
	at = str_find(s, '@');
	if (at < s.len) {
		ret->is_url = true;
		ret->user = str_head(s, at);
		return ret->user.len && read_place(str_skip(s, at + 1), ret);
	}
	at = find_hashes(s);
	return at < s.len ? read_hashes(s, at, ret) : read_place(s, ret);
}

/* ---- life ---- */

enum err h323_resolver_new(struct io *io, struct zones *zones, const struct conf *conf,
	h323_resolved_h *h, void *arg, struct h323_resolver **ret)
{
	struct h323_resolver *r = mem_array(1, sizeof *r);
	uint32_t generation;
	struct plan plan;

	if (!r)
		return ERR_FULL;
	*r = (struct h323_resolver){.io = io, .zones = zones, .conf = conf, .h = h, .arg = arg};
	plan_defaults(&plan, HOST_EDGE, false);
	r->port = plan.ranges[RANGE_H323_CALL].low;
	io_random(io, &generation, sizeof generation);
	if (pool_init(&r->jobs, HK_DNS, sizeof(struct job), H323_RESOLVE_JOBS, generation) != OK) {
		mem_free(r);
		return ERR_FULL;
	}
	*ret = r;
	return OK;
}

void h323_resolver_free(struct h323_resolver *r)
{
	if (!r)
		return;
	for (struct job *j = NULL; (j = pool_next(&r->jobs, j));)
		dns_cancel(j->ask);
	pool_free(&r->jobs);
	mem_free(r);
}

void h323_resolver_configure(struct h323_resolver *r, const struct conf *conf)
{
	r->conf = conf;
}

/* ---- one address ---- */

static enum err add_hop(
	struct h323_resolver *r, struct zone *zone, struct addr to, struct h323_hops *hops)
{
	struct addr_ctx ctx = zone_addr_ctx(r->zones, zone);
	const char *why = "";
	struct addr_ok ok;
	enum err err;

	if (!to.port)
		to.port = r->port;
	err = addr_policy(&ctx, USE_SIP_NEXT_HOP, &to, &ok, &why);
	if (err != OK) {
		log_put(io_log(r->io), &ev_denied, F_ADDR("to", &to), F_Z("zone", zone->name),
			F_Z("why", why));
		return err;
	}
	if (hops->n < H323_HOPS_MAX)
		hops->v[hops->n++] = ok.addr;
	return OK;
}

/* ---- the walk ---- */

static void finish(struct job *j)
{
	struct h323_resolver *r = j->r;
	struct h323_hops hops = j->hops;
	uint64_t who = j->who;
	enum err err = hops.n ? OK : j->err == OK ? ERR_NOENT : j->err;

	log_put(io_log(r->io), err == OK ? &ev_resolved : &ev_failed, F_Z("name", j->domain),
		F_NUM("hops", hops.n), F_ERR(err));
	pool_give(&r->jobs, j);
	r->h(r->arg, who, err, &hops);
}

static void add_host(struct job *j, const char *name, uint16_t port)
{
	struct host *host = &j->hosts[j->n_hosts];

	if (j->n_hosts == HOSTS_MAX || !str_copy(str_of(name), host->name, sizeof host->name))
		return;
	host->port = port;
	j->n_hosts++;
}

static bool wants(const struct job *j, enum step step)
{
	enum conf_ip ip = j->r->conf->node.ip_protocol;

	return step == AT_V4 ? ip != IP_V6 : ip != IP_V4;
}

static void next_step(struct job *j)
{
	j->i_host += j->step == AT_V6;
	j->step = j->step == AT_V4 ? AT_V6 : AT_V4;
}

static void go_on(struct job *j);

/* False: there was none that counts, and the work is over. */
static bool is_answered(struct job *j, enum err err)
{
	j->ask = NULL;
	if (err != ERR_TIMEOUT)
		return true;
	j->err = err;
	finish(j);
	return false;
}

static void on_addresses(void *arg, enum err err, const struct dns_answer *answers, size_t n)
{
	struct job *j = arg;
	struct zone *zone = zone_get(j->r->zones, j->zone);

	if (!is_answered(j, err))
		return;
	for (size_t i = 0; zone && err == OK && i < n; i++) {
		struct addr to = addr_with_port(&answers[i].addr, j->hosts[j->i_host].port);
		enum err refused = add_hop(j->r, zone, to, &j->hops);

		if (refused != OK && j->err == OK)
			j->err = refused;
	}
	next_step(j);
	go_on(j);
}

/* RFC 2782: by priority; inside one by weight, at random. The best of what is left, taken out. */
static const struct dns_answer *take_service(struct io *io, const struct dns_answer **v, size_t *n)
{
	const struct dns_answer *best;
	uint64_t sum = 0, pick;
	uint16_t priority = UINT16_MAX;
	size_t k = 0;

	for (size_t i = 0; i < *n; i++)
		priority = v[i]->priority < priority ? v[i]->priority : priority;
	for (size_t i = 0; i < *n; i++)
		sum += v[i]->priority == priority ? v[i]->weight + 1u : 0;
	io_random(io, &pick, sizeof pick);
	pick %= sum;
	for (;; k++) {
		if (v[k]->priority != priority)
			continue;
		if (pick < v[k]->weight + 1u)
			break;
		pick -= v[k]->weight + 1u;
	}
	best = v[k];
	v[k] = v[--*n];
	return best;
}

static void on_services(void *arg, enum err err, const struct dns_answer *answers, size_t n)
{
	const struct dns_answer *v[DNS_ANSWERS_MAX];
	struct job *j = arg;
	bool is_offered = true;
	size_t left = 0;

	if (!is_answered(j, err))
		return;
	for (size_t i = 0; err == OK && i < n && left < DNS_ANSWERS_MAX; i++)
		v[left++] = &answers[i];
	while (left) {
		const struct dns_answer *a = take_service(j->r->io, v, &left);

		if (a->port && a->name[0] && strcmp(a->name, ".") != 0)
			add_host(j, a->name, a->port);
		else
			is_offered = false; /* RFC 2782: "." says that there is no such service */
	}
	if (!j->n_hosts && is_offered)
		add_host(j, j->domain, 0);
	j->step = AT_V4;
	go_on(j);
}

static enum err ask(struct job *j)
{
	char name[NAME_SIZE];
	struct wr w = wr_of(name, sizeof name - 1);
	const char *host = j->hosts[j->i_host].name;

	if (j->step != AT_SRV)
		return dns_ask(j->r->io, host, j->step == AT_V4 ? DNS_A : DNS_AAAA, on_addresses, j,
			&j->ask);
	wr_printf(&w, SERVICE "%s", j->domain);
	name[wr_len(&w)] = '\0';
	return dns_ask(j->r->io, name, DNS_SRV, on_services, j, &j->ask);
}

/* Skips what needs no question; leaves AT_END when nothing is left. */
static void skip(struct job *j)
{
	while ((j->step == AT_V4 || j->step == AT_V6) && j->i_host < j->n_hosts &&
		!wants(j, j->step))
		next_step(j);
	if (j->step != AT_SRV && (j->i_host == j->n_hosts || j->hops.n == H323_HOPS_MAX))
		j->step = AT_END;
}

static void go_on(struct job *j)
{
	enum err err;

	skip(j);
	if (j->step != AT_END) {
		err = ask(j);
		if (err == OK)
			return;
		j->err = err;
	}
	finish(j);
}

/* ---- the door ---- */

static bool has_service(const struct conf_zone *z)
{
	bool is_listed = !z || !z->n_srv;

	for (uint32_t i = 0; z && i < z->n_srv; i++)
		is_listed |= z->srv[i] == SRV_H323CS;
	return is_listed;
}

static enum err begin(
	struct h323_resolver *r, struct zone *zone, const struct h323_dialled *d, uint64_t who)
{
	struct job *j = pool_take(&r->jobs);
	enum err err;

	if (!j)
		return ERR_FULL;
	j->r = r;
	j->zone = zone->handle;
	j->who = who;
	(void)str_copy(d->host, j->domain, sizeof j->domain);
	j->step = d->port || !has_service(zone->conf) ? AT_V4 : AT_SRV;
	if (j->step != AT_SRV)
		add_host(j, j->domain, d->port);
	skip(j);
	err = j->step == AT_END ? ERR_UNSUPPORTED : ask(j);
	if (err != OK) {
		pool_give(&r->jobs, j);
		return err;
	}
	return ERR_MORE;
}

enum err h323_resolve(struct h323_resolver *r, struct zone *zone, struct str alias, uint64_t who,
	struct h323_hops *ret_hops)
{
	struct h323_dialled d;

	*ret_hops = (struct h323_hops){0};
	if (!h323_dialled(alias, &d))
		return ERR_NOENT;
	if (d.at.family != AF_NONE)
		return add_hop(r, zone, d.at, ret_hops);
	return begin(r, zone, &d, who);
}

/* ports.c - `fosse ports`: from a configuration to the plan's readers.
 *
 * It knows where the configuration keeps addresses and which end of a row they belong to. Names are
 * not resolved: what a firewall opens must be written as an address, and an end without one matches
 * any. It must never read a file or ask a running node. */
#include "ctl/ports.h"

/* ---- options ---- */

static bool is_word(const char *word, const char *wanted)
{
	return str_eq(str_of(word), str_of(wanted));
}

/* A word that stands alone; false: it is none of them. */
static bool read_flag(const char *word, struct ports_options *o)
{
	if (is_word(word, "--all"))
		o->is_all = true;
	else if (is_word(word, "--rules-only"))
		o->is_rules_only = true;
	else if (is_word(word, "--shared"))
		o->is_shared = true;
	else
		return false;
	return true;
}

static bool read_value(const char *word, struct str value, struct ports_options *o)
{
	if (is_word(word, "--format"))
		return plan_format_of(value, &o->format);
	if (is_word(word, "--firewall"))
		return plan_firewall_of(value, &o->firewall);
	if (!is_word(word, "--table"))
		return false;
	o->table = value;
	return value.len > 0;
}

static bool has_value(const char *word)
{
	return is_word(word, "--format") || is_word(word, "--firewall") || is_word(word, "--table");
}

enum err ports_options_read(const char *const *words, size_t n, struct ports_options *ret_options,
	struct str *ret_wrong)
{
	struct ports_options o = {.format = FORMAT_TEXT};

	for (size_t i = 0; i < n; i++) {
		struct str value = i + 1 < n ? str_of(words[i + 1]) : STR_NONE;

		if (read_flag(words[i], &o))
			continue;
		if (!has_value(words[i]) || !read_value(words[i], value, &o)) {
			*ret_wrong = has_value(words[i]) && value.len ? value : str_of(words[i]);
			return ERR_SYNTAX;
		}
		i++;
	}
	*ret_options = o;
	return OK;
}

/* ---- who is where ---- */

static void add_text(struct plan_addrs *addrs, const char *text)
{
	struct addr a;

	if (addr_parse(str_of(text), &a) == OK)
		plan_addrs_add(addrs, &a);
}

/* "ldaps://192.0.2.50:636/": the host between the slashes, without its port. */
static void add_url(struct plan_addrs *addrs, const char *url)
{
	struct str rest = str_of(url), host;
	struct addr a;

	(void)str_cut(&rest, '/');
	(void)str_cut(&rest, '/');
	host = str_cut(&rest, '/');
	if (addr_parse(host, &a) == OK)
		plan_addrs_add(addrs, &a);
}

static bool is_of_link(const struct conf_zone *z, const struct plan_link *link)
{
	bool is_link = z->type == ZT_TRAVERSAL_CLIENT || z->type == ZT_TRAVERSAL_SERVER;
	uint16_t sip_port = z->sip.enabled ? z->sip.port : 0;

	return is_link && z->uc == link->is_uc && sip_port == link->sip_port;
}

/* The other node of a zone: the peers that are written as addresses, and what pairing told of it. */
static void add_peers(const struct conf_zone *z, struct plan_addrs *addrs)
{
	for (uint32_t i = 0; i < z->n_peers; i++)
		add_text(addrs, z->peers[i]);
	if (z->has_pairing)
		plan_addrs_add(addrs, &z->pair.peer_inside);
}

/* The plan's links are the configuration's traversal zones in their order, some left out. */
static void add_links(const struct conf *c, const struct plan *p, struct plan_hosts *hosts)
{
	enum plan_host other = p->node == HOST_EDGE ? HOST_CONTROL : HOST_EDGE;
	size_t link = 0;

	for (uint32_t i = 0; i < c->n_zones && link < p->n_links; i++) {
		const struct plan_addrs *peers = &hosts->links[link];

		if (!is_of_link(&c->zones[i], &p->links[link]))
			continue;
		add_peers(&c->zones[i], &hosts->links[link++]);
		for (size_t k = 0; k < peers->n; k++)
			plan_addrs_add(&hosts->of[other], &peers->v[k]);
	}
}

static void add_servers(const struct conf *c, struct plan_hosts *hosts)
{
	bool is_edge = c->node.role == ROLE_EDGE;

	for (uint32_t i = 0; i < c->dns.n_servers; i++)
		plan_addrs_add(&hosts->of[is_edge ? HOST_PUBLICDNS : HOST_DNS], &c->dns.servers[i]);
	for (uint32_t i = 0; i < c->ntp.n_servers; i++)
		add_text(&hosts->of[HOST_NTP], c->ntp.servers[i]);
	for (uint32_t i = 0; i < c->syslog.n_servers; i++)
		add_text(&hosts->of[HOST_SYSLOG], c->syslog.servers[i].address);
	if (c->ldap.enabled)
		add_url(&hosts->of[HOST_DIRECTORY], c->ldap.uri);
}

static void add_uc_servers(const struct conf *c, struct plan_hosts *hosts)
{
	static const enum plan_host kinds[] = {HOST_UCM, HOST_IMP, HOST_VOICEMAIL};

	for (uint32_t i = 0; i < c->uc.n_servers; i++) {
		const struct conf_uc_server *server = &c->uc.servers[i];

		if (server->kind < sizeof kinds / sizeof kinds[0])
			add_text(&hosts->of[kinds[server->kind]], server->address);
	}
}

void ports_hosts(const struct conf *c, const struct plan *p, struct plan_hosts *ret_hosts)
{
	*ret_hosts = (struct plan_hosts){.edge_outside = {.n = 0}};
	plan_addrs_add(&ret_hosts->of[p->node], &c->node.inside);
	if (p->node == HOST_EDGE)
		plan_addrs_add(&ret_hosts->edge_outside, &c->node.outside);
	add_links(c, p, ret_hosts);
	add_servers(c, ret_hosts);
	add_uc_servers(c, ret_hosts);
}

/* ---- states ---- */

/* A line that cannot be read says nothing about any row; the others count. */
static void read_machine(const struct ports_machine *m, proc_socket_h *h, void *arg)
{
	(void)!proc_net_read(m->udp, true, h, arg);
	(void)!proc_net_read(m->udp6, true, h, arg);
	(void)!proc_net_read(m->tcp, false, h, arg);
	(void)!proc_net_read(m->tcp6, false, h, arg);
}

struct work {
	struct plan plan;
	struct plan_hosts hosts;
	struct plan_use use;
	struct addr own[2];
};

static void prepare(const struct conf *c, const struct ports_machine *machine, struct work *work)
{
	conf_to_plan(c, /* services that are not built yet */ false, &work->plan);
	ports_hosts(c, &work->plan, &work->hosts);
	work->own[0] = c->node.inside;
	work->own[1] = c->node.outside;
	plan_use_init(&work->use, &work->plan, work->own, 2, machine->inodes, machine->n_inodes);
	read_machine(machine, plan_use_add, &work->use);
}

enum err ports_print(const struct conf *c, const struct ports_options *options,
	const struct ports_machine *machine, struct scratch *scratch, struct wr *w)
{
	struct work *work = scratch_take(scratch, sizeof *work);
	struct plan_print what;

	if (!work)
		return ERR_FULL;
	prepare(c, machine, work);
	what = (struct plan_print){.plan = &work->plan,
		.hosts = &work->hosts,
		.is_all = options->is_all,
		.table = options->table,
		.firewall = options->firewall,
		.is_rules_only = options->is_rules_only,
		.is_shared = options->is_shared,
		.use = &work->use};
	return plan_print(&what, options->format, w);
}

/* ---- self-check ---- */

struct clash {
	ports_fault_h *h;
	void *arg;
	size_t n;
};

static void on_item(void *arg, const struct plan_item *item)
{
	struct clash *clash = arg;
	char text[256];
	struct wr w = wr_of(text, sizeof text);

	if (item->state != STATE_CLASH)
		return;
	clash->n++;
	wr_printf(&w, "another program holds a port of %s, \"%s\": ss -tulnp shows which; stop it",
		item->line->path->table, item->line->purpose);
	clash->h(clash->arg, wr_done(&w));
}

size_t ports_clashes(const struct conf *c, const struct ports_machine *machine,
	struct scratch *scratch, ports_fault_h *h, void *arg)
{
	struct work *work = scratch_take(scratch, sizeof *work);
	struct clash clash = {h, arg, 0};

	if (!work)
		return 0;
	prepare(c, machine, work);
	plan_each(
		&(struct plan_print){.plan = &work->plan, .hosts = &work->hosts, .use = &work->use},
		/* with_off */ false, on_item, &clash);
	return clash.n;
}

struct unlisted {
	const struct plan *plan;
	const struct ports_machine *machine;
	ports_fault_h *h;
	void *arg;
	size_t n;
};

static void on_socket(void *arg, const struct proc_socket *s)
{
	struct unlisted *u = arg;
	char text[160], local[ADDR_TEXT_SIZE];
	struct wr w = wr_of(text, sizeof text);

	if (!proc_net_is_ours(u->machine->inodes, u->machine->n_inodes, s->inode) ||
		plan_lists(u->plan, s))
		return;
	u->n++;
	wr_printf(&w, "a process of ours holds %s %s, which no row of the plan lists",
		s->is_udp ? "UDP" : "TCP", addr_put(&s->local, local));
	if (u->h)
		u->h(u->arg, wr_done(&w));
}

size_t ports_unlisted(
	const struct plan *p, const struct ports_machine *machine, ports_fault_h *h, void *arg)
{
	struct unlisted u = {p, machine, h, arg, 0};

	read_machine(machine, on_socket, &u);
	return u.n;
}

/* zone.c - the live side of the configured zones: state, rows, alarms, addresses. No SIP, no socket. */
#include <assert.h>
#include <string.h>

#include "base/crypt.h"
#include "base/hash.h"
#include "call/zone.h"
#include "ipc/flow.h"

#define ZONES_MAX      (CONF_ZONES + 2) /* Local and Default */
#define ALARM_AFTER_MS 10000

LOG_EVENT(ev_up, "ZON-100", LOG_NOTICE, "zone is up");
LOG_EVENT(ev_down, "ZON-101", LOG_NOTICE, "zone is down");
LOG_EVENT(ev_h323_up, "ZON-102", LOG_NOTICE, "H.323 of a zone is up");
LOG_EVENT(ev_h323_down, "ZON-103", LOG_NOTICE, "H.323 of a zone is down");

struct zone_slot {
	struct zone zone;
	struct zones *zones;
	struct timer alarm; /* down for so long is an alarm, less is a reconnect */
	struct zone_media media;
};

struct zones {
	struct io *io;
	struct ipc *ipc;
	struct alarms *alarms;
	const struct conf *conf;
	struct addr own[3];
	size_t n_own;
	uint32_t n;
	struct zone_slot *order[ZONES_MAX]; /* as configured, after Local and Default */
	struct zone_slot slots[ZONES_MAX];
};

static void write_zone(const struct row *row, struct wr *w)
{
	const struct zone *zone = container_of(row, const struct zone, row);
	struct show_zone show = zone->show;

	show.calls = zone->n_calls;
	show_zone_put(w, &show);
}

static void write_media(const struct row *row, struct wr *w)
{
	const struct zone *zone = container_of(row, const struct zone, media_row);

	zone_media_put(w, &container_of(zone, const struct zone_slot, zone)->media);
}

static void on_alarm(void *arg)
{
	struct zone_slot *slot = arg;
	char cause[192];
	struct wr w = wr_of(cause, sizeof cause - 1);

	wr_printf(
		&w, "traversal zone %s is not connected: %s", slot->zone.name, slot->zone.show.why);
	cause[wr_len(&w)] = '\0';
	alarm_raise(slot->zones->alarms, "ZON-001", slot->zone.handle, true, cause,
		"fosse ports --table sip-traversal");
}

static enum zone_kind kind_of(enum conf_zone_type type)
{
	static const enum zone_kind kinds[] = {[ZT_TRAVERSAL_CLIENT] = ZK_TRAVERSAL_CLIENT,
		[ZT_TRAVERSAL_SERVER] = ZK_TRAVERSAL_SERVER,
		[ZT_NEIGHBOR] = ZK_NEIGHBOR,
		[ZT_DNS] = ZK_DNS};

	return kinds[type];
}

static void clear_slot(struct zone_slot *slot)
{
	timer_stop(&slot->alarm);
	alarm_clear(slot->zones->alarms, "ZON-001", slot->zone.handle);
	alarm_clear(slot->zones->alarms, "ZON-004", slot->zone.handle);
	row_del(slot->zones->ipc, &slot->zone.row);
	row_del(slot->zones->ipc, &slot->zone.media_row);
}

/* The media key: that of the pairing; a zone set up by hand has its secret, stretched to 32 bytes. */
static void set_media_key(struct zone_media *m, const struct conf_zone *cz)
{
	if (cz->has_pairing && cz->pair.n_media_keys) {
		memcpy(m->key, cz->pair.media_keys[0], sizeof m->key);
		m->has_old_key = cz->pair.n_media_keys > 1;
		if (m->has_old_key)
			memcpy(m->old_key, cz->pair.media_keys[1], sizeof m->old_key);
		return;
	}
	hkdf_sha256(str_of(cz->password), str_of(cz->username), STR("fosse-zone-media-1"), m->key,
		sizeof m->key);
}

static void show_media(struct zone_slot *slot)
{
	struct zone *zone = &slot->zone;
	struct zone_media *m = &slot->media;

	*m = (struct zone_media){.is_edge = zone->kind == ZK_TRAVERSAL_SERVER, .peer = zone->peer};
	(void)str_copy(str_of(zone->name), m->name, sizeof m->name);
	m->keepalive_ms = zone->conf->udp_keepalive_ms;
	set_media_key(m, zone->conf);
	row_put(slot->zones->ipc, &zone->media_row);
}

static void set_plain_tcp_alarm(struct zone_slot *slot)
{
	char cause[192];
	struct wr w = wr_of(cause, sizeof cause - 1);

	if (!slot->zone.is_link || slot->zone.conf->sip.transport != TRANSPORT_TCP) {
		alarm_clear(slot->zones->alarms, "ZON-004", slot->zone.handle);
		return;
	}
	wr_printf(&w,
		"traversal zone %s runs over plain TCP: its signalling can be read and changed",
		slot->zone.name);
	cause[wr_len(&w)] = '\0';
	alarm_raise(slot->zones->alarms, "ZON-004", slot->zone.handle, false, cause,
		"set zones[].sip.transport: tls on both nodes");
}

/* The slot of this zone, or a free one: there are as many as zones can be. */
static struct zone_slot *slot_of(struct zones *z, enum zone_kind kind, struct str name)
{
	struct zone_slot *free_slot = NULL;

	for (uint32_t i = ZONES_MAX; i-- > 0;) {
		struct zone *zone = &z->slots[i].zone;

		if (!zone->handle)
			free_slot = &z->slots[i];
		else if (zone->kind == kind && str_eq(str_of(zone->name), name))
			return &z->slots[i];
	}
	assert(free_slot);
	return free_slot;
}

/* Of the name, not drawn: in a successor the zone has the handle by which media's flows know it. */
static uint32_t generation_of(enum zone_kind kind, struct str name)
{
	const struct hash_key key = {.k0 = kind};

	return (uint32_t)siphash(&key, name.p, name.len);
}

static void begin_slot(
	struct zones *z, struct zone_slot *slot, enum zone_kind kind, struct str name)
{
	struct zone *zone = &slot->zone;

	memset(slot, 0, sizeof *slot);
	slot->zones = z;
	timer_init(&slot->alarm, on_alarm, slot);
	zone->index = (uint32_t)(slot - z->slots);
	zone->handle = handle_make(HK_ZONE, zone->index, generation_of(kind, name));
	zone->kind = kind;
	zone->is_link = kind == ZK_TRAVERSAL_CLIENT || kind == ZK_TRAVERSAL_SERVER;
	(void)str_copy(name, zone->name, sizeof zone->name);
	row_init(&zone->row, ROW_ZONE, zone->handle, write_zone);
	row_init(&zone->media_row, ROW_ZONE_MEDIA, zone->handle, write_media);
}

static void set_zone(
	struct zones *z, enum zone_kind kind, struct str name, const struct conf_zone *cz)
{
	struct zone_slot *slot = slot_of(z, kind, name);
	struct zone *zone = &slot->zone;
	bool is_new = !zone->handle;

	if (is_new)
		begin_slot(z, slot, kind, name);
	z->order[z->n++] = slot;
	zone->conf = cz;
	zone->is_inside = z->conf->node.role == ROLE_CONTROL || zone->is_link;
	set_plain_tcp_alarm(slot);
	if (is_new)
		zone_set_state(
			z, zone, !zone->is_link, STR_NONE, NULL, NULL, STR("not connected yet"));
	else if (zone->is_link)
		show_media(slot);
}

static void set_own_addresses(struct zones *z)
{
	const struct addr all[] = {
		z->conf->node.inside, z->conf->node.outside, z->conf->node.outside_nat};

	z->n_own = 0;
	for (size_t i = 0; i < 3; i++) {
		if (all[i].family != AF_NONE)
			z->own[z->n_own++] = all[i];
	}
}

bool zone_stays(const struct zone *zone, const struct conf *conf)
{
	if (zone->kind == ZK_LOCAL || zone->kind == ZK_DEFAULT)
		return true;
	for (uint32_t i = 0; i < conf->n_zones; i++) {
		if (kind_of(conf->zones[i].type) == zone->kind &&
			str_eq(str_of(conf->zones[i].name), str_of(zone->name)))
			return true;
	}
	return false;
}

void zones_configure(struct zones *z, const struct conf *conf)
{
	z->conf = conf;
	set_own_addresses(z);
	for (struct zone_slot *slot = z->slots; slot < z->slots + ZONES_MAX; slot++) {
		if (!slot->zone.handle || zone_stays(&slot->zone, conf))
			continue;
		clear_slot(slot);
		/* transactions that still end know it by its index, which counts them */
		slot->zone = (struct zone){.index = slot->zone.index};
	}
	z->n = 0;
	set_zone(z, ZK_LOCAL, STR("local"), NULL);
	set_zone(z, ZK_DEFAULT, STR("default"), NULL);
	for (uint32_t i = 0; i < conf->n_zones; i++)
		set_zone(z, kind_of(conf->zones[i].type), str_of(conf->zones[i].name),
			&conf->zones[i]);
}

enum err zones_new(struct io *io, struct ipc *ipc, struct alarms *alarms, const struct conf *conf,
	struct zones **ret_zones)
{
	struct zones *z = mem_array(1, sizeof *z);

	if (!z)
		return ERR_FULL;
	z->io = io;
	z->ipc = ipc;
	z->alarms = alarms;
	zones_configure(z, conf);
	*ret_zones = z;
	return OK;
}

void zones_free(struct zones *z)
{
	if (!z)
		return;
	for (uint32_t i = 0; i < z->n; i++)
		clear_slot(z->order[i]);
	mem_free(z);
}

struct zone *zone_at(struct zones *z, uint32_t place)
{
	return place < z->n ? &z->order[place]->zone : NULL;
}

struct zone *zone_named(struct zones *z, struct str name)
{
	for (uint32_t i = 0; i < z->n; i++) {
		if (str_eq(str_of(z->order[i]->zone.name), name))
			return &z->order[i]->zone;
	}
	return NULL;
}

struct zone *zone_get(struct zones *z, uint64_t handle)
{
	uint32_t slot = handle_slot(handle);
	struct zone *zone = slot < ZONES_MAX ? &z->slots[slot].zone : NULL;

	return handle && zone && zone->handle == handle ? zone : NULL;
}

struct zone *zone_local(struct zones *z)
{
	return &z->order[0]->zone;
}

struct zone *zone_default(struct zones *z)
{
	return &z->order[1]->zone;
}

static void fill_show(
	struct zones *z, struct zone *zone, bool is_up, struct str transport, struct str why)
{
	static const char *const types[] = {[ZK_LOCAL] = "local",
		[ZK_DEFAULT] = "default",
		[ZK_TRAVERSAL_CLIENT] = "traversal-client",
		[ZK_TRAVERSAL_SERVER] = "traversal-server",
		[ZK_NEIGHBOR] = "neighbor",
		[ZK_DNS] = "dns"};
	struct show_zone *s = &zone->show;

	if (s->is_up != is_up || !s->since_wall_s)
		s->since_wall_s = io_wall(z->io) / 1000000000u;
	s->is_up = is_up;
	s->has_link = zone->is_link;
	s->local = zone->link_local;
	s->peer = zone->peer;
	(void)str_copy(str_of(zone->name), s->name, sizeof s->name);
	(void)str_copy(str_of(types[zone->kind]), s->type, sizeof s->type);
	(void)str_copy(transport, s->transport, sizeof s->transport);
	(void)str_copy(is_up ? STR_NONE : why, s->why, sizeof s->why);
}

void zone_set_state(struct zones *z, struct zone *zone, bool is_up, struct str transport,
	const struct addr *local, const struct addr *peer, struct str why)
{
	struct zone_slot *slot = container_of(zone, struct zone_slot, zone);
	bool is_change = zone->is_up != is_up || !zone->show.since_wall_s;

	zone->is_up = is_up;
	if (is_up) {
		zone->peer = peer ? *peer : (struct addr){0};
		zone->link_local = local ? *local : (struct addr){0};
	}
	fill_show(z, zone, is_up, transport, why);
	row_put(z->ipc, &zone->row);
	if (zone->is_link && is_up)
		show_media(slot);
	if (!zone->is_link || !is_change)
		return;
	log_put(io_log(z->io), is_up ? &ev_up : &ev_down, F_Z("zone", zone->name),
		F_ADDR("peer", &zone->peer), F_STR("why", is_up ? STR_NONE : why));
	if (is_up) {
		timer_stop(&slot->alarm);
		alarm_clear(z->alarms, "ZON-001", zone->handle);
	} else {
		timer_start(z->io, &slot->alarm, ALARM_AFTER_MS);
	}
}

void zone_set_h323(
	struct zones *z, struct zone *zone, bool is_up, const struct addr *peer, struct str why)
{
	struct zone_slot *slot = container_of(zone, struct zone_slot, zone);
	struct show_zone *s = &zone->show;
	bool is_change = s->is_h323_up != is_up || !s->has_h323;

	s->has_h323 = true;
	s->is_h323_up = is_up;
	s->h323_peer = is_up ? *peer : (struct addr){0};
	(void)str_copy(is_up ? STR_NONE : why, s->h323_why, sizeof s->h323_why);
	if (is_up && !zone->is_up) { /* media needs to know, and SIP has not said */
		zone->peer = *peer;
		show_media(slot);
	}
	row_put(z->ipc, &zone->row);
	if (is_change)
		log_put(io_log(z->io), is_up ? &ev_h323_up : &ev_h323_down, F_Z("zone", zone->name),
			F_ADDR("peer", &s->h323_peer), F_STR("why", is_up ? STR_NONE : why));
}

struct addr_ctx zone_addr_ctx(const struct zones *z, const struct zone *zone)
{
	struct addr own[CONF_OWN];
	struct addr_ctx ctx = conf_addr_ctx(z->conf, own);

	ctx.own = z->own; /* it outlives this call */
	ctx.n_own = z->n_own;
	ctx.private_allowed = zone->is_inside;
	ctx.port_min = 1;
	return ctx;
}

/* Edge has two faces: links come to the inside one, everybody else to the outside one. */
static bool is_outside(const struct zones *z, const struct zone *zone)
{
	return z->conf->node.role == ROLE_EDGE && !zone->is_link &&
	       z->conf->node.outside.family != AF_NONE;
}

struct addr zone_host(const struct zones *z, const struct zone *zone)
{
	return is_outside(z, zone) ? z->conf->node.outside : z->conf->node.inside;
}

struct addr zone_host_seen(const struct zones *z, const struct zone *zone)
{
	if (is_outside(z, zone) && z->conf->node.outside_nat.family != AF_NONE)
		return z->conf->node.outside_nat;
	return zone_host(z, zone);
}

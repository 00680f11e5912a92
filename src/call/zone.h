/* zone.h - zones: the groups of peers with one policy, as configured, and their live state.
 *
 * Zone 0 is the Local zone (registrations), zone 1 the Default zone (whoever fits no other); the rest
 * are the configuration's in its order. A zone knows its policy and whether it is up; its connections
 * belong to the protocol. */
#ifndef CALL_ZONE_H
#define CALL_ZONE_H

#include "conf/conf.h"
#include "ipc/alarm.h"
#include "ipc/ipc.h"
#include "ipc/show.h"

enum zone_kind {
	ZK_LOCAL,
	ZK_DEFAULT,
	ZK_TRAVERSAL_CLIENT,
	ZK_TRAVERSAL_SERVER,
	ZK_NEIGHBOR,
	ZK_DNS
};

struct zone {
	uint64_t handle; /* HK_ZONE; slot = index; the same in ROW_ZONE_MEDIA */
	uint32_t index;  /* stays while the zone exists, whatever its place in the configuration */
	enum zone_kind kind;
	char name[SHOW_NAME_MAX];
	const struct conf_zone *conf; /* NULL: local, default */
	bool is_inside;               /* private addresses are ordinary there */
	bool is_link;                 /* traversal zone: media is multiplexed */
	bool is_up;                   /* a link: hello done. Others: always */
	struct addr peer;             /* a link's far node as seen in its connection */
	struct addr link_local;       /* our address on that connection */
	struct row row;               /* ROW_ZONE */
	struct row media_row;         /* ROW_ZONE_MEDIA of a link */
	struct show_zone show;
	uint32_t n_calls;
};

struct zones;
MUST_USE enum err zones_new(struct io *io, struct ipc *ipc, struct alarms *alarms,
	const struct conf *conf, struct zones **ret_zones);
void zones_free(struct zones *z);
/* Zones of the same name and kind stay, with their state; the others go: nothing may be in them. */
void zones_configure(struct zones *z, const struct conf *conf);
/* Whether the zone stays under this configuration. */
bool zone_stays(const struct zone *zone, const struct conf *conf);
/* 0 Local, 1 Default, then in the configuration's order; NULL past the last. */
struct zone *zone_at(struct zones *z, uint32_t place);
struct zone *zone_named(struct zones *z, struct str name);
struct zone *zone_get(struct zones *z, uint64_t handle);
struct zone *zone_local(struct zones *z);
struct zone *zone_default(struct zones *z);
/* Up or down, with the reason for people; shows the row, raises or clears the zone's alarm. */
void zone_set_state(struct zones *z, struct zone *zone, bool is_up, struct str transport,
	const struct addr *local, const struct addr *peer, struct str why);
/* The same of its H.323: whether RAS between the nodes works, where to, and why not. */
void zone_set_h323(
	struct zones *z, struct zone *zone, bool is_up, const struct addr *peer, struct str why);
/* The address policy's data for destinations in this zone. */
struct addr_ctx zone_addr_ctx(const struct zones *z, const struct zone *zone);
/* Our own host that faces the zone, and as its peers see it (static NAT). Port 0. */
struct addr zone_host(const struct zones *z, const struct zone *zone);
struct addr zone_host_seen(const struct zones *z, const struct zone *zone);

#endif

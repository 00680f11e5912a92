/* travcall.c - the connections of traversal zones: which call one is for, and who opened it. See trav.h.
 *
 *	outwards   Control dials Edge; its Setup has the proof
 *	inwards    Edge asks by RAS, Control dials Edge, its Facility has callIdentifier and proof, and the Setup
 *	           that waited at Edge leaves on that connection
 *
 * A connection without its proof, for a call that nobody waits for, or for one that has its connection, is
 * closed and counted. */
#include <string.h>

#include "h323/cleg.h"
#include "h323/trav.h"

#define NS_PER_S     1000000000u
#define FEATURE_18   18
#define FEATURE_19   19
#define P_MULTIPLEX  1 /* supportTransmitMultiplexedMedia */
#define P_SERVER     2 /* mediaTraversalServer */
#define P_INDICATION 1
#define KIND_CALL    'Q'

LOG_EVENT(ev_unproved, "H323-143", LOG_NOTICE, "a connection of a traversal zone is not proved");
LOG_EVENT(ev_unpaired, "H323-144", LOG_NOTICE, "a connection for a call that nobody waits for");
LOG_EVENT(ev_no_dial, "H323-145", LOG_NOTICE, "a connection that Edge asks for cannot be opened");

static enum plan_range call_range(const struct zone *zone)
{
	return trav_is_profile(zone) ? RANGE_ASSENT_CALL : RANGE_H323_CALL;
}

bool trav_call_address(struct h323 *h, const struct zone *zone, struct addr *ret_addr)
{
	const struct trav_zone *tz = trav_up(h, zone);

	if (tz)
		*ret_addr =
			addr_with_port(&tz->peer, plan_range(io_plan(h->io), call_range(zone)).low);
	return tz != NULL;
}

/* ---- proofs ---- */

bool trav_sign(struct h323 *h, const struct zone *zone, struct cs_msg *m,
	const uint8_t guid[H323_GUID_LEN], const struct profile_word *word)
{
	uint8_t nonce[PROFILE_NONCE_LEN], buf[PROFILE_KEY_LEN];
	struct wr w = wr_of(nonce, sizeof nonce);

	profile_cut(&m->t, m->uu, H225_H323_UU_PDU_genericData);
	if (!trav_is_profile(zone))
		return true;
	io_random(h->io, nonce, sizeof nonce);
	wr_u32(&w, (uint32_t)(io_wall(h->io) / NS_PER_S));
	return profile_put_proof(&m->t,
		per_make(&m->t, m->uu, PER_PATH(H225_H323_UU_PDU_genericData)),
		profile_key(zone->conf, buf), KIND_CALL, guid, nonce, word);
}

void trav_put_features(const struct zone *zone, struct cs_msg *m)
{
	bool is_setup = m->kind == H225_H323_UU_PDU_h323_message_body_setup;
	uint16_t set = m->body, g;

	if (!zone->is_link || trav_is_profile(zone) || !m->has_h323 ||
		(!is_setup && m->fields->features == NO_FIELD))
		return;
	if (!is_setup) {
		set = per_make(&m->t, set, PER_PATH(m->fields->features));
		if (per_field(&m->t, set, H225_FeatureSet_replacementFeatureSet) == PER_NONE)
			per_set_num(&m->t,
				per_put(&m->t, set, H225_FeatureSet_replacementFeatureSet), false);
	}
	set = per_make(&m->t, set,
		PER_PATH(is_setup ? H225_Setup_UUIE_supportedFeatures
				  : H225_FeatureSet_supportedFeatures));
	g = generic_append(&m->t, set, FEATURE_19);
	(void)generic_put_flag(&m->t, g, P_MULTIPLEX);
	if (zone->kind == ZK_TRAVERSAL_SERVER)
		(void)generic_put_flag(&m->t, g, P_SERVER);
}

static bool is_right(struct h323 *h, const struct zone *zone, const struct profile_proof *proof,
	const uint8_t guid[H323_GUID_LEN])
{
	struct str nonce = {(const char *)proof->nonce, sizeof proof->nonce};
	uint8_t buf[PROFILE_KEY_LEN];

	return profile_is_right(proof, profile_key(zone->conf, buf), KIND_CALL, guid) &&
	       replay_note(&h->trav->replay, io_wall(h->io) / NS_PER_S, str_of(zone->name),
		       profile_nonce_time(proof->nonce), nonce) == OK;
}

/* Several zones may be behind one address: the key tells them apart. */
static struct zone *prover(struct h323 *h, const struct hconn *conn,
	const struct profile_proof *proof, const uint8_t guid[H323_GUID_LEN])
{
	struct zone *zone;

	if (!conn->is_unproved)
		return is_right(h, conn->zone, proof, guid) ? conn->zone : NULL;
	for (uint32_t i = 0; (zone = zone_at(h->zones, i)); i++) {
		const struct trav_zone *tz = trav_up(h, zone);

		if (tz && zone->kind == ZK_TRAVERSAL_SERVER && trav_is_profile(zone) &&
			addr_same_host(&tz->peer, &conn->remote) && is_right(h, zone, proof, guid))
			return zone;
	}
	return NULL;
}

/* The connection is its zone's from now on. False: it is nobody's. */
static bool prove(
	struct h323 *h, struct hconn *conn, const struct cs_msg *m, struct profile_word *ret_word)
{
	struct profile_proof *proof = scratch_take(io_scratch(h->io), sizeof *proof);
	uint16_t list = per_field(&m->t, m->uu, H225_H323_UU_PDU_genericData);
	uint8_t guid[H323_GUID_LEN];
	struct zone *zone = NULL;

	if (proof && cs_call_id(m, guid) && profile_get_proof(&m->t, list, proof))
		zone = prover(h, conn, proof, guid);
	if (!zone) {
		h->trav->counters.n_unproved++;
		log_put(io_log(h->io), &ev_unproved, F_H("conn", conn->handle),
			F_ADDR("src", &conn->remote));
		return false;
	}
	conn->zone = zone;
	conn->is_unproved = false;
	*ret_word = proof->word;
	return true;
}

bool trav_setup(
	struct h323 *h, struct hconn *conn, const struct cs_msg *m, struct profile_word *ret_word)
{
	*ret_word = (struct profile_word){0};
	if (!conn->is_unproved && !trav_is_profile(conn->zone))
		return true;
	return prove(h, conn, m, ret_word);
}

/* ---- Edge: a call inwards ---- */

static enum err indicate(struct h323 *h, struct trav_zone *tz, const uint8_t guid[H323_GUID_LEN])
{
	const struct zone *zone = zone_get(h->zones, tz->zone);
	struct addr host = zone_host_seen(h->zones, zone);
	struct addr at = addr_with_port(&host, plan_range(io_plan(h->io), call_range(zone)).low);
	struct per_tree *t = ras_tree(h->ras), *work = ras_tree(h->ras);
	uint8_t raw[64];
	struct wr w = wr_of(raw, sizeof raw);
	uint16_t n;

	if (!t || !work)
		return ERR_FULL;
	n = per_root(work, H46018_IncomingCallIndication_T);
	if (!h225_put_addr(work,
		    per_put(work, n, H46018_IncomingCallIndication_callSignallingAddress), &at) ||
		!guid_put(work, per_put(work, n, H46018_IncomingCallIndication_callID), guid) ||
		per_write(work, &w) != OK)
		return ERR_FULL;
	n = per_field(t, trav_begin(tz, t), H225_ServiceControlIndication_genericData);
	if (!generic_put_raw(t, generic_append(t, n, FEATURE_18), P_INDICATION, wr_done(&w)))
		return ERR_FULL;
	return trav_ask(tz, t, NULL, NULL);
}

enum err trav_expect(struct h323 *h, struct zone *zone, const uint8_t guid[H323_GUID_LEN],
	struct hconn **ret_conn)
{
	struct trav_zone *tz = trav_up(h, zone);
	enum err err = tz ? hconn_expect(h->conns, zone, &tz->peer, ret_conn) : ERR_CLOSED;

	if (err != OK)
		return err;
	err = indicate(h, tz, guid);
	if (err == OK)
		h->trav->counters.n_asked++;
	else
		hconn_end(*ret_conn);
	return err;
}

/* The call that waits for this connection. */
static void pair(struct h323 *h, struct hconn *conn, const uint8_t guid[H323_GUID_LEN])
{
	struct cleg *c = cleg_expecting(h, conn->zone, guid);

	if (!c) {
		h->trav->counters.n_unpaired++;
		log_put(io_log(h->io), &ev_unpaired, F_H("conn", conn->handle),
			F_ADDR("src", &conn->remote), F_Z("zone", conn->zone->name));
		hconn_close(conn, ERR_NOENT, STR("it is for no call that waits"));
		return;
	}
	h->trav->counters.n_paired++;
	cleg_move(c, conn);
	cs_opened(h, conn);
}

bool trav_facility(struct h323 *h, struct hconn *conn, struct cs_msg *m)
{
	uint8_t guid[H323_GUID_LEN];
	struct profile_word word;
	void *memory;

	if (!conn->is_unproved && (!conn->is_inbound || conn->zone->kind != ZK_TRAVERSAL_SERVER))
		return false;
	memory = cleg_tree(h);
	if (!memory || cs_read_h323(m, memory) != OK || !cs_call_id(m, guid))
		hconn_close(conn, ERR_SYNTAX, STR("its first message cannot be read"));
	else if (!trav_setup(h, conn, m, &word))
		hconn_close(conn, ERR_AUTH, STR("it is not proved"));
	else
		pair(h, conn, guid);
	return true;
}

/* ---- Control: Edge asks for a connection ---- */

static int asked_slot(const struct h323 *h, uint64_t conn)
{
	for (int i = 0; i < (int)TRAV_ASKED; i++) {
		if (h->trav->asked[i].conn == conn)
			return i;
	}
	return -1;
}

/* The oldest ones may have come to nothing. */
static int free_slot(struct h323 *h)
{
	for (int i = 0; i < (int)TRAV_ASKED; i++) {
		if (!hconn_get(h->conns, h->trav->asked[i].conn))
			return i;
	}
	return -1;
}

static bool is_asked(struct h323 *h, const uint8_t guid[H323_GUID_LEN])
{
	for (size_t i = 0; i < TRAV_ASKED; i++) {
		if (hconn_get(h->conns, h->trav->asked[i].conn) &&
			memcmp(h->trav->asked[i].guid, guid, H323_GUID_LEN) == 0)
			return true;
	}
	return cleg_of_call(h, guid, true) != NULL;
}

/* To the zone's Edge, whatever host it names; at the port that it names. */
void trav_asked(struct trav_zone *tz, const uint8_t guid[H323_GUID_LEN], const struct addr *at)
{
	struct h323 *h = tz->h;
	struct zone *zone = zone_get(h->zones, tz->zone);
	struct addr_ctx ctx = zone_addr_ctx(h->zones, zone);
	struct addr to;
	struct addr_ok ok;
	struct hconn *conn;
	const char *why = "too many";
	int slot = free_slot(h);
	enum err err = ERR_CLOSED;

	if (is_asked(h, guid) || !trav_call_address(h, zone, &to))
		return;
	if (at->port)
		to.port = at->port;
	if (slot >= 0 && rate_pass_id(&h->trav->asks, zone->handle, io_now(h->io)))
		err = addr_policy(&ctx, USE_CONFIGURED, &to, &ok, &why);
	if (err == OK)
		err = hconn_dial(h->conns, HCONN_CALL, zone, &ok, 0, &conn);
	if (err != OK) {
		log_put(io_log(h->io), &ev_no_dial, F_Z("zone", zone->name), F_ADDR("to", &to),
			F_ERR(err), F_Z("why", why));
		return;
	}
	h->trav->counters.n_asked++;
	h->trav->asked[slot].conn = conn->handle;
	memcpy(h->trav->asked[slot].guid, guid, H323_GUID_LEN);
}

/* H.460.18 6.2: Facility with the callIdentifier, on no call reference. */
static bool say_facility(struct h323 *h, struct hconn *conn, const uint8_t guid[H323_GUID_LEN])
{
	static const struct profile_word none;
	struct cs_own own = {.crv = 0};
	void *memory = cleg_tree(h);
	uint8_t buf[1024];
	struct wr w = wr_of(buf, sizeof buf);
	struct cs_msg m;

	if (!memory)
		return false;
	memcpy(own.guid, guid, sizeof own.guid);
	cs_begin(&m, &own, H225_H323_UU_PDU_h323_message_body_facility, memory);
	(void)per_put(&m.t, per_put(&m.t, m.body, H225_Facility_UUIE_reason),
		H225_FacilityReason_undefinedReason);
	return trav_sign(h, conn->zone, &m, guid, &none) &&
	       cs_end(&m, &own, Q931_FACILITY, 0, 0, &w) == OK &&
	       hconn_send(conn, wr_done(&w)) == OK;
}

bool trav_opened(struct h323 *h, struct hconn *conn)
{
	int slot = h->trav ? asked_slot(h, conn->handle) : -1;

	if (slot < 0)
		return false;
	h->trav->asked[slot].conn = 0;
	if (!say_facility(h, conn, h->trav->asked[slot].guid))
		hconn_close(conn, ERR_FULL, STR("its first message cannot be built"));
	return true;
}

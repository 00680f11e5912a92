/* trav.c - the RAS of traversal zones. See trav.h.
 *
 *	Control   SCI {token} from 1719 each interval -> Edge's zone port; no right answer: down, and again
 *	Edge      a right SCI names its source as the way to Control, until none came for three intervals
 *
 * A token that is not right changes nothing and is told to nobody but the log. */
#include "h323/trav.h"

#include <string.h>

#include "h323/h235.h"

#define NS_PER_S        1000000000u
#define INTERVAL_MIN    1000u
#define INTERVAL_MAX    19000u /* H.460.18 */
#define MISSED_MOST     3u
#define RETRY_MS        2000u
#define START_MS        200u
#define ASKS_PER_S      20u
#define FEATURE_18      18
#define P_INDICATION    1            /* of H.460.18 in RAS: IncomingCallIndication */
#define P_INTERVAL      2            /* LRQKeepAliveData */
#define EDGE_NAME       "fosse-edge" /* in tokens; Control has the zone's login */
#define PROTOCOL_ASSENT 0u

LOG_EVENT(ev_token, "H323-141", LOG_NOTICE, "a word of a traversal zone is not proved");
LOG_EVENT(ev_moved, "H323-142", LOG_NOTICE,
	"the other node of a traversal zone speaks from elsewhere");

static const uint16_t sci_tokens[] = {H225_RasMessage_serviceControlIndication,
	H225_ServiceControlIndication_cryptoTokens, PER_END};
static const uint16_t scr_tokens[] = {
	H225_RasMessage_serviceControlResponse, H225_ServiceControlResponse_cryptoTokens, PER_END};

bool trav_is_profile(const struct zone *zone)
{
	return zone->is_link && zone->conf->h323.protocol == PROTOCOL_ASSENT;
}

static struct zone *zone_of(const struct trav_zone *tz)
{
	return zone_get(tz->h->zones, tz->zone);
}

static bool is_edge(const struct zone *zone)
{
	return zone->kind == ZK_TRAVERSAL_SERVER;
}

struct trav_zone *trav_up(struct h323 *h, const struct zone *zone)
{
	struct trav_zone *tz = &h->trav->zones[zone->index];

	return zone->is_link && tz->zone == zone->handle && tz->is_up ? tz : NULL;
}

struct zone *trav_zone_at(struct h323 *h, const struct addr *host, uint32_t protocol)
{
	for (size_t i = 0; h->trav && i < CONF_ZONES + 2; i++) {
		struct trav_zone *tz = &h->trav->zones[i];
		struct zone *zone = tz->is_up && tz->zone ? zone_of(tz) : NULL;

		if (zone && zone->conf->h323.protocol == protocol &&
			addr_same_host(&tz->peer, host))
			return zone;
	}
	return NULL;
}

/* ---- its state ---- */

static void set_state(struct trav_zone *tz, bool is_up, const char *why)
{
	struct zone *zone = zone_of(tz);

	tz->is_up = is_up;
	if (zone)
		zone_set_h323(tz->h->zones, zone, is_up, &tz->peer, str_of(why));
}

/* ---- tokens ---- */

static uint32_t now_s(const struct h323 *h)
{
	return (uint32_t)(io_wall(h->io) / NS_PER_S);
}

static bool put_token(struct trav_zone *tz, struct per_tree *t, uint16_t list)
{
	const struct zone *zone = zone_of(tz);
	char login[CONF_NAME];
	uint32_t random;

	io_random(tz->h->io, &random, sizeof random);
	(void)str_copy(profile_login(zone->conf), login, sizeof login);
	return h235_put_hmac(t, list, is_edge(zone) ? EDGE_NAME : login,
		       is_edge(zone) ? login : EDGE_NAME, now_s(tz->h),
		       (int64_t)(random >> 1)) == OK;
}

/* The password hash of H.235 comes from gateways that are not ours: theirs is the password of the zone. */
static const char *judge(
	struct trav_zone *tz, const struct ras_in *in, uint16_t tokens, uint32_t *ret_time)
{
	const struct zone *zone = zone_of(tz);
	struct h235_claim *claim = scratch_take(io_scratch(tz->h->io), sizeof *claim);
	struct per_tree *work = ras_tree(tz->h->ras);
	struct str login = profile_login(zone->conf);
	uint8_t buf[PROFILE_KEY_LEN];
	struct str key = profile_key(zone->conf, buf);
	enum err err;

	if (!claim || !work || h235_claim_get(&in->t, tokens, claim) != OK)
		return "there is no token";
	if (claim->kind == H235_PASSWORD &&
		(trav_is_profile(zone) || zone->conf->has_pairing || !tz->h->conf->h323.md5))
		return "its token is of a kind that is not allowed";
	if (!str_eq(str_of(claim->sender), is_edge(zone) ? login : STR(EDGE_NAME)))
		return "it names another login";
	if (!key.len || h235_check(&in->t, claim, key, work) != OK)
		return "the secrets of the nodes differ";
	err = replay_note(&tz->h->trav->replay, now_s(tz->h), str_of(zone->name), claim->time,
		(struct str){(const char *)claim->hash, H235_HASH_LEN});
	if (err == ERR_RANGE)
		return "the clocks of the nodes differ by more than 60 s";
	*ret_time = claim->time;
	return err == OK ? NULL : "its token was used before";
}

static bool is_proved(
	struct trav_zone *tz, const struct ras_in *in, uint16_t tokens, uint32_t *ret_time)
{
	const char *why = judge(tz, in, tokens, ret_time);

	if (!why)
		return true;
	tz->h->trav->counters.n_refused++;
	log_put(io_log(tz->h->io), &ev_token, F_Z("zone", zone_of(tz)->name),
		F_ADDR("src", &in->from), F_Z("why", why));
	if (!tz->is_up)
		set_state(tz, false, why);
	return false;
}

/* ---- messages ---- */

static void put_features(struct per_tree *t, uint16_t set)
{
	per_set_num(t, per_put(t, set, H225_FeatureSet_replacementFeatureSet), false);
	(void)generic_append(t, per_put(t, set, H225_FeatureSet_supportedFeatures), FEATURE_18);
}

uint16_t trav_begin(struct trav_zone *tz, struct per_tree *t)
{
	uint16_t body = ras_begin(tz->h->ras, t, H225_RasMessage_serviceControlIndication);
	uint16_t list;

	(void)per_put(t, body, H225_ServiceControlIndication_serviceControl);
	(void)put_token(tz, t, per_put(t, body, H225_ServiceControlIndication_cryptoTokens));
	put_features(t, per_put(t, body, H225_ServiceControlIndication_featureSet));
	list = per_put(t, body, H225_ServiceControlIndication_genericData);
	if (trav_is_profile(zone_of(tz)))
		(void)profile_put_version(t, list, tz->h->trav->boot);
	return body;
}

static struct ras_socket *socket_of(const struct trav_zone *tz)
{
	const struct zone *zone = zone_of(tz);
	struct addr at = zone_host(tz->h->zones, zone);

	at.port = is_edge(zone) ? zone->conf->h323.port
	                        : plan_range(io_plan(tz->h->io), RANGE_RAS).low;
	return ras_socket_at(tz->h->ras, &at);
}

enum err trav_ask(struct trav_zone *tz, struct per_tree *t, ras_answered_h *h, void *arg)
{
	struct ras_socket *s = socket_of(tz);
	uint8_t buf[PROFILE_KEY_LEN];

	return !s ? ERR_CLOSED
	          : ras_ask_sealed(tz->h->ras, s, &tz->peer, t, sci_tokens,
			    profile_key(zone_of(tz)->conf, buf), h, arg, tz->zone);
}

static void answer(struct trav_zone *tz, struct ras_in *in, bool is_good)
{
	struct per_tree *t = &in->answer;
	uint16_t body = ras_answer(in, H225_RasMessage_serviceControlResponse), list;
	struct per_tree *work = ras_tree(tz->h->ras);
	uint8_t buf[PROFILE_KEY_LEN], raw[16];
	struct wr w = wr_of(raw, sizeof raw);
	uint16_t n;

	(void)per_put(t, per_put(t, body, H225_ServiceControlResponse_result),
		is_good ? H225_ServiceControlResponse_result_started
			: H225_ServiceControlResponse_result_failed);
	if (!is_good || !work) {
		ras_send(in, NULL, STR_NONE);
		return;
	}
	(void)put_token(tz, t, per_put(t, body, H225_ServiceControlResponse_cryptoTokens));
	put_features(t, per_put(t, body, H225_ServiceControlResponse_featureSet));
	list = per_put(t, body, H225_ServiceControlResponse_genericData);
	n = per_root(work, H46018_LRQKeepAliveData_T);
	per_set_num(work, per_put(work, n, H46018_LRQKeepAliveData_lrqKeepAliveInterval),
		tz->interval_ms / 1000);
	if (per_write(work, &w) == OK)
		(void)generic_put_raw(
			t, generic_append(t, list, FEATURE_18), P_INTERVAL, wr_done(&w));
	if (trav_is_profile(zone_of(tz)))
		(void)profile_put_version(t, list, tz->h->trav->boot);
	ras_send(in, scr_tokens, profile_key(zone_of(tz)->conf, buf));
}

/* ---- Edge: Control says that it is there ---- */

enum { TAG_PEER = 1, TAG_TIME };
#define RECORD_V1 1

/* A successor calls Control at once, and believes no older token from elsewhere. */
static void keep_peer(const struct trav_zone *tz)
{
	uint8_t buf[KEEP_BODY_MAX];
	struct wr w = wr_of(buf, sizeof buf);

	wr_u8(&w, RECORD_V1);
	wr_t_addr(&w, TAG_PEER, &tz->peer);
	wr_t_u32(&w, TAG_TIME, tz->time_s);
	if (w.err == OK)
		keep_put(tz->h->keep, tz->zone, wr_done(&w), NO_FD);
}

static bool record_get(struct str body, struct addr *ret_peer, uint32_t *ret_time)
{
	struct rd r = rd_of(body), value;
	uint16_t tag;

	*ret_peer = (struct addr){0};
	*ret_time = 0;
	if (rd_u8(&r) != RECORD_V1)
		return false;
	while (rd_tag(&r, &tag, &value)) {
		if (tag == TAG_PEER)
			*ret_peer = rd_t_addr(&value);
		else if (tag == TAG_TIME)
			*ret_time = (uint32_t)rd_t_num(&value);
		rd_join(&r, &value);
	}
	return r.err == OK && ret_peer->family != AF_NONE;
}

static bool adopt_one(struct h323 *h, const struct kept *k)
{
	struct zone *zone = zone_get(h->zones, k->key);
	struct trav_zone *tz = zone ? &h->trav->zones[zone->index] : NULL;

	if (!tz || tz->zone != k->key || !is_edge(zone) ||
		!record_get(k->body, &tz->peer, &tz->time_s))
		return false;
	set_state(tz, true, "");
	timer_start(h->io, &tz->timer, MISSED_MOST * tz->interval_ms);
	return true;
}

void trav_adopt(struct h323 *h)
{
	struct kept k;

	while (keep_next(h->keep, HK_ZONE, &k)) {
		if (adopt_one(h, &k))
			continue;
		io_close_fd(h->io, k.fd);
		keep_del(h->keep, k.key);
	}
}

static const char *mismatch(const struct trav_zone *tz, bool is_profile)
{
	if (trav_is_profile(zone_of(tz)) == is_profile)
		return NULL;
	return is_profile
	               ? "zones[].h323.protocol differs: the other node has assent, this one h46018"
	               : "zones[].h323.protocol differs: the other node has h46018, this one "
	                 "assent";
}

static void heard(struct trav_zone *tz, struct ras_in *in, uint32_t time_s)
{
	bool is_other = tz->is_up && !addr_eq(&tz->peer, &in->from);
	const char *why = mismatch(tz,
		profile_is_in(&in->t,
			per_field(&in->t, in->body, H225_ServiceControlIndication_genericData)));

	if (why || (is_other && time_s < tz->time_s)) {
		if (why)
			set_state(tz, false, why);
		answer(tz, in, false);
		return;
	}
	if (is_other) {
		tz->h->trav->counters.n_moved++;
		log_put(io_log(tz->h->io), &ev_moved, F_Z("zone", zone_of(tz)->name),
			F_ADDR("from", &tz->peer), F_ADDR("to", &in->from));
	}
	tz->time_s = time_s;
	if (is_other || !tz->is_up) {
		tz->peer = in->from;
		set_state(tz, true, "");
	}
	keep_peer(tz);
	timer_start(tz->h->io, &tz->timer, MISSED_MOST * tz->interval_ms);
	answer(tz, in, true);
}

/* ---- Control ---- */

static bool edge_address(const struct trav_zone *tz, struct addr *ret)
{
	const struct zone *zone = zone_of(tz);

	*ret = zone->peer; /* by a name, SIP has found it */
	if (zone->conf->n_peers && addr_parse_host(str_of(zone->conf->peers[0]), ret) == OK)
		ret->port = 0;
	else if (!zone->is_up && zone->conf->has_pairing)
		*ret = zone->conf->pair.peer_inside;
	ret->port = zone->conf->h323.port;
	return ret->family != AF_NONE;
}

static void say_again(struct trav_zone *tz, uint32_t ms)
{
	uint32_t random;

	io_random(tz->h->io, &random, sizeof random);
	timer_start(tz->h->io, &tz->timer, ms - random % (ms / 10));
}

static uint32_t interval_of(struct trav_zone *tz, const struct ras_in *in)
{
	uint16_t list = per_field(&in->t, in->body, H225_ServiceControlResponse_genericData);
	struct str raw = per_str(
		&in->t, generic_param(&in->t, generic_find(&in->t, list, FEATURE_18), P_INTERVAL));
	struct per_tree *t = ras_tree(tz->h->ras);
	int64_t ms;

	if (!t || !raw.len || per_read(t, H46018_LRQKeepAliveData_T, raw) != OK)
		return tz->interval_ms;
	ms = 1000 * per_num(t, per_field(t, 0, H46018_LRQKeepAliveData_lrqKeepAliveInterval), 1);
	return ms > (int64_t)INTERVAL_MAX ? INTERVAL_MAX : (uint32_t)ms;
}

static const char *fault_of(struct trav_zone *tz, enum err err, struct ras_in *in)
{
	uint16_t list;
	uint32_t time_s;

	if (err == ERR_TIMEOUT)
		return "Edge does not answer";
	if (err != OK)
		return "the other side does not know H.460.18";
	if (per_choice(&in->t, per_field(&in->t, in->body, H225_ServiceControlResponse_result)) ==
		H225_ServiceControlResponse_result_failed)
		return "Edge refuses: do the pairing, the clock and zones[].h323.protocol agree?";
	if (!is_proved(tz, in,
		    per_field(&in->t, in->body, H225_ServiceControlResponse_cryptoTokens), &time_s))
		return "Edge's answer is not proved";
	list = per_field(&in->t, in->body, H225_ServiceControlResponse_genericData);
	return mismatch(tz, profile_is_in(&in->t, list));
}

static void on_answered(void *arg, uint64_t who, enum err err, struct ras_in *in)
{
	struct trav_zone *tz = arg;
	const char *why;

	if (tz->zone != who || !zone_of(tz))
		return;
	why = fault_of(tz, err, in);
	if (why) {
		set_state(tz, false, why);
		say_again(tz, RETRY_MS);
		return;
	}
	if (!tz->is_up)
		set_state(tz, true, "");
	say_again(tz, interval_of(tz, in));
}

static void put_session(struct per_tree *t, uint16_t list)
{
	uint16_t s = per_append(t, list);

	per_set_num(t, per_put(t, s, H225_ServiceControlSession_sessionId), 0);
	(void)per_put(t, per_put(t, s, H225_ServiceControlSession_reason),
		H225_ServiceControlSession_reason_open);
}

static void say(struct trav_zone *tz)
{
	struct per_tree *t = ras_tree(tz->h->ras);
	uint16_t body;
	enum err err = ERR_FULL;

	if (!edge_address(tz, &tz->peer)) {
		set_state(tz, false, "Edge's address is not known");
		say_again(tz, RETRY_MS);
		return;
	}
	if (t) {
		body = trav_begin(tz, t);
		put_session(t, per_field(t, body, H225_ServiceControlIndication_serviceControl));
		err = trav_ask(tz, t, on_answered, tz);
	}
	if (err != OK)
		say_again(tz, RETRY_MS);
}

static void on_timer(void *arg)
{
	struct trav_zone *tz = arg;
	struct zone *zone = zone_of(tz);

	if (!zone)
		return;
	if (!is_edge(zone)) {
		say(tz);
		return;
	}
	set_state(tz, false, "nothing was heard of Control");
	keep_del(tz->h->keep, tz->zone);
}

/* Edge asks for a connection. */
static void on_indication(struct trav_zone *tz, struct ras_in *in)
{
	uint16_t list = per_field(&in->t, in->body, H225_ServiceControlIndication_genericData);
	struct str raw = per_str(&in->t,
		generic_param(&in->t, generic_find(&in->t, list, FEATURE_18), P_INDICATION));
	struct per_tree *t = ras_tree(tz->h->ras);
	uint8_t guid[H323_GUID_LEN];
	struct addr at = {0};
	bool is_good = t && raw.len && per_read(t, H46018_IncomingCallIndication_T, raw) == OK &&
	               guid_get(t, per_field(t, 0, H46018_IncomingCallIndication_callID), guid);

	if (is_good)
		(void)h225_addr(t,
			per_field(t, 0, H46018_IncomingCallIndication_callSignallingAddress), &at);
	answer(tz, in, is_good);
	if (is_good)
		trav_asked(tz, guid, &at);
}

/* ---- what ras says ---- */

/* By the port that it came to, at Edge; by where it came from, at Control. */
static struct trav_zone *zone_of_message(struct trav *tr, const struct ras_in *in)
{
	struct addr at = ras_socket_addr(in->socket);

	for (size_t i = 0; i < CONF_ZONES + 2; i++) {
		struct trav_zone *tz = &tr->zones[i];
		struct zone *zone = tz->zone ? zone_of(tz) : NULL;

		if (zone && (is_edge(zone) ? zone->conf->h323.port == at.port
					   : addr_eq(&tz->peer, &in->from)))
			return tz;
	}
	return NULL;
}

static bool on_request(void *arg, struct ras_in *in)
{
	struct h323 *h = arg;
	struct trav_zone *tz = zone_of_message(h->trav, in);
	uint32_t time_s;

	if (!tz || in->kind != H225_RasMessage_serviceControlIndication)
		return tz && is_edge(zone_of(tz)); /* nothing else is served there */
	if (!is_proved(tz, in,
		    per_field(&in->t, in->body, H225_ServiceControlIndication_cryptoTokens),
		    &time_s)) {
		answer(tz, in, false);
		return true;
	}
	if (is_edge(zone_of(tz)))
		heard(tz, in, time_s);
	else
		on_indication(tz, in);
	return true;
}

static uint64_t on_known(void *arg, const struct addr *from)
{
	struct h323 *h = arg;

	for (size_t i = 0; i < CONF_ZONES + 2; i++) {
		const struct trav_zone *tz = &h->trav->zones[i];

		if (tz->zone && tz->is_up && addr_same_host(&tz->peer, from))
			return tz->zone;
	}
	return 0;
}

static const struct ras_ops ras_ops = {.known = on_known, .request = on_request};

/* ---- life ---- */

static bool is_used(const struct h323 *h, const struct zone *zone)
{
	return zone->is_link && h->conf->h323.enabled && zone->conf->h323.enabled &&
	       !zone->conf->uc;
}

static void stop(struct trav_zone *tz)
{
	timer_stop(&tz->timer);
	if (tz->h && tz->zone)
		ras_drop_asks(tz->h->ras, tz, tz->zone);
	tz->zone = 0;
	tz->is_up = false;
}

static uint32_t interval(const struct zone *zone)
{
	uint32_t ms = zone->conf->udp_keepalive_ms;

	return ms < INTERVAL_MIN ? INTERVAL_MIN : ms > INTERVAL_MAX ? INTERVAL_MAX : ms;
}

static void begin(struct h323 *h, struct trav_zone *tz, struct zone *zone)
{
	*tz = (struct trav_zone){.h = h, .zone = zone->handle};
	timer_init(&tz->timer, on_timer, tz);
	tz->interval_ms = interval(zone);
	set_state(tz, false, "not connected yet");
	if (!is_edge(zone))
		timer_start(h->io, &tz->timer, START_MS);
}

void trav_configure(struct h323 *h)
{
	struct zone *zone;

	for (size_t i = 0; i < CONF_ZONES + 2; i++) {
		struct trav_zone *tz = &h->trav->zones[i];

		if (!tz->zone || ((zone = zone_of(tz)) && is_used(h, zone)))
			continue;
		keep_del(h->keep, tz->zone);
		stop(tz);
	}
	for (uint32_t i = 0; (zone = zone_at(h->zones, i)); i++) {
		struct trav_zone *tz = &h->trav->zones[zone->index];

		if (is_used(h, zone) && tz->zone != zone->handle)
			begin(h, tz, zone);
		else if (tz->zone)
			tz->interval_ms = interval(zone);
	}
}

enum err trav_new(struct h323 *h, struct trav **ret_trav)
{
	struct trav *tr = mem_array(1, sizeof *tr);
	struct hash_key keys[2];
	enum err err;

	if (!tr)
		return ERR_FULL;
	*ret_trav = tr; /* h323_free() frees what there is */
	io_random(h->io, keys, sizeof keys);
	io_random(h->io, &tr->boot, sizeof tr->boot);
	err = replay_init(&tr->replay, &keys[0]);
	if (err == OK)
		err = rate_init(&tr->asks, ASKS_PER_S, 1000, 2 * ASKS_PER_S, &keys[1]);
	if (err != OK)
		return err;
	ras_set_link_ops(h->ras, &ras_ops, h);
	trav_configure(h);
	return OK;
}

void trav_free(struct h323 *h)
{
	struct trav *tr = h->trav;

	if (!tr)
		return;
	ras_set_link_ops(h->ras, NULL, NULL);
	for (size_t i = 0; i < CONF_ZONES + 2; i++)
		stop(&tr->zones[i]);
	replay_free(&tr->replay);
	rate_free(&tr->asks);
	mem_free(tr);
	h->trav = NULL;
}

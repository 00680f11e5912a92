/* test_faults.c - each promise of the whole-node world can be broken, and its seeds notice.
 *
 * A fault is planted by a function of the product that is replaced at link time (--wrap) or by a plan
 * that is changed before the start: nothing in the product knows of it. Each must be found within the
 * first seeds, by the promise that it breaks. */
#include <stdlib.h>
#include <string.h>

#include "call/ports.h"
#include "sip/answer.h"
#include "sip/store.h"
#include "test.h"
#include "world.h"

#define SEEDS_MAX 60 /* of the 200 */
#define ONE_IN    8  /* how often a planted function fails */

static enum planted {
	NOTHING,
	LOST_CLOSE,
	UNSEEN_END,
	LEAKED_PORT,
	LEAKED_FLOW,
	IGNORED_BYE,
	LOST_RECORD,
	STALE_RECORD,
	UNSHOWN_ROW,
	FORGOTTEN_FLOW,
	INNER_ADDRESS,
	CROSSED_MEDIA,
	LEAKED_DIALOG,
	LEAKED_COPY,
	LEAKED_CONN,
	UNSTOPPED_TIMER,
	STRAY_TIMER,
	SILENT_DROP,
	UNSENT_MEDIA,
	UNTOLD_KEEPER,
} planted;
static unsigned n_asked;

static bool fails(enum planted fault)
{
	return planted == fault && ++n_asked % ONE_IN == 0;
}

/* ---- replaced at link time ---- */

void __real_io_close_fd(struct io *io, int fd);
void __wrap_io_close_fd(struct io *io, int fd);
void __wrap_io_close_fd(struct io *io, int fd)
{
	if (fd == NO_FD || !fails(LOST_CLOSE))
		__real_io_close_fd(io, fd);
}

void __real_links_conn_lost(struct links *ls, struct conn *c, struct str why);
void __wrap_links_conn_lost(struct links *ls, struct conn *c, struct str why);
void __wrap_links_conn_lost(struct links *ls, struct conn *c, struct str why)
{
	if (planted != UNSEEN_END)
		__real_links_conn_lost(ls, c, why);
}

void __real_port_pool_give(struct port_pool *p, uint16_t port);
void __wrap_port_pool_give(struct port_pool *p, uint16_t port);
void __wrap_port_pool_give(struct port_pool *p, uint16_t port)
{
	if (!fails(LEAKED_PORT))
		__real_port_pool_give(p, port);
}

void __real_flows_del(struct flows *fs, uint64_t handle);
void __wrap_flows_del(struct flows *fs, uint64_t handle);
void __wrap_flows_del(struct flows *fs, uint64_t handle)
{
	if (!fails(LEAKED_FLOW))
		__real_flows_del(fs, handle);
}

void __real_flows_put(struct flows *fs, uint64_t handle, const struct flow_want *want);
void __wrap_flows_put(struct flows *fs, uint64_t handle, const struct flow_want *want);
void __wrap_flows_put(struct flows *fs, uint64_t handle, const struct flow_want *want)
{
	if (!fails(FORGOTTEN_FLOW))
		__real_flows_put(fs, handle, want);
}

/* Answered, as if it had been understood. */
void __real_uas_in_dialog(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m);
void __wrap_uas_in_dialog(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m);
void __wrap_uas_in_dialog(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	if (m->method == SIP_BYE && fails(IGNORED_BYE))
		answer(s, tx, m, 200, STR_NONE, STR_NONE);
	else
		__real_uas_in_dialog(s, c, tx, m);
}

static bool is_keepers(const struct kept_table *t)
{
	return t == world.control.sig.kept || t == world.control.media.kept ||
	       t == world.edge.sig.kept || t == world.edge.media.kept;
}

static bool is_successors(const struct kept_table *t)
{
	const struct node *n = t == world.control.sig.kept || t == world.control.media.kept
	                               ? &world.control
	                               : &world.edge;

	return is_keepers(t) && n->keeper_ns;
}

/* What the keeper was told and did not write down: new, or a newer state. */
enum err __real_kept_put(
	struct kept_table *t, uint64_t key, struct str body, int fd, struct kept_rec **ret_rec);
enum err __wrap_kept_put(
	struct kept_table *t, uint64_t key, struct str body, int fd, struct kept_rec **ret_rec);
enum err __wrap_kept_put(
	struct kept_table *t, uint64_t key, struct str body, int fd, struct kept_rec **ret_rec)
{
	struct kept_rec *old = kept_find(t, key);

	if (planted == UNTOLD_KEEPER && is_successors(t))
		return ERR_FULL;
	if (is_keepers(t) && !old && fails(LOST_RECORD))
		return ERR_FULL;
	if (is_keepers(t) && old && fails(STALE_RECORD)) {
		__real_io_close_fd(world.control.keeper, fd);
		*ret_rec = old;
		return OK;
	}
	return __real_kept_put(t, key, body, fd, ret_rec);
}

void __real_row_put(struct ipc *ipc, struct row *row);
void __wrap_row_put(struct ipc *ipc, struct row *row);
void __wrap_row_put(struct ipc *ipc, struct row *row)
{
	if (row->kind != ROW_FLOW_WANT || !fails(UNSHOWN_ROW))
		__real_row_put(ipc, row);
}

/* What lies behind home1's NAT is taken for reachable. */
bool __real_dialog_is_nat(
	const struct sip_msg *m, const struct zone *zone, const struct addr *source);
bool __wrap_dialog_is_nat(
	const struct sip_msg *m, const struct zone *zone, const struct addr *source);
bool __wrap_dialog_is_nat(
	const struct sip_msg *m, const struct zone *zone, const struct addr *source)
{
	return planted != INNER_ADDRESS && __real_dialog_is_nat(m, zone, source);
}

enum err __real_addr_policy(const struct addr_ctx *ctx, enum addr_use use, const struct addr *addr,
	struct addr_ok *ret_ok, const char **ret_why);
enum err __wrap_addr_policy(const struct addr_ctx *ctx, enum addr_use use, const struct addr *addr,
	struct addr_ok *ret_ok, const char **ret_why);
enum err __wrap_addr_policy(const struct addr_ctx *ctx, enum addr_use use, const struct addr *addr,
	struct addr_ok *ret_ok, const char **ret_why)
{
	if (planted != INNER_ADDRESS)
		return __real_addr_policy(ctx, use, addr, ret_ok, ret_why);
	ret_ok->addr = *addr;
	return OK;
}

static bool is_phones(const struct addr *to)
{
	for (int i = 0; i < N_PHONES; i++) {
		if (addr_same_host(to, &world.phones[i].addr))
			return true;
	}
	return false;
}

/* Media go where those of another call went. */
void __real_dgram_send(struct dgram *d, const struct addr_ok *to, struct str bytes);
void __wrap_dgram_send(struct dgram *d, const struct addr_ok *to, struct str bytes);
void __wrap_dgram_send(struct dgram *d, const struct addr_ok *to, struct str bytes)
{
	static struct addr_ok last;
	struct addr_ok other = last;

	if (bytes.len > 12 && bytes.p[0] == (char)0x80 && is_phones(&to->addr)) {
		last = *to;
		if (addr_same_host(&other.addr, &to->addr) && fails(CROSSED_MEDIA))
			to = &other;
		if (fails(UNSENT_MEDIA))
			return;
	}
	__real_dgram_send(d, to, bytes);
}

/* What a token's source sends over the shared port. */
void __real_flow_input(struct path *p, const struct addr *from, struct str bytes,
	enum wire_class class, enum component component);
void __wrap_flow_input(struct path *p, const struct addr *from, struct str bytes,
	enum wire_class class, enum component component);
void __wrap_flow_input(struct path *p, const struct addr *from, struct str bytes,
	enum wire_class class, enum component component)
{
	if (!fails(SILENT_DROP))
		__real_flow_input(p, from, bytes, class, component);
}

static void nothing(void *arg)
{
	(void)arg;
}

/* Another one beside it, that nobody frees. */
struct dialog;
struct dialog *__real_dialog_new(struct sip *s, struct zone *zone, bool is_uas);
struct dialog *__wrap_dialog_new(struct sip *s, struct zone *zone, bool is_uas);
struct dialog *__wrap_dialog_new(struct sip *s, struct zone *zone, bool is_uas)
{
	if (fails(LEAKED_DIALOG))
		(void)!__real_dialog_new(s, zone, is_uas);
	return __real_dialog_new(s, zone, is_uas);
}

static bool is_freeing;

void __real_dialog_free(struct dialog *d);
void __wrap_dialog_free(struct dialog *d);
void __wrap_dialog_free(struct dialog *d)
{
	static struct timer stray;

	if (world.control.sig.io && !timer_is_on(&stray) && fails(STRAY_TIMER)) {
		timer_init(&stray, nothing, NULL);
		timer_start(world.control.sig.io, &stray, 600000);
	}
	is_freeing = true;
	__real_dialog_free(d);
	is_freeing = false;
}

void __real_timer_stop(struct timer *t);
void __wrap_timer_stop(struct timer *t);
void __wrap_timer_stop(struct timer *t)
{
	if (!is_freeing || !fails(UNSTOPPED_TIMER))
		__real_timer_stop(t);
}

void __real_store_drop(struct store *s, struct str *held);
void __wrap_store_drop(struct store *s, struct str *held);
void __wrap_store_drop(struct store *s, struct str *held)
{
	if (!fails(LEAKED_COPY))
		__real_store_drop(s, held);
	else
		*held = STR_NONE;
}

/* Another one beside it, that nobody uses. */
enum err __real_conn_reach(
	struct conns *cs, struct zone *zone, const struct hop *hop, struct conn **ret_conn);
enum err __wrap_conn_reach(
	struct conns *cs, struct zone *zone, const struct hop *hop, struct conn **ret_conn);
enum err __wrap_conn_reach(
	struct conns *cs, struct zone *zone, const struct hop *hop, struct conn **ret_conn)
{
	struct hop other = *hop;

	other.to.addr.port++;
	if (hop->transport == SIP_TP_UDP && fails(LEAKED_CONN))
		(void)!__real_conn_reach(cs, zone, &other, ret_conn);
	return __real_conn_reach(cs, zone, hop, ret_conn);
}

/* ---- the seeds look for it ---- */

/* Whose promise it is: one of the two. */
static void finds(enum planted fault, plant_h *plant, const char *promise, const char *or_promise)
{
	const char *broken = NULL;
	uint64_t seed = 0;

	n_asked = 0;
	while (!broken && ++seed <= SEEDS_MAX) {
		planted = fault;
		CHECK(world_up(seed, plant));
		world_run_seed();
		broken = world.broken;
		planted = NOTHING;
		world_down();
	}
	printf("# found by seed %llu of %d: %s\n", (unsigned long long)seed, SEEDS_MAX,
		broken ? broken : "nothing");
	CHECK(broken);
	CHECK(strcmp(broken, promise) == 0 || (or_promise && strcmp(broken, or_promise) == 0));
}

static void a_lost_close(void)
{
	finds(LOST_CLOSE, NULL, "an fd leaked", NULL);
}

static void an_end_of_a_stream_that_is_not_seen(void)
{
	finds(UNSEEN_END, NULL, "a link is called up without a connection", NULL);
}

static void a_leaked_port(void)
{
	finds(LEAKED_PORT, NULL, "a port leaked", NULL);
}

static void a_leaked_flow(void)
{
	finds(LEAKED_FLOW, NULL, "media's flows are not what it was told", "a flow leaked");
}

/* Media open ports that no row of the plan names. */
static void shift_media(struct node *n)
{
	n->plan.ranges[RANGE_MEDIA] = (struct ports){20000, 21999};
}

static void a_wrong_source_port(void)
{
	finds(NOTHING, shift_media, "a packet from a port outside the plan",
		"a packet outside the plan");
}

static void an_ignored_bye(void)
{
	finds(IGNORED_BYE, NULL, "a phone's call never ended", "media of another call was heard");
}

static void a_record_that_the_keeper_lost(void)
{
	finds(LOST_RECORD, NULL, "the keeper's records are not what putting all again gives", NULL);
}

static void a_record_that_is_not_the_newest(void)
{
	finds(STALE_RECORD, NULL, "the keeper's records are not what putting all again gives",
		NULL);
}

static void a_row_that_is_not_shown(void)
{
	finds(UNSHOWN_ROW, NULL, "media's mirror does not equal signalling's rows", NULL);
}

static void a_flow_that_media_forgot(void)
{
	finds(FORGOTTEN_FLOW, NULL, "media's flows are not what it was told", NULL);
}

static void an_address_behind_a_nat(void)
{
	finds(INNER_ADDRESS, NULL, "a packet to an address that nobody gave or proved", NULL);
}

static void media_of_another_call(void)
{
	finds(CROSSED_MEDIA, NULL, "media of another call was heard", NULL);
}

static void a_leaked_dialog(void)
{
	finds(LEAKED_DIALOG, NULL,
		"a call, dialog, request, name or registration stays after quiet", NULL);
}

static void a_leaked_copy_of_a_message(void)
{
	finds(LEAKED_COPY, NULL, "a transaction or its message stays after quiet", NULL);
}

static void a_leaked_connection(void)
{
	finds(LEAKED_CONN, NULL, "a connection stays after quiet", NULL);
}

static void a_timer_that_outlives_its_owner(void)
{
	finds(UNSTOPPED_TIMER, NULL, "a timer outlives its owner", NULL);
}

static void a_timer_of_nobody(void)
{
	finds(STRAY_TIMER, NULL, "a timer stays after quiet", NULL);
}

static void a_packet_that_is_dropped_without_a_reason(void)
{
	finds(SILENT_DROP, NULL, "what media count is not what came and left", NULL);
}

static void a_packet_that_is_counted_and_not_sent(void)
{
	finds(UNSENT_MEDIA, NULL, "what media count is not what came and left", NULL);
}

static void a_new_keeper_that_is_told_nothing(void)
{
	finds(UNTOLD_KEEPER, NULL, "an fd that should be kept is gone", NULL);
}

TEST_MAIN(T(a_lost_close), T(an_end_of_a_stream_that_is_not_seen), T(a_leaked_port),
	T(a_leaked_flow), T(a_wrong_source_port), T(an_ignored_bye),
	T(a_record_that_the_keeper_lost), T(a_record_that_is_not_the_newest),
	T(a_row_that_is_not_shown), T(a_flow_that_media_forgot), T(an_address_behind_a_nat),
	T(media_of_another_call), T(a_leaked_dialog), T(a_leaked_copy_of_a_message),
	T(a_leaked_connection), T(a_timer_that_outlives_its_owner), T(a_timer_of_nobody),
	T(a_packet_that_is_dropped_without_a_reason), T(a_packet_that_is_counted_and_not_sent),
	T(a_new_keeper_that_is_told_nothing))

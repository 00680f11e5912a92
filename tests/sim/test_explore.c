/* test_explore.c - the explorer of short histories finds what is wrong, and nothing where all is
 * well.
 *
 * The world: a sender gives the numbers 1, 2, 3 to a receiver by datagrams, one at a time, each
 * again until it is acknowledged. The receiver may die and is started anew; what it took is kept
 * (here: a variable, as it would lie with the keeper). Right: each number is taken once and in
 * order. The broken receiver does not know a number that comes twice. */
#include "sim/explore.h"
#include "test.h"

#define REPEAT_MS 500
#define N_NUMBERS 3

static struct {
	struct sim *sim;
	struct sim_host *host;
	struct plan plan;
	struct io *sender, *receiver;
	struct dgram *out, *in;
	struct timer timer;
	struct addr from, to;
	uint8_t next, taken[32];
	size_t n_taken;
	bool is_broken;
} w;

static void send_number(void *arg)
{
	struct addr_ok to = {w.to};

	(void)arg;
	if (w.next > N_NUMBERS)
		return;
	timer_start(w.sender, &w.timer, REPEAT_MS);
	dgram_send(w.out, &to, (struct str){(const char *)&w.next, 1});
}

static void on_acknowledged(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	(void)d;
	(void)arg;
	for (size_t i = 0; i < n; i++) {
		if ((uint8_t)p[i].bytes.p[0] != w.next)
			continue;
		w.next++;
		send_number(NULL);
	}
}

static void on_numbers(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < n; i++) {
		struct addr_ok to = {p[i].from};
		uint8_t number = (uint8_t)p[i].bytes.p[0];

		if ((w.is_broken || number > w.n_taken) && w.n_taken < sizeof w.taken)
			w.taken[w.n_taken++] = number;
		dgram_send(d, &to, p[i].bytes);
	}
}

static void open_socket(struct io *io, const struct addr *at, dgram_h *h, struct dgram **ret_dgram)
{
	struct local local = {PLAN_PUBLIC_RTP_OUT, *at, NO_FD};

	io_set_plan(io, &w.plan);
	(void)!dgram_open(io, &local, h, NULL, ret_dgram);
}

static void start_sender(struct io *io, void *arg)
{
	(void)arg;
	w.sender = io;
	open_socket(io, &w.from, on_acknowledged, &w.out);
	timer_init(&w.timer, send_number, NULL);
	timer_start(io, &w.timer, 0);
}

static void start_receiver(struct io *io, void *arg)
{
	(void)arg;
	w.receiver = io;
	open_socket(io, &w.to, on_numbers, &w.in);
}

static void on_died(struct io *io, void *arg);
static const struct sim_program sender = {.name = "sender", .start = start_sender};
static const struct sim_program receiver = {
	.name = "receiver", .start = start_receiver, .died = on_died};

static void on_died(struct io *io, void *arg)
{
	(void)arg;
	(void)!sim_start(w.host, &receiver, NULL, &io);
}

static void kill_receiver(int worker)
{
	(void)worker;
	sim_kill(w.receiver);
}

static uint64_t state(void)
{
	uint64_t h = w.next;

	for (size_t i = 0; i < w.n_taken; i++)
		h = h * 31 + w.taken[i];
	return (h * 31 + sim_is_dead(w.receiver)) * 31 + sim_held(w.sim).n_packets;
}

static bool is_sound(void)
{
	for (size_t i = 0; i < w.n_taken; i++) {
		if (w.taken[i] != i + 1)
			return false;
	}
	return true;
}

static bool is_good(void)
{
	return is_sound() && w.n_taken == N_NUMBERS && w.next == N_NUMBERS + 1;
}

static uint64_t explore_world(bool is_broken, int depth)
{
	struct addr a = addr_v4(192, 0, 2, 10, 0);
	struct io *io;
	int zone;
	uint64_t n_bad;
	struct explore x = {.depth = depth,
		.pause_ms = 2000,
		.end_ms = 20000,
		.n_workers = 1,
		.kill = kill_receiver,
		.state = state,
		.is_sound = is_sound,
		.is_good = is_good};

	memset(&w, 0, sizeof w);
	w.next = 1;
	w.is_broken = is_broken;
	plan_defaults(&w.plan, HOST_EDGE, false);
	w.plan.switches[SW_SIP] = true;
	w.from = w.to = a;
	w.to.port = (uint16_t)(plan_media(&w.plan).low + 2);
	CHECK(sim_new(1, &w.sim) == OK);
	CHECK(sim_zone(w.sim, ZONE_DMZ, "dmz", &zone) == OK);
	CHECK(sim_host(w.sim, "edge", &w.host) == OK && sim_address(w.host, zone, &a) == OK);
	CHECK(sim_start(w.host, &receiver, NULL, &io) == OK);
	CHECK(sim_start(w.host, &sender, NULL, &io) == OK);
	x.sim = w.sim;
	n_bad = explore_all(&x);
	sim_free(w.sim);
	return n_bad;
}

static void every_short_history_ends_well(void)
{
	CHECK(explore_world(false, 6) == 0);
}

static void a_receiver_that_takes_twice_is_found(void)
{
	CHECK(explore_world(true, 3) > 0);
}

TEST_MAIN(T(every_short_history_ends_well), T(a_receiver_that_takes_twice_is_found))

/* sim.h - a world in one process: the headers of io/ over a virtual clock, nets, firewalls and
 * NATs.
 *
 * One seed decides everything: the same seed and the same calls give the same run, told by
 * sim_hash(). Time jumps from event to event. There is no real time, no fd and no kernel here; an
 * fd is a number of the world. Linked only into tests, in place of io's loop.
 *
 * How a world is put together:
 * 	sim_new(seed, &sim);
 * 	zones    sim_zone(sim, the plan's zone, "private", &inside) ...: nets. A border joins two of
 * 	         them: it is open, a firewall that executes the plan, or a NAT
 * 	hosts    sim_host(sim, "control", &control); sim_address(control, inside, &addr)
 * 	plans    sim_allow(firewall, &plan, hosts): the rows of which that node is an end
 * 	programs sim_start(control, &program, arg, &io): a process; program->start makes its machines
 * 	         on the struct io it is given, as a main() does
 * 	run      sim_run(sim, ms), or sim_step() and look
 * A node is the same programs as in proc/: the keeper first, which makes the channels (chan_pair)
 * and hands ends and kept fds over in messages. A restarted process is a new sim_start() by
 * whoever plays the keeper's pidfd (struct sim_program.died). */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "io/io.h"

struct sim;
struct sim_host;
struct sim_border;

/* ---- the world ---- */
MUST_USE enum err sim_new(uint64_t seed, struct sim **ret_sim);
/* Every process dies first; every program's freed() is called. NULL: nothing. */
void sim_free(struct sim *sim);
uint64_t sim_now(const struct sim *sim); /* ns since its beginning */
bool sim_step(struct sim *sim);          /* the next event; false: nothing will ever happen */
void sim_run(struct sim *sim, uint64_t ms);
uint32_t sim_random(struct sim *sim, uint32_t n); /* 0..n-1 from the seed: a script's own choices */
uint64_t sim_hash(const struct sim *sim);         /* of all that happened so far */
void sim_note(struct sim *sim, struct str what);  /* a script's own event, into the hash */
/* Calls h once, after ms: scripts. At most 4,096 wait. */
MUST_USE enum err sim_at(struct sim *sim, uint64_t ms, void (*h)(void *arg), void *arg);
/* After each event: the place for invariants. NULL: none. */
void sim_watch(struct sim *sim, void (*h)(struct sim *sim, void *arg), void *arg);
/* Each datagram, and the first segment of each stream, as it leaves its host. NULL: none. */
struct sim_packet {
	const struct sim_host *host;
	bool is_stream;
	struct addr from, to;
	struct str bytes; /* of a datagram */
};
void sim_tap(struct sim *sim, void (*h)(void *arg, const struct sim_packet *packet), void *arg);
void sim_print_logs(struct sim *sim, bool is_printed); /* to stderr */

struct sim_counters {
	uint64_t n_events, n_turns;
	uint64_t n_sent, n_arrived; /* datagrams */
	uint64_t n_segments;        /* of streams, arrived */
	uint64_t n_lost, n_cut, n_too_long, n_no_route, n_no_socket, n_overflow, n_duplicated;
	uint64_t n_firewall, n_nat; /* dropped there: datagrams and attempts of streams */
};
const struct sim_counters *sim_counters(const struct sim *sim);
/* What is held now; all zero after everything was freed. */
struct sim_held {
	uint32_t n_files, n_fds, n_packets, n_messages, n_chunks;
};
struct sim_held sim_held(const struct sim *sim);

/* ---- choices: what a script, or the explorer of short histories, does to what is under way ---- */
/* Runs until the next event is a datagram's arrival; false: none comes within max_ms. */
bool sim_run_to_datagram(struct sim *sim, uint64_t max_ms);
/* The same for what happens to an end of a stream: its opening, its bytes, its end. */
bool sim_run_to_segment(struct sim *sim, uint64_t max_ms);
bool sim_drop_next(struct sim *sim); /* the next datagram is lost; false: none is under way */
bool sim_swap_next(struct sim *sim); /* the next two change places; false: there are no two */

/* ---- nets ---- */
struct sim_quality {
	uint32_t delay_us, jitter_us; /* delay, and up to so much more */
	uint32_t loss_ppm, duplicate_ppm, reorder_ppm;
	uint32_t reorder_us; /* how much later a reordered one comes */
	uint32_t mtu;        /* bytes of a datagram; 0: any */
	bool is_cut;
};
#define SIM_ZONES_MAX 8
/* plan_zone: which zone of the plan it is, ZONE_NONE for one that the plan does not know (behind a
 * NAT). Returns its number. */
MUST_USE enum err sim_zone(
	struct sim *sim, enum plan_zone plan_zone, const char *name, int *ret_zone);
void sim_zone_quality(struct sim *sim, int zone, const struct sim_quality *q);
/* Borders must not form a circle. */
MUST_USE enum err sim_open_border(struct sim *sim, int a, int b, struct sim_border **ret_border);
MUST_USE enum err sim_firewall(struct sim *sim, int a, int b, struct sim_border **ret_border);

enum sim_nat_rule {
	NAT_ANY,
	NAT_HOST,
	NAT_HOST_AND_PORT
}; /* RFC 4787: independent, dependent on ... */
struct sim_nat {
	enum sim_nat_rule mapping, filtering;
	bool keeps_port;     /* else a random one */
	uint32_t timeout_ms; /* of UDP, renewed by what leaves alone (REQ-6) */
};
MUST_USE enum err sim_nat(struct sim *sim, int inside, int outside, const struct addr *public_host,
	const struct sim_nat *kind, struct sim_border **ret_border);
void sim_border_quality(struct sim_border *b, const struct sim_quality *q);
void sim_border_forget(struct sim_border *b); /* conntrack -F; a NAT maps anew */

/* ---- what a firewall lets through ---- */
struct sim_named {
	enum plan_host host;
	struct addr addr; /* port ignored; a host may be named with several addresses */
};
/* The rows of which plan's node is an end. A host of the plan that is not named has no address: its
 * rows allow nothing. hosts is copied. */
MUST_USE enum err sim_allow(struct sim_border *firewall, const struct plan *plan,
	const struct sim_named *hosts, size_t n_hosts);
void sim_disallow(struct sim_border *firewall, enum plan_row row); /* a pinhole less: mutation */
uint64_t sim_row_hits(const struct sim_border *firewall, enum plan_row row);
/* Replies of UDP pass so long after the last packet in the allowed direction; 20 s. */
void sim_firewall_patience(struct sim_border *firewall, uint32_t ms);

/* ---- machines ---- */
MUST_USE enum err sim_host(struct sim *sim, const char *name, struct sim_host **ret_host);
MUST_USE enum err sim_address(struct sim_host *host, int zone, const struct addr *addr);
void sim_host_off(struct sim_host *host); /* power cut: no FIN, nothing kept */
void sim_host_on(struct sim_host *host);
void sim_wall_step(struct sim_host *host, int64_t ns); /* its wall clock jumps */
uint64_t sim_host_dropped(
	const struct sim_host *host); /* what firewalls dropped: no row of the plan */
uint64_t sim_host_late(
	const struct sim_host *host); /* dropped too: the plan's ports, but no state */

/* ---- processes ---- */
struct sim_program {
	const char *name; /* "sig" */
	void (*start)(struct io *io, void *arg);
	void (*died)(
		struct io *io, void *arg); /* the parent learns of it, some ms later; may be NULL */
	void (*freed)(struct io *io,
		void *arg); /* frees memory: its io is dead, every call does nothing */
};
/* start() runs at once. node: for log lines. */
MUST_USE enum err sim_start(
	struct sim_host *host, const struct sim_program *program, void *arg, struct io **ret_io);
void sim_kill(struct io *io); /* kill -9; what others hold of its fds lives on */
void sim_kill_at_call(
	struct io *io, uint64_t n);      /* in the middle of the n-th call of io from now on */
uint64_t sim_calls(const struct io *io); /* so far */
bool sim_is_dead(const struct io *io);
void sim_freeze(struct io *io, uint64_t ms); /* no turn for so long (SIGSTOP) */
uint64_t sim_n_taken(const struct io *io);   /* datagrams that its handlers were given */
/* The i-th timer that runs, in no order of meaning; NULL: there are no more. */
struct timer *sim_timer(const struct io *io, uint32_t i);
void sim_turn_us(struct io *io, uint32_t us); /* how long a turn takes; 1 */
struct sim *sim_of(const struct io *io);
struct sim_host *sim_host_of(const struct io *io);

/* ---- fds ---- */
int sim_dup(
	struct sim *sim, int fd, struct io *owner); /* owner NULL: nobody's, closed by sim_free */
int sim_hand_over(struct sim *sim, int fd, struct io *owner);
void sim_close(struct sim *sim, int fd);

/* ---- names: one table for all, or one host's own (split views) ---- */
MUST_USE enum err sim_name(struct sim *sim, const struct sim_host *only_for, const char *name,
	enum dns_type type, const struct dns_answer *answer);
/* Its server: answers after delay_ms; dead: never. Wrong answers are those that sim_name gave. */
void sim_resolver(struct sim_host *host, uint32_t delay_ms, bool is_dead);

#endif

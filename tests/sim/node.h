/* node.h - a whole node of the simulated world: keeper, signalling, media, each a process that can be
 * killed at any moment; the machines inside are the product's own, wired as in src/proc. */
#ifndef TESTS_SIM_NODE_H
#define TESTS_SIM_NODE_H

#include "call/call.h"
#include "ipc/kept.h"
#include "media/flow.h"
#include "sim/sim.h"
#include "sip/sip.h"

struct node;

/* What a mirror has got of a kind of rows: handles, and hashes of their bodies. */
#define MIRROR_MAX 256
struct mirror {
	size_t n;
	struct {
		uint64_t handle, hash;
		bool is_marked;
	} rows[MIRROR_MAX];
};

struct worker {
	struct node *node;
	enum process_id self;
	struct io *io; /* NULL: dead, its successor not started */
	struct ipc *ipc;
	struct keep *keep;
	struct alarms *alarms;
	struct kept_table *kept; /* the keeper's memory of it */
	uint32_t edge;           /* the keeper's end of its channel */
	int channel;             /* an fd for the process that is being started */
	bool is_started, is_replaying;
	bool must_tell; /* a new keeper waits for its records */
	/* fosse-sig */
	struct zones *zones;
	struct call_core *core;
	struct sip *sip;
	/* fosse-media */
	struct flows *flows;
	struct mirror wanted; /* FLOW_WANT, as they came */
	uint64_t n_rtp_sent;  /* packets that left its host */
	uint64_t n_answers;   /* to its tokens, which took them */
	uint32_t n_starts;
	uint64_t begun_ns; /* when it had its records */
};

struct node {
	struct sim *sim;
	struct sim_host *host;
	struct conf *conf;
	struct plan plan;
	struct io *keeper; /* NULL: dead, its successor not started */
	struct ipc *ipc;
	uint64_t keeper_ns; /* when it was started */
	bool has_lost;      /* a worker died when no keeper had its records */
	struct worker sig, media;
	const char *fault; /* what could not be built: the test fails */
};

/* yaml: the node's configuration. Its plan may be changed before the start. */
bool node_load(struct node *n, const char *yaml);
bool node_start(struct node *n, struct sim *sim, struct sim_host *host);
void node_kill(struct worker *w);
/* Now, or in the middle of its n-th call of io. Its records and fds are gone with it; the workers live on, and its successor finds them. */
void node_kill_keeper(struct node *n, uint64_t n_calls);
bool node_is_up(const struct node *n); /* both workers run */
bool node_has_link(struct node *n, const char *zone);
/* How many of everything signalling holds; 0: it is dead. */
uint64_t node_digest(const struct node *n);
/* A link that is called up has a connection that is open. */
bool node_link_is_true(struct node *n, const char *zone);
/* What came to media was relayed or has its reason, and what it says it relayed has left. */
bool node_media_balance(const struct node *n);
/* New channels: to the keeper, whose workers put all records again; between the workers, which put all
 * rows again. What is not repeated is swept. A mirror that equals its original is the same afterwards. */
void node_new_keeper_channels(struct node *n);
void node_new_worker_channel(struct node *n);
uint64_t node_records(const struct worker *w); /* hash of what the keeper has, in any order */
uint64_t mirror_hash(const struct mirror *m);
void node_free(struct node *n); /* after sim_free() */

#endif

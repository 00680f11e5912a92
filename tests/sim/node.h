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
	bool is_started, has_sync, is_replaying;
	/* fosse-sig */
	struct zones *zones;
	struct call_core *core;
	struct sip *sip;
	/* fosse-media */
	struct flows *flows;
	uint32_t n_starts;
};

struct node {
	struct sim *sim;
	struct sim_host *host;
	struct conf *conf;
	struct plan plan;
	struct io *keeper; /* it lives as long as the world */
	struct ipc *ipc;
	struct worker sig, media;
	bool loses_close;  /* planted: ends of streams are not seen */
	const char *fault; /* what could not be built: the test fails */
};

/* yaml: the node's configuration. */
bool node_start(struct node *n, struct sim *sim, struct sim_host *host, const char *yaml);
void node_kill(struct worker *w);
bool node_is_up(const struct node *n); /* both workers run */
bool node_has_link(struct node *n, const char *zone);
void node_free(struct node *n); /* after sim_free() */

#endif

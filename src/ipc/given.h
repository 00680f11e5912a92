/* given.h - bodies of what the keeper gives: sockets, introductions, key files, its configuration.
 *
 * Pure codecs, except that nothing here owns the fd that travels beside a body. */
#ifndef IPC_GIVEN_H
#define IPC_GIVEN_H

#include "base/addr.h"
#include "base/handle.h"
#include "ipc/kinds.h"
#include "plan/plan.h"

/* ROW_SOCKET: a listening socket of the plan; its fd goes to the row's owner. */
struct given_socket {
	enum plan_row row;
	struct addr addr;
};
/* The same socket has the same handle for ever, also in the next keeper. */
uint64_t given_socket_handle(const struct given_socket *s, bool is_udp);
void given_socket_put(struct wr *w, const struct given_socket *s);
MUST_USE enum err given_socket_get(struct rd *body, struct given_socket *ret);

/* ROW_PEER: the fd is a channel to this process. */
struct given_peer {
	enum process_id with;
	bool may_ask; /* its questions are answered (a reader's are not) */
};
void given_peer_put(struct wr *w, const struct given_peer *p);
MUST_USE enum err given_peer_get(struct rd *body, struct given_peer *ret);

/* ROW_CONFIG: the fd is a sealed memory file that holds a struct conf, secrets too. ROW_REVISION: the same
 * body, no fd: for those who only show it. */
void given_config_put(struct wr *w, uint32_t revision);
MUST_USE enum err given_config_get(struct rd *body, uint32_t *ret_revision);

/* ROW_KEY_FILE: the fd is an open file that the keeper has not read. */
enum key_use { KEY_SERVER, KEY_CLIENT, KEY_ZONE, KEY_TRUST, KEY_USE_MAX };
struct given_key {
	enum key_use use;
	char name
		[256]; /* below the node's key folder, "zone.pem"; or as the configuration names it */
};
void given_key_put(struct wr *w, const struct given_key *k);
MUST_USE enum err given_key_get(struct rd *body, struct given_key *ret);

/* ASK_APPLY: the fd is the file to read. */
struct given_apply {
	char file[200]; /* its name, for messages */
	bool is_dry_run;
};
void given_apply_put(struct wr *w, const struct given_apply *a);
MUST_USE enum err given_apply_get(struct rd *body, struct given_apply *ret);

/* ASK_PAIR: bytes that the keeper writes, unread, as the pairing of this name; then it reads the
 * configuration anew. An empty text removes it. */
struct given_pair {
	char name[64]; /* letters, digits, '-', '_' and '.', not first */
	struct str text;
};
void given_pair_put(struct wr *w, const struct given_pair *p);
/* ERR_RANGE: a name that could be a path. text is a slice of the body. */
MUST_USE enum err given_pair_get(struct rd *body, struct given_pair *ret);

#endif

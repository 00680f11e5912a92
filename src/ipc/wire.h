/* wire.h - the header of every message between our processes, and who may say what to whom.
 *
 * Pure: bytes in, verdict out. Whatever is not allowed by the catalogue is refused here, with a reason,
 * before any handler sees it; the receiver closes the edge. */
#ifndef IPC_WIRE_H
#define IPC_WIRE_H

#include "base/rd.h"
#include "ipc/kinds.h"

enum verb { VERB_NONE, VERB_PUT, VERB_DEL, VERB_SYNC, VERB_AGAIN, VERB_ASK, VERB_ANSWER, VERB_MAX };

struct head {
	enum verb verb;
	enum kind kind;
	uint32_t seq;
	uint64_t handle;
};

#define WIRE_HEAD 16
#define WIRE_MAX  (WIRE_HEAD + 4 + KIND_BODY_MAX)

void wire_put(struct wr *w, const struct head *head, struct str body);
/* The first of the messages that rest holds, taken off it; what has no whole header is one. */
struct str wire_cut(struct str *rest);
/* *ret_why on refusal: one static phrase. *ret_body is a reader of what follows the header. */
MUST_USE enum err wire_get(struct str bytes, bool has_fd, enum process_id from,
	enum process_id self, struct head *ret_head, struct rd *ret_body, const char **ret_why);
/* Does "owner" show (or answer) this kind to "mirror"? */
bool kind_is_between(enum kind kind, enum process_id owner, enum process_id mirror);

#endif

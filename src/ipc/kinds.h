/* kinds.h - everything that may cross a channel between our processes: catalogue and permission in one.
 *
 * A row is state that its owner shows and others mirror; an ask is one of the few real questions. A PUT
 * of a kind that the sender does not own, a body longer than max, or an fd where none belongs, closes
 * the edge. Bodies are tagged fields by rd/wr: hostile input like any other. */
#ifndef IPC_KINDS_H
#define IPC_KINDS_H

#include "base/str.h"

enum process_id { P_NONE, P_KEEPER, P_TLS, P_SIG, P_MEDIA, P_UC, P_ADMIN, P_CTL, P_MAX };

#define PBIT(id) (1u << P_##id)
#define P_ALL                                                                                      \
	(PBIT(KEEPER) | PBIT(TLS) | PBIT(SIG) | PBIT(MEDIA) | PBIT(UC) | PBIT(ADMIN) | PBIT(CTL))
#define P_WORKERS (PBIT(TLS) | PBIT(SIG) | PBIT(MEDIA) | PBIT(UC) | PBIT(ADMIN))

#define KIND_BODY_MAX 3584 /* of them all: what a buffer for any of them holds */

/* clang-format off */
/* KIND(id, is_ask, owners (asks: who answers), mirrors (asks: who may ask), max body, may carry an fd) */
#define KIND_TABLE \
	KIND(ROW_CONFIG,     false, PBIT(KEEPER),                  P_WORKERS,                         64, true)  \
	KIND(ROW_REVISION,   false, PBIT(KEEPER),                  PBIT(CTL) | PBIT(ADMIN),           64, false) \
	KIND(ROW_SOCKET,     false, PBIT(KEEPER),                  P_WORKERS,                        128, true)  \
	KIND(ROW_PEER,       false, PBIT(KEEPER),                  P_ALL,                             64, true)  \
	KIND(ROW_PROCESS,    false, PBIT(KEEPER),                  P_ALL,                            512, false) \
	KIND(ROW_KEPT,       false, PBIT(KEEPER) | P_WORKERS,      PBIT(KEEPER) | P_WORKERS,        2048, true)  \
	KIND(ROW_KEY_FILE,   false, PBIT(KEEPER),                  PBIT(TLS),                        320, true)  \
	KIND(ROW_CONN,       false, PBIT(TLS),                     PBIT(SIG) | PBIT(UC),            1280, true)  \
	KIND(ROW_FLOW_WANT,  false, PBIT(SIG),                     PBIT(MEDIA),                     1152, false) \
	KIND(ROW_ZONE_MEDIA, false, PBIT(SIG),                     PBIT(MEDIA),                      256, false) \
	KIND(ROW_FLOW_IS,    false, PBIT(MEDIA),                   PBIT(SIG) | PBIT(CTL) | PBIT(ADMIN), 768, false) \
	KIND(ROW_CALL,       false, PBIT(SIG),                     PBIT(CTL) | PBIT(ADMIN),         2048, false) \
	KIND(ROW_ZONE,       false, PBIT(SIG),                     PBIT(CTL) | PBIT(ADMIN),         1024, false) \
	KIND(ROW_BINDING,    false, PBIT(SIG),                     PBIT(CTL) | PBIT(ADMIN),         2048, false) \
	KIND(ROW_ALARM,      false, P_ALL,                         PBIT(CTL) | PBIT(ADMIN),          512, false) \
	KIND(ROW_COUNTERS,   false, P_ALL,                         PBIT(CTL) | PBIT(ADMIN),         3584, false) \
	KIND(ASK_TLS_DIAL,   true,  PBIT(TLS),                     PBIT(SIG) | PBIT(UC),            1280, true)  \
	KIND(ASK_PEER,       true,  PBIT(KEEPER),                  P_WORKERS,                         16, false) \
	KIND(ASK_PAIR,       true,  PBIT(KEEPER),                  PBIT(SIG) | PBIT(CTL),            2048, true)  \
	KIND(ASK_APPLY,      true,  PBIT(KEEPER),                  PBIT(CTL) | PBIT(ADMIN),          256, true)  \
	KIND(ASK_DROP,       true,  PBIT(SIG),                     PBIT(CTL) | PBIT(ADMIN),           64, false) \
	KIND(ASK_LOCATE,     true,  PBIT(SIG),                     PBIT(CTL) | PBIT(ADMIN),         1024, false)
/* clang-format on */

enum kind {
	KIND_NONE,
#define KIND(id, ...) id,
	KIND_TABLE
#undef KIND
		KIND_MAX
};

struct kind_info {
	const char *name;
	bool is_ask;
	uint32_t owners, mirrors; /* bit sets of enum process_id */
	uint16_t body_max;
	bool may_have_fd;
};

const struct kind_info *kind_info(enum kind kind); /* never NULL */
const char *process_name(
	enum process_id id); /* "sig"; the executable is fosse-sig, the keeper's fossewayd */

#endif

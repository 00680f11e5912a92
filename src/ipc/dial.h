/* dial.h - TLS connections by way of fosse-tls: its question, its rows, and tls_dial().
 *
 * fosse-tls accepts on the TLS rows and dials for others; it hands over a plaintext stream fd and a
 * struct peer (ROW_CONN). Whoever uses the stream sees one kind of stream, TCP or TLS. */
#ifndef IPC_DIAL_H
#define IPC_DIAL_H

#include "ipc/ipc.h"

enum tls_verify {
	TLS_VERIFY_NONE,   /* encrypt only (opportunistic, by zone policy) */
	TLS_VERIFY_PINNED, /* the peer's key has this SPKI hash; no chain, no dates */
	TLS_VERIFY_CA      /* chain to a trusted root and SAN equals name (RFC 5922), never CN */
};

struct tls_want {
	enum plan_row row;    /* source ports */
	struct addr from, to; /* host to leave from (port 0); checked destination */
	uint8_t verify;       /* enum tls_verify */
	uint8_t spki[32];
	char name[PEER_NAME_MAX]; /* SNI and expected name; "": none */
	char alpn[32];            /* "": none */
	char zone[64];            /* comes back in struct peer */
	bool is_link; /* present the node's pairing key, not its client certificate; TLS 1.3 only */
	uint32_t timeout_ms;
};

void tls_want_put(struct wr *w, const struct tls_want *t);
MUST_USE enum err tls_want_get(struct rd *body, struct tls_want *ret);
void peer_put(struct wr *w, const struct peer *p); /* body of ROW_CONN, and part of conn records */
MUST_USE enum err peer_get(struct rd *body, struct peer *ret);

/* Dials by fosse-tls; h gets a stream's fd and its peer (ERR_AUTH: not the expected identity; why is
 * one sentence). Cancel by ipc_forget(seq). */
typedef void(tls_dialled_h)(
	void *arg, enum err err, struct str why, const struct peer *peer, int fd);
MUST_USE enum err tls_dial(struct ipc *ipc, const struct tls_want *want, tls_dialled_h *h,
	void *arg, uint32_t *ret_seq);

/* fosse-tls's side of it: the body of the answer. peer NULL: it failed, why is one sentence. */
struct str tls_dialled_put(struct wr *w, const struct peer *peer, struct str why);
MUST_USE enum err tls_dialled_get(
	struct rd *body, struct peer *ret_peer, bool *ret_has_peer, struct str *ret_why);

#endif

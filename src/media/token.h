/* token.h - Control's side of the multiplexed leg: proving a media port to Edge and keeping its
 * pinholes open.
 *
 * One prover per component of a stream. It sends a token from the media port itself as soon as the
 * stream's id is known (0, 20, 60, 140, 300, 620 ms, then each second) until Edge answers, then a
 * refresh each keep-alive interval for the life of the stream. The firewall forgets a pinhole that only
 * answers use: these refreshes are what keeps it open. */
#ifndef MEDIA_TOKEN_H
#define MEDIA_TOKEN_H

#include "io/io.h"
#include "stun/stun.h"

typedef void(prover_send_h)(void *arg, struct str bytes);
typedef void(prover_proved_h)(void *arg, const struct addr *mapped);

struct prover {
	struct io *io;
	struct timer timer;
	prover_send_h *send;
	prover_proved_h *proved; /* each success */
	void *arg;
	uint64_t stream_id; /* 0: idle */
	enum token_component component;
	uint8_t media_key
		[32]; /* the tokens' keys are derived when they are used: once per refresh */
	uint64_t base_us,
		counter; /* base: wall clock less monotonic when the stream was made: kept */
	uint32_t keepalive_ms, n_tries;
	uint8_t tid[STUN_TID_LEN];
	bool is_proved;  /* Edge has answered at least once */
	bool is_waiting; /* a token is on its way */
	uint64_t sent_ns;
};

void prover_init(
	struct prover *p, struct io *io, prover_send_h *send, prover_proved_h *proved, void *arg);
/* Starts, or goes on with new data; the same data changes nothing. base_us 0: choose. */
void prover_start(struct prover *p, uint64_t stream_id, enum token_component component,
	struct str media_key /* 32 bytes */, uint32_t keepalive_ms, uint64_t base_us);
void prover_stop(struct prover *p);
void prover_hurry(
	struct prover *p); /* silence where media was: a token at once, ten a second at most */
/* A datagram from Edge: true when it was this prover's answer (right or wrong: nobody else's). */
bool prover_answer(struct prover *p, struct str bytes);

#endif

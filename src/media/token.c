/* token.c - the prover. Builds tokens, checks answers; sends through its owner. */
#include <assert.h>
#include <string.h>

#include "media/token.h"

#define HURRY_NS 100000000u

static const uint32_t first_delays_ms[] = {20, 40, 80, 160, 320};
#define N_FIRST_DELAYS (sizeof first_delays_ms / sizeof first_delays_ms[0])
#define RETRY_MS       1000

/* Strictly rising, through restarts of this process and steps of the wall clock. */
static uint64_t next_counter(struct prover *p)
{
	uint64_t by_clock = p->base_us + io_now(p->io) / 1000;

	p->counter = p->counter + 1 > by_clock ? p->counter + 1 : by_clock;
	return p->counter;
}

static void derive(const struct prover *p, enum token_sender by, uint8_t ret_key[TOKEN_KEY_LEN])
{
	struct str k = {(const char *)p->media_key, sizeof p->media_key};

	token_key(k, p->stream_id, p->component, by, ret_key);
}

static void send_token(struct prover *p)
{
	struct token t = {.stream_id = p->stream_id, .component = p->component};
	uint8_t buf[TOKEN_LEN], key[TOKEN_KEY_LEN];

	io_random(p->io, p->tid, sizeof p->tid);
	memcpy(t.tid, p->tid, sizeof t.tid);
	t.counter = next_counter(p);
	p->is_waiting = true;
	p->sent_ns = io_now(p->io);
	derive(p, TOKEN_BY_CONTROL, key);
	p->send(p->arg, token_put(&t, key, buf));
	explicit_bzero(key, sizeof key);
}

static bool is_edges(const struct prover *p, struct str bytes)
{
	uint8_t key[TOKEN_KEY_LEN];
	bool is_proved;

	derive(p, TOKEN_BY_EDGE, key);
	is_proved = token_is_proved(bytes, key);
	explicit_bzero(key, sizeof key);
	return is_proved;
}

static uint32_t retry_delay(const struct prover *p)
{
	return p->n_tries < N_FIRST_DELAYS ? first_delays_ms[p->n_tries] : RETRY_MS;
}

/* 10 % either way, so that thousands of streams do not beat together. */
static uint32_t with_jitter(struct prover *p, uint32_t ms)
{
	uint32_t r;

	io_random(p->io, &r, sizeof r);
	return ms - ms / 10 + (ms >= 5 ? r % (ms / 5) : 0);
}

static void on_timer(void *arg)
{
	struct prover *p = arg;

	send_token(p);
	timer_start(p->io, &p->timer, retry_delay(p));
	p->n_tries++;
}

void prover_init(
	struct prover *p, struct io *io, prover_send_h *send, prover_proved_h *proved, void *arg)
{
	*p = (struct prover){.io = io, .send = send, .proved = proved, .arg = arg};
	timer_init(&p->timer, on_timer, p);
}

void prover_start(struct prover *p, uint64_t stream_id, enum token_component component,
	struct str media_key, uint32_t keepalive_ms, uint64_t base_us)
{
	bool is_new = p->stream_id != stream_id || p->component != component;

	p->keepalive_ms = keepalive_ms;
	assert(media_key.len == sizeof p->media_key);
	memcpy(p->media_key, media_key.p, sizeof p->media_key);
	if (!is_new && timer_is_on(&p->timer))
		return;
	if (p->stream_id) /* what a predecessor had proved stays proved */
		p->is_proved = false;
	p->stream_id = stream_id;
	p->component = component;
	p->n_tries = 0;
	if (base_us)
		p->base_us = base_us;
	else if (!p->base_us)
		p->base_us = (io_wall(p->io) - io_now(p->io)) / 1000;
	timer_start(p->io, &p->timer, 0);
}

void prover_stop(struct prover *p)
{
	timer_stop(&p->timer);
	explicit_bzero(p->media_key, sizeof p->media_key);
	p->stream_id = 0;
	p->is_proved = p->is_waiting = false;
}

void prover_hurry(struct prover *p)
{
	if (!p->stream_id || io_now(p->io) - p->sent_ns < HURRY_NS)
		return;
	p->n_tries = 0;
	timer_start(p->io, &p->timer, 0);
}

bool prover_answer(struct prover *p, struct str bytes)
{
	uint8_t tid[STUN_TID_LEN];
	struct addr mapped;

	if (!p->stream_id || token_answer_parse(bytes, tid, &mapped) != OK)
		return false;
	if (!p->is_waiting || memcmp(tid, p->tid, sizeof tid) != 0 || !is_edges(p, bytes))
		return true;
	p->is_waiting = false;
	p->is_proved = true;
	p->n_tries = 0;
	timer_start(p->io, &p->timer, with_jitter(p, p->keepalive_ms));
	p->proved(p->arg, &mapped);
	return true;
}

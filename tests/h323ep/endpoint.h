/* endpoint.h - the endpoint's objects: options, registration, calls, channels, media.
 *
 * One endpoint has one RAS socket, one listener for call signalling and up to CALLS_MAX calls. A call is
 * one signalling connection; below it are H.245, tunnelled or on a connection of its own, and one flow a
 * session: a port pair for both directions. Everything is told on stdout as it happens, one JSON object a
 * line, times in seconds of CLOCK_MONOTONIC. Nothing here shares code with the product but its codec. */
#ifndef H323EP_ENDPOINT_H
#define H323EP_ENDPOINT_H

#include "loop.h"
#include "pdu.h"

#define CALLS_MAX    8
#define FLOWS_MAX    3
#define CHANNELS_MAX 12
#define REQUESTS_MAX 8
#define RUNS_MAX     400
#define TEXT_SIZE    512

struct options {
	struct addr local, gatekeeper; /* gatekeeper.family AF_NONE: none */
	const char *alias, *e164, *password;
	const char *trace; /* what is sent: lines KIND HEX */
	uint16_t ras_port, call_port, h245_port, media_port;
	unsigned ring_ms, ttl, tone_hz, calls;
	bool is_ulaw, has_one_codec; /* G.711: which law is preferred; no other */
	bool is_tunnelling, is_late_h245, has_fast_start, is_auto_answer, has_video, has_discovery;
	bool has_18, has_19,
		has_mux;     /* H.460.18 signalling; H.460.19 media, and its multiplexing */
	const char *refusal; /* reason of ReleaseComplete for every call */
};

/* ---- media.c ---- */
enum kind { AUDIO, VIDEO, CONTENT };

struct run { /* a time in which one tone was heard */
	uint64_t from_ms, to_ms;
	unsigned hz;
};

struct heard {
	uint64_t n_packets, n_bytes, n_lost, n_late, n_rtcp, n_strange;
	uint32_t highest, first; /* extended sequence numbers */
	bool has_any;
	uint64_t first_ms, last_ms;
	int16_t block[800];
	unsigned n_block, hz; /* hz: of the last block, 0: no tone */
	struct run runs[RUNS_MAX];
	unsigned n_runs;
};

struct flow {
	struct call *call; /* NULL: not in use */
	enum kind kind;
	unsigned session;
	struct watch rtp, rtcp;
	struct addr local, to_rtp, to_rtcp;
	uint8_t payload_type, far_payload_type;
	bool is_ulaw; /* what we send */
	bool is_sending;
	struct timer frame, report;
	uint32_t ssrc, samples, counter;
	uint16_t sequence;
	uint64_t n_sent, begun_ms;
	struct heard heard;
	/* H.460.19 */
	bool has_far_mux;
	uint32_t id, far_id; /* ours: in what comes; theirs: in what is sent */
	struct addr alive_to;
	unsigned alive_s;
	uint8_t alive_type;
	uint16_t alive_sequence;
	struct timer alive;
};

/* ---- control.c: H.245 ---- */
enum channel_state { CHANNEL_NONE, CHANNEL_ASKED, CHANNEL_OPEN, CHANNEL_CLOSING };

struct channel {
	enum channel_state state;
	bool is_ours; /* we send in it */
	uint16_t number;
	struct flow *flow;
};

struct control {
	struct link *link; /* a connection of its own */
	struct watch listener;
	bool is_separate; /* decided: not in the tunnel */
	bool is_started, is_ended, has_tcs, is_tcs_acked, is_msd_done, is_master, is_far_paused;
	bool is_presenting;
	uint32_t status_number;
	uint8_t tcs_number, ping_number;
	uint64_t pinged_ms;
	uint16_t next_number;
	struct str out[64];
	unsigned n_out;
	struct channel channels[CHANNELS_MAX];
};

/* ---- call.c ---- */
enum call_state {
	CALL_FREE,
	CALL_WAITING,
	CALL_ADMISSION,
	CALL_CALLING,
	CALL_RINGING,
	CALL_UP,
	CALL_OVER
};

struct call {
	struct endpoint *e;
	enum call_state state;
	unsigned id;
	bool is_caller, has_admission, is_released,
		is_dialled; /* is_dialled: we opened its connection */
	bool peer_tunnels, is_peer_known, has_answered_fast;
	bool is_silent; /* not one packet of media is sent */
	bool is_busy;   /* a message is being made: H.245 waits for it */
	bool has_peer_19, has_peer_mux, is_server_19; /* what the far end does of H.460.19 */
	unsigned irr_s;
	uint16_t crv;
	uint8_t guid[16], conference[16];
	char far_alias[TEXT_SIZE], far_digits[64];
	struct addr to;
	struct link *link;
	struct timer timer, report, alive; /* report: IRR; alive: of the connections, H.460.18 */
	struct control control;
	struct flow flows[FLOWS_MAX];
	char fast[4][512]; /* fastStart of a Setup that came, to be answered: hex */
	unsigned n_fast;
};

/* ---- ras.c ---- */
struct request {
	uint32_t number;
	uint8_t octets[4096];
	size_t n;
	unsigned tries;
	struct timer timer;
	void (*on_answer)(struct endpoint *e, unsigned call, const char *kind, const struct pdu *p);
	unsigned call; /* id; 0: none */
	struct endpoint *e;
};

struct endpoint {
	struct loop loop;
	struct options o;
	struct watch ras, listener, input, mux_rtp, mux_rtcp;
	struct call calls[CALLS_MAX];
	struct request requests[REQUESTS_MAX];
	struct timer registration;
	uint32_t next_request;
	unsigned next_call;
	char gatekeeper_id[TEXT_SIZE], endpoint_id[TEXT_SIZE];
	bool is_registered, is_leaving;
	uint16_t next_media_port;
	char line[4096]; /* of stdin */
	size_t n_line;
};

/* endpoint.c */
void say(const char *event, const char *fields, ...) PRINTF(2, 3);
void trace(struct endpoint *e, const char *kind, struct str octets);
const char *address225(const struct addr *a); /* as text of a TransportAddress */
const char *address245(const struct addr *a);
void random_octets(void *ret, size_t n);
int endpoint_main(int argc, char **argv);
int load_main(int argc, char **argv);
int relay_main(int argc, char **argv);
int toygk_main(int argc, char **argv);

/* ras.c */
#define VENDOR                                                                                     \
	"{'vendor':{'t35CountryCode':9,'t35Extension':0,'manufacturerCode':61},"                   \
	"'productId':'666f7373652d68333233','versionId':'31'}"
#define TERMINAL "{'vendor':" VENDOR ",'terminal':{},'mc':false,'undefinedNode':false}"
#define H225     "0.0.8.2250.0.7"
void ras_open(struct endpoint *e);
void ras_register(struct endpoint *e);
void ras_unregister(struct endpoint *e);
void ras_admit(struct call *c, bool is_answer);
void ras_disengage(struct call *c);
void ras_put_aliases(const struct endpoint *e, struct wr *w);

/* call.c */
void calls_open(struct endpoint *e);
struct call *call_find(struct endpoint *e, unsigned id); /* 0: the newest that lives */
bool call_place(struct endpoint *e, const char *target, bool is_direct);
void call_admitted(struct call *c, const struct addr *to);
void call_refused(struct call *c, const char *reason); /* by the gatekeeper */
void call_answer(struct call *c);
void call_hang_up(struct call *c, unsigned cause, const char *reason);
void call_ended(struct call *c, unsigned cause, const char *reason, const char *by);
void call_flush(struct call *c); /* sends what waits for the tunnel */
bool call_tunnels(const struct call *c);
void call_start_h245(struct call *c);           /* Facility: our listener, and no more tunnel */
void call_raw(struct call *c, const char *hex); /* octets on the signalling connection */
void call_fetch(struct endpoint *e, const struct addr *to, const uint8_t guid[16]); /* H.460.18 */
struct call *call_of_guid(struct endpoint *e, const uint8_t guid[16]);

/* control.c */
void control_start(struct call *c);
void control_listen(struct call *c);
void control_dial(struct call *c, const struct addr *to);
void control_take(struct call *c, struct str octets);
void control_end(struct call *c);   /* endSession */
void control_close(struct call *c); /* the end of the call */
void control_pause(struct call *c, bool is_on);
void control_present(struct call *c, bool is_on);
void control_digits(struct call *c, const char *digits);
void control_ping(struct call *c);
void control_say(struct call *c, const char *text);
void control_offer(struct call *c, struct wr *w);  /* fastStart of our Setup */
bool control_answer(struct call *c, struct wr *w); /* of our Connect, by c->fast */
void control_no_fast_start(struct call *c);
void control_took(struct call *c, const char *hex); /* an element of the far end's answer */

/* media.c */
struct flow *flow_of(struct call *c, enum kind kind); /* made where there is none yet */
void flow_law(struct flow *f, bool is_ulaw);          /* what it sends */
void flow_send(struct flow *f, bool is_on);
void flow_close(struct flow *f);
void flow_report(const struct flow *f, const char *event);
void flow_take(struct flow *f, bool is_rtcp, struct str packet); /* without a multiplexID */
void flow_put(struct flow *f, bool is_rtcp, struct str packet);
struct addr flow_local(const struct flow *f, bool is_rtcp); /* as it is told to the far end */

/* mux.c: H.460.19 */
void mux_open(struct endpoint *e);
bool mux_is_used(const struct flow *f);
void mux_took(struct flow *f, struct str raw);           /* TraversalParameters that came */
void mux_put(struct flow *f, bool is_ack, struct wr *w); /* genericInformation to be sent */
void mux_alive(struct flow *f); /* begins the keep-alives, if the far end asked for them */

#endif

/* show.h - bodies of the rows that people see: calls, zones, registrations, alarms, processes, counters.
 *
 * The CLI (later REST, pages, metrics) mirrors these and prints them; nobody else keeps a list. Pure
 * codecs over plain structs. */
#ifndef IPC_SHOW_H
#define IPC_SHOW_H

#include "base/addr.h"

#define SHOW_ALIAS_MAX 128
#define SHOW_NAME_MAX  64

enum call_state_shown { CALL_SEARCHING, CALL_RINGING, CALL_UP, CALL_ENDING };

struct show_leg {
	char alias[SHOW_ALIAS_MAX]; /* user@host as signalled */
	char zone[SHOW_NAME_MAX];
	char protocol[16]; /* "sip/udp", "sip/tls", "h323" */
	struct addr peer;  /* where its signalling comes from */
};

struct show_call {
	uint64_t id;   /* one number on both nodes of a call */
	uint8_t state; /* enum call_state_shown */
	uint64_t since_wall_s;
	struct show_leg leg[2];
	char rule[SHOW_NAME_MAX]; /* the search rule that placed it */
	char why[SHOW_ALIAS_MAX]; /* when it is ending: the reason */
};
void show_call_put(struct wr *w, const struct show_call *c);
MUST_USE enum err show_call_get(struct rd *body, struct show_call *ret);

struct show_zone {
	char name[SHOW_NAME_MAX], type[32];
	bool is_up, has_link; /* has_link: a zone with connections of its own */
	char transport[8];
	struct addr local, peer; /* of the live connection */
	uint64_t since_wall_s;   /* of its state */
	uint32_t rtt_us, calls;
	char why[SHOW_ALIAS_MAX];  /* when it is down: the reason, and what to do */
	bool has_h323, is_h323_up; /* RAS between the nodes of a traversal zone */
	struct addr h323_peer;
	char h323_why[SHOW_ALIAS_MAX];
};
void show_zone_put(struct wr *w, const struct show_zone *z);
MUST_USE enum err show_zone_get(struct rd *body, struct show_zone *ret);

struct show_binding {
	char aor[SHOW_ALIAS_MAX], contact[256], user_agent[SHOW_NAME_MAX], transport[8],
		auth_user[SHOW_NAME_MAX];
	struct addr peer;
	uint64_t expires_wall_s;
	bool is_nat, has_conn;
};
void show_binding_put(struct wr *w, const struct show_binding *b);
MUST_USE enum err show_binding_get(struct rd *body, struct show_binding *ret);

struct show_alarm {
	char id[16];               /* stable: "ZON-001" */
	char severity[12];         /* "error" or "warning" */
	char cause[192], fix[128]; /* what is the matter, with values; the command that mends it */
	uint64_t since_wall_s;
};
void show_alarm_put(struct wr *w, const struct show_alarm *a);
MUST_USE enum err show_alarm_get(struct rd *body, struct show_alarm *ret);

struct show_process {
	char name[16];
	uint32_t pid, restarts;
	uint64_t since_wall_s;
	char state[16]; /* "running", "starting", "waiting" */
	uint32_t kept;  /* records held for it */
};
void show_process_put(struct wr *w, const struct show_process *p);
MUST_USE enum err show_process_get(struct rd *body, struct show_process *ret);

/* ROW_COUNTERS: a list of names and numbers. */
void show_counter_put(struct wr *w, const char *name, uint64_t value);
bool show_counter_next(struct rd *body, char ret_name[SHOW_NAME_MAX], uint64_t *ret_value);

#endif

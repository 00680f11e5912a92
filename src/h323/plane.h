/* plane.h - what the parts of the H.323 protocol plane share: its objects, by one name each.
 *
 * h323.c makes them and wires them; ras, gatekeeper, legs and H.245 use them. No logic here. Other folders
 * include h323/h323.h, never this. */
#ifndef H323_PLANE_H
#define H323_PLANE_H

#include "call/call.h"
#include "ipc/alarm.h"
#include "ipc/keep.h"

struct gatekeeper;
struct h323_resolver;
struct hconns;
struct legs;
struct pdus;
struct ras;
struct trav;

struct h323 {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	struct alarms *alarms;
	const struct conf *conf;
	struct zones *zones;
	struct call_core *core;
	struct ras *ras;
	struct gatekeeper *gatekeeper;
	struct pdus *pdus;
	struct hconns *conns;
	struct h323_resolver *resolver;
	struct legs *legs;
	struct trav *trav;
	struct leg_ops leg_ops;
	struct registrar_ops registrations; /* of the gatekeeper, for the search */
};

#endif

/* handle.h - names of objects that may be gone: 64 bits = kind 8, slot 24, generation 32.
 *
 * The same value names an object in both processes, in kept records, in rows, in logs and in SIP
 * branch tokens. Zero is none. Whatever crosses a queue, a process or another owner is a handle and
 * is resolved at each use: a stale one is an ordinary "not there", never a use after free. */
#ifndef BASE_HANDLE_H
#define BASE_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

/* One number per kind of object, over all processes, so that a handle tells what it names. */
enum handle_kind {
	HK_NONE,
	HK_CALL,
	HK_LEG,
	HK_CONN,
	HK_TX,
	HK_BINDING,
	HK_ZONE,
	HK_STREAM, /* a call's media line: the flow in media has the same handle */
	HK_LINK,
	HK_TLS,
	HK_ALARM,
	HK_SOCKET,
	HK_PROCESS,
	HK_CTL,
	HK_DNS,
	HK_KEYS, /* key material that outlives a worker */
	HK_FLOW, /* what media makes of a stream */
	HK_PORT, /* a socket of a flow */
	HK_DIALOG,
	HK_ATTEMPT, /* a request on its way out */
	HK_H323_CONN,
	HK_H323_LEG,
	HK_ENDPOINT,  /* registered by H.323 */
	HK_ALIAS,     /* one of its names */
	HK_ADMISSION, /* a call that it was let into */
	HK_RAS,       /* a request of ours by RAS */
	HK_OFFER,     /* a call's first, while it is on its way */
	HK_MAX
};

#define HANDLE_SLOTS_MAX 0x1000000u

static inline uint64_t handle_make(enum handle_kind kind, uint32_t slot, uint32_t generation)
{
	return (uint64_t)kind << 56 | (uint64_t)(slot & 0xffffffu) << 32 | generation;
}

static inline enum handle_kind handle_kind(uint64_t h)
{
	return (h >> 56) < HK_MAX ? (enum handle_kind)(h >> 56) : HK_NONE;
}

static inline uint32_t handle_slot(uint64_t h)
{
	return (uint32_t)(h >> 32) & 0xffffffu;
}

static inline uint32_t handle_generation(uint64_t h)
{
	return (uint32_t)h;
}

/* One wrapper per kind that crosses an interface, so that the compiler rejects a mix-up. */
struct call_h {
	uint64_t v;
};
struct leg_h {
	uint64_t v;
};
struct conn_h {
	uint64_t v;
};
struct tx_h {
	uint64_t v;
};
struct zone_h {
	uint64_t v;
};
struct stream_h {
	uint64_t v;
};

#endif

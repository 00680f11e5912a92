/* proc_net.h - the kernel's lists of sockets against the plan: who uses which row's ports.
 *
 * Reads the texts of /proc/net/udp, udp6, tcp and tcp6, which its caller fetched, and keeps one state
 * per row; nothing is stored per socket, so a busy node costs no more than an idle one. Also the
 * self-check: a socket of ours that no row lists.
 * Pure: it never opens a file, and never believes a line that does not parse whole. */
#ifndef PLAN_PROC_NET_H
#define PLAN_PROC_NET_H

#include "base/addr.h"
#include "plan/plan.h"

struct proc_socket {
	struct addr local, remote; /* IPv4 inside IPv6 is unwrapped */
	bool is_udp;
	bool listens; /* TCP: in state LISTEN; UDP: not connected */
	uint32_t uid;
	uint64_t inode; /* 0: the kernel's alone (TIME_WAIT, half open) */
};

typedef void(proc_socket_h)(void *arg, const struct proc_socket *socket);
/* Calls h for each line. ERR_SYNTAX: some line could not be read; all others were told. */
MUST_USE enum err proc_net_read(struct str text, bool is_udp, proc_socket_h *h, void *arg);

/* Is the inode one of a list of ours, ascending? */
bool proc_net_is_ours(const uint64_t *inodes, size_t n, uint64_t inode);

enum plan_state {
	STATE_OFF,   /* the row's service is not enabled, or this node is no end of it */
	STATE_FREE,  /* nobody uses the ports */
	STATE_BOUND, /* ours */
	STATE_CLASH, /* a program that is not ours holds one of the ports */
	PLAN_STATE_MAX
};

const char *plan_state_name(enum plan_state state); /* "off", "free", "bound", "clash" */

struct plan_use {
	const struct plan *plan;
	const struct addr *own; /* this node's addresses: a foreign socket elsewhere is no clash */
	size_t n_own;
	const uint64_t *inodes; /* sockets of our processes and their children, ascending */
	size_t n_inodes;
	uint8_t rows[PLAN_ROW_MAX]; /* enum plan_state */
	uint8_t sip_links[PLAN_LINKS_MAX], h323_links[PLAN_LINKS_MAX];
};

/* own and inodes are borrowed. */
void plan_use_init(struct plan_use *use, const struct plan *plan, const struct addr *own,
	size_t n_own, const uint64_t *inodes, size_t n_inodes);
/* A proc_socket_h: arg is the struct plan_use. */
void plan_use_add(void *arg, const struct proc_socket *socket);
/* link: of plan_instance_link(). */
enum plan_state plan_use_state(const struct plan_use *use, enum plan_row row, int link);

/* Is this socket the local end of an enabled row? Loopback sockets are never on the wire: always. */
bool plan_lists(const struct plan *p, const struct proc_socket *socket);

#endif

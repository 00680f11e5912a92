/* ports.h - `fosse ports`: the plan of a configuration, with the states that the kernel's lists give.
 *
 * Works with or without a running node: the caller brings the configuration, and the texts of
 * /proc/net and the sockets of our processes as far as it could read them. Pure. */
#ifndef CTL_PORTS_H
#define CTL_PORTS_H

#include "base/scratch.h"
#include "conf/conf.h"
#include "plan/readers.h"

struct ports_options {
	enum plan_format format;
	enum plan_firewall firewall;
	bool is_all;        /* rows of services that are off as well */
	bool is_rules_only; /* rules without the table, chains and policy around them */
	bool is_shared;     /* sysctl for a machine that has other work too */
	struct str table;   /* "": all */
};

/* What runs on the machine; empty texts: nobody looked. */
struct ports_machine {
	struct str udp, udp6, tcp, tcp6; /* of /proc/net */
	const uint64_t *inodes; /* sockets of our processes and their children, ascending */
	size_t n_inodes;
};

/* Addresses of the two nodes and of the servers, as far as they are written as addresses. */
void ports_hosts(const struct conf *c, const struct plan *p, struct plan_hosts *ret_hosts);

/* ERR_NOENT: the document has no such table. ERR_FULL: w or the arena is too small. */
MUST_USE enum err ports_print(const struct conf *c, const struct ports_options *options,
	const struct ports_machine *machine, struct scratch *scratch, struct wr *w);

typedef void(ports_fault_h)(void *arg, struct str sentence);
/* Each row of which another program holds a port, as one sentence. Returns how many. */
size_t ports_clashes(const struct conf *c, const struct ports_machine *machine,
	struct scratch *scratch, ports_fault_h *h, void *arg);
/* The self-check: each socket of ours that no row lists, as one sentence. Returns how many. */
size_t ports_unlisted(
	const struct plan *p, const struct ports_machine *machine, ports_fault_h *h, void *arg);

/* A command line without "ports" itself: `--format F --firewall W --table T --all --rules-only --shared`.
 * ERR_SYNTAX: *ret_wrong is the word that is not understood. */
MUST_USE enum err ports_options_read(const char *const *words, size_t n,
	struct ports_options *ret_options, struct str *ret_wrong);

#endif

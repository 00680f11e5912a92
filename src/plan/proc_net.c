/* proc_net.c - reads the kernel's lists of sockets and matches them with the rows.
 *
 * A line is "N: LOCAL:PORT REMOTE:PORT ST TX:RX TR:WHEN RETR UID TIMEOUT INODE ..."; addresses are hex
 * words of 32 bits in the byte order of the host (proc(5)), ports are hex numbers.
 * It must never fail on a line: what it cannot read is told by the return value and passed over. */
#include "plan/proc_net.h"

#include <string.h>

#define TCP_STATE_LISTEN    10 /* include/net/tcp_states.h */
#define UDP_STATE_CONNECTED 1

/* ---- one line ---- */

static struct str next_word(struct str *line)
{
	*line = str_trim(*line);
	return str_cut(line, ' ');
}

static bool hex_number(struct str text, unsigned max_digits, uint32_t *ret_value)
{
	uint32_t v = 0;

	if (text.len == 0 || text.len > max_digits)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = ascii_lower(text.p[i]);

		if (c >= '0' && c <= '9')
			v = v << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
	}
	*ret_value = v;
	return true;
}

/* Words of 32 bits as the host holds them: copied back, they are bytes in network order again. */
static bool read_host(struct str text, struct addr *ret_addr)
{
	size_t n_words = text.len / 8;

	if (text.len != 8 && text.len != 32)
		return false;
	*ret_addr = (struct addr){.family = n_words == 1 ? AF_V4 : AF_V6};
	for (size_t i = 0; i < n_words; i++) {
		uint32_t word;

		if (!hex_number(str_head(str_skip(text, i * 8), 8), 8, &word))
			return false;
		memcpy(ret_addr->ip + i * 4, &word, 4);
	}
	*ret_addr = addr_unmapped(ret_addr);
	return true;
}

static bool read_end(struct str text, struct addr *ret_addr)
{
	struct str host = str_cut(&text, ':');
	uint32_t port;

	if (!read_host(host, ret_addr) || !hex_number(text, 4, &port))
		return false;
	ret_addr->port = (uint16_t)port;
	return true;
}

static bool read_number(struct str word, uint64_t max, uint64_t *ret_value)
{
	return str_u64(word, max, ret_value) == OK;
}

static bool read_line(struct str line, bool is_udp, struct proc_socket *ret_socket)
{
	struct proc_socket s = {.is_udp = is_udp};
	uint32_t state;
	uint64_t uid;

	if (!str_has_suffix(next_word(&line), STR(":")))
		return false;
	if (!read_end(next_word(&line), &s.local) || !read_end(next_word(&line), &s.remote))
		return false;
	if (!hex_number(next_word(&line), 2, &state))
		return false;
	for (int i = 0; i < 3; i++) /* queues, timer, retransmissions */
		(void)next_word(&line);
	if (!read_number(next_word(&line), UINT32_MAX, &uid))
		return false;
	(void)next_word(&line); /* timeout */
	if (!read_number(next_word(&line), UINT64_MAX, &s.inode))
		return false;
	s.uid = (uint32_t)uid;
	s.listens = is_udp ? state != UDP_STATE_CONNECTED : state == TCP_STATE_LISTEN;
	*ret_socket = s;
	return true;
}

enum err proc_net_read(struct str text, bool is_udp, proc_socket_h *h, void *arg)
{
	enum err err = OK;

	(void)str_cut(&text, '\n'); /* the heads of the columns */
	while (text.len) {
		struct str line = str_cut(&text, '\n');
		struct proc_socket s;

		if (str_trim(line).len == 0)
			continue;
		if (read_line(line, is_udp, &s))
			h(arg, &s);
		else
			err = ERR_SYNTAX;
	}
	return err;
}

/* ---- sockets and rows ---- */

const char *plan_state_name(enum plan_state state)
{
	static const char *const names[PLAN_STATE_MAX] = {"off", "free", "bound", "clash"};

	return names[state];
}

/* Our end of a row: its wire, its ports, and whether it is the side that listens. */
static bool is_at_end(
	const struct plan *p, enum plan_row row, bool is_source, const struct proc_socket *s)
{
	const struct plan_line *line = plan_line(row);
	enum plan_range range = plan_bound_range(is_source ? line->source : line->destination);
	struct ports r = plan_range(p, range);

	if ((line->protocol == PROTO_UDP) != s->is_udp)
		return false;
	if (!is_source && plan_instances(p, row) > 0 &&
		plan_instance_link(p, row, 0) != PLAN_NO_LINK)
		return plan_has_port(p, row, s->local.port);
	return r.low <= s->local.port && s->local.port <= r.high;
}

/* The row lists the socket as one of ours: its source end, or its listening end and what was accepted
 * there. */
static bool is_local_end(const struct plan *p, enum plan_row row, const struct proc_socket *s)
{
	const struct plan_path *path = plan_line(row)->path;

	return (path->from_host == p->node && is_at_end(p, row, true, s)) ||
	       (path->to_host == p->node && is_at_end(p, row, false, s));
}

static bool is_loopback(const struct addr *a)
{
	static const uint8_t v6[16] = {[15] = 1};

	return a->family == AF_V4 ? a->ip[0] == 127 : memcmp(a->ip, v6, sizeof v6) == 0;
}

bool plan_lists(const struct plan *p, const struct proc_socket *socket)
{
	if (is_loopback(&socket->local))
		return true;
	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		if (plan_is_end(p, row) && plan_is_on(p, row) && is_local_end(p, row, socket))
			return true;
	}
	return false;
}

void plan_use_init(struct plan_use *use, const struct plan *plan, const struct addr *own,
	size_t n_own, const uint64_t *inodes, size_t n_inodes)
{
	*use = (struct plan_use){plan, own, n_own, inodes, n_inodes, {0}, {0}, {0}};
	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		if (plan_is_end(plan, row) && plan_is_on(plan, row))
			use->rows[row] = STATE_FREE;
	}
	memset(use->sip_links, STATE_FREE, sizeof use->sip_links);
	memset(use->h323_links, STATE_FREE, sizeof use->h323_links);
}

bool proc_net_is_ours(const uint64_t *inodes, size_t n, uint64_t inode)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (inodes[middle] == inode)
			return true;
		if (inodes[middle] < inode)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static bool is_on_our_address(const struct plan_use *use, const struct addr *a)
{
	bool is_ours_too = addr_is_any(a);

	for (size_t i = 0; i < use->n_own; i++)
		is_ours_too |= addr_same_host(a, &use->own[i]);
	return is_ours_too;
}

/* What the socket says of the row; STATE_FREE: nothing. Everybody may use the ephemeral range, and
 * sshd on its port is the system's. */
static enum plan_state state_by(
	const struct plan_use *use, enum plan_row row, const struct proc_socket *s)
{
	const struct plan_line *line = plan_line(row);
	bool is_source = plan_is_opener(use->plan, row);
	enum plan_range range = plan_bound_range(is_source ? line->source : line->destination);

	if (!is_local_end(use->plan, row, s))
		return STATE_FREE;
	if (proc_net_is_ours(use->inodes, use->n_inodes, s->inode))
		return is_source || s->listens ? STATE_BOUND : STATE_FREE;
	if (!is_on_our_address(use, &s->local) || range == RANGE_EPHEMERAL)
		return STATE_FREE;
	if (line->owner == OWNER_SYSTEM)
		return s->listens ? STATE_BOUND : STATE_FREE;
	return is_source || s->listens ? STATE_CLASH : STATE_FREE;
}

static void raise(uint8_t *state, enum plan_state to)
{
	if (*state < to)
		*state = (uint8_t)to;
}

/* The zones' own states, where this node listens for them. */
static void raise_links(struct plan_use *use, enum plan_row row, enum plan_state to, uint16_t port)
{
	const struct plan *p = use->plan;
	bool is_sip = plan_line(row)->destination == RANGE_SIP_ZONE;

	for (size_t i = 0; !plan_is_opener(p, row) && i < plan_instances(p, row); i++) {
		int link = plan_instance_link(p, row, i);

		if (link != PLAN_NO_LINK && plan_destination(p, row, link).v[0].low == port)
			raise(is_sip ? &use->sip_links[link] : &use->h323_links[link], to);
	}
}

void plan_use_add(void *arg, const struct proc_socket *socket)
{
	struct plan_use *use = arg;

	if (socket->inode == 0)
		return;
	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		enum plan_state to;

		if (use->rows[row] == STATE_OFF)
			continue;
		to = state_by(use, row, socket);
		raise(&use->rows[row], to);
		raise_links(use, row, to, socket->local.port);
	}
}

enum plan_state plan_use_state(const struct plan_use *use, enum plan_row row, int link)
{
	const struct plan_line *line = plan_line(row);

	if (!line || use->rows[row] == STATE_OFF)
		return STATE_OFF;
	if (link == PLAN_NO_LINK || plan_is_opener(use->plan, row))
		return (enum plan_state)use->rows[row];
	return (enum plan_state)(
		line->destination == RANGE_SIP_ZONE ? use->sip_links[link] : use->h323_links[link]);
}

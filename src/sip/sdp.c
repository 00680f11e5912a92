/* sdp.c - session descriptions: index, neutral reading, edits in place. Pure; RFC 8866, 3264, 3605,
 * 4566, 5761, 8843.
 *
 * The index is one pass over the lines; only o=, c=, m= are read at once, attributes are recognised
 * by name and read when asked. Rewriting walks the same lines and adds edits for the values that
 * change. */
#include <inttypes.h>
#include <string.h>

#include "sip/lex.h"
#include "sip/sdes.h"
#include "sip/sdp.h"

/* clang-format off */
static const struct str attrs[SDP_ATTR_MAX] = {
#define A(id, name) [SDP_##id] = {name, sizeof name - 1},
	SDP_ATTR_TABLE
#undef A
};
/* clang-format on */

static enum sdp_attr attr_of(struct str name)
{
	for (int i = SDP_ATTR_OTHER + 1; i < SDP_ATTR_MAX; i++) {
		if (str_eq(name, attrs[i]))
			return (enum sdp_attr)i;
	}
	return SDP_ATTR_OTHER;
}

/* ---- index ---- */

static enum err refuse(struct sdp *s, enum err err, const char *reason)
{
	s->reason = reason;
	return err;
}

struct str sdp_line_text(const struct sdp *s, int line)
{
	return (struct str){s->body.p + s->lines[line].off, s->lines[line].len};
}

/* What stands behind "x=". */
static struct str line_value(const struct sdp *s, int line)
{
	return str_skip(sdp_line_text(s, line), 2);
}

/* m=<media> <port>[/<n>] <proto> <fmt> ... (RFC 8866 section 5.14) */
static enum err read_media(struct sdp *s, int line)
{
	struct sdp_media *media = &s->media[s->n_media];
	struct str rest = line_value(s, line), ports, format;
	uint64_t port, n_ports = 1;

	if (s->n_media == SDP_MEDIA_MAX)
		return refuse(s, ERR_FULL, "too many m-lines");
	*media = (struct sdp_media){.first = (uint16_t)line, .connection = -1};
	media->kind = str_cut(&rest, ' ');
	ports = str_cut(&rest, ' ');
	media->proto = str_cut(&rest, ' ');
	media->formats = rest;
	media->port_text = str_cut(&ports, '/');
	if (!media->kind.len || !media->proto.len ||
		str_u64(media->port_text, UINT16_MAX, &port) != OK)
		return refuse(s, ERR_SYNTAX, "m-line");
	if (ports.len && (str_u64(ports, UINT16_MAX, &n_ports) != OK || !n_ports))
		return refuse(s, ERR_SYNTAX, "m-line");
	media->port = (uint16_t)port;
	media->n_ports = (uint16_t)n_ports;
	while (rest.len) {
		format = str_cut(&rest, ' ');
		media->n_formats = (uint16_t)(media->n_formats + (format.len > 0));
	}
	if (media->n_formats > SDP_FORMATS_MAX)
		return refuse(s, ERR_FULL, "too many formats");
	s->n_media++;
	return OK;
}

/* "IN IP4 192.0.2.1" (RFC 8866 section 5.7); the slices that an edit replaces. */
struct net_addr {
	struct str type_and_addr; /* "IP4 192.0.2.1/127" */
	struct str addr;          /* without /ttl */
	bool is_v6;
};

static enum err net_addr(struct str value, struct net_addr *ret_net)
{
	struct net_addr net = {0};
	struct str rest = value, type;

	if (!str_ieq(str_cut(&rest, ' '), STR("IN")))
		return ERR_SYNTAX;
	net.type_and_addr = lex_trim(rest);
	type = str_cut(&rest, ' ');
	rest = lex_trim(rest);
	net.addr = str_cut(&rest, '/');
	net.is_v6 = str_ieq(type, STR("IP6"));
	if ((!net.is_v6 && !str_ieq(type, STR("IP4"))) || !net.addr.len ||
		str_find(net.addr, ' ') < net.addr.len)
		return ERR_SYNTAX;
	*ret_net = net;
	return OK;
}

/* o=<user> <id> <version> IN <type> <addr> (RFC 8866 section 5.2) */
static enum err origin(struct str value, struct str *ret_version, struct net_addr *ret_net)
{
	struct str rest = value, version;

	(void)str_cut(&rest, ' ');
	(void)str_cut(&rest, ' ');
	version = str_cut(&rest, ' ');
	if (!version.len || net_addr(rest, ret_net) != OK)
		return ERR_SYNTAX;
	*ret_version = version;
	return OK;
}

static enum err read_origin(struct sdp *s, int line)
{
	struct net_addr net;
	struct str version;

	if (s->n_media || s->origin >= 0 || origin(line_value(s, line), &version, &net) != OK)
		return refuse(s, ERR_SYNTAX, "o-line");
	s->origin = line;
	return OK;
}

static enum err read_connection(struct sdp *s, int line)
{
	int *slot = s->n_media ? &s->media[s->n_media - 1].connection : &s->connection;
	struct net_addr net;

	if (net_addr(line_value(s, line), &net) != OK)
		return refuse(s, ERR_SYNTAX, "c-line");
	if (*slot < 0)
		*slot = line;
	return OK;
}

/* Attributes of the part being read. */
struct tally {
	size_t n_attrs, n_candidates;
};

static enum err read_attr(struct sdp *s, struct tally *t, int line)
{
	struct str rest = line_value(s, line);
	enum sdp_attr attr = attr_of(str_cut(&rest, ':'));

	s->lines[line].attr = (uint8_t)attr;
	if (++t->n_attrs > SDP_ATTRS_MAX)
		return refuse(s, ERR_FULL, "too many attributes");
	if (attr == SDP_CANDIDATE && ++t->n_candidates > SDP_CANDIDATES_MAX)
		return refuse(s, ERR_FULL, "too many candidates");
	return OK;
}

static enum err read_line(struct sdp *s, struct tally *t, int line)
{
	enum err err = OK;

	switch (s->lines[line].type) {
	case 'm':
		*t = (struct tally){0};
		err = read_media(s, line);
		break;
	case 'o':
		err = read_origin(s, line);
		break;
	case 'c':
		err = read_connection(s, line);
		break;
	case 'a':
		err = read_attr(s, t, line);
		break;
	default:
		break;
	}
	s->lines[line].media = s->n_media ? (uint8_t)(s->n_media - 1) : SDP_SESSION;
	if (s->n_media)
		s->media[s->n_media - 1].end = (uint16_t)(line + 1);
	return err;
}

/* One line of the text; *at moves behind its end. */
static enum err add_line(struct sdp *s, size_t *at)
{
	struct str rest = str_skip(s->body, *at);
	size_t n = str_find(rest, '\n'), len = n;
	struct sdp_line *line = &s->lines[s->n_lines];

	if (s->n_lines == SDP_LINES_MAX)
		return refuse(s, ERR_FULL, "too many lines");
	if (len && rest.p[len - 1] == '\r')
		len--;
	if (len < 2 || rest.p[1] != '=' || rest.p[0] < 'a' || rest.p[0] > 'z' ||
		!lex_is_line(str_head(rest, len)))
		return refuse(s, ERR_SYNTAX, "no type=value line");
	*line = (struct sdp_line){
		.off = (uint16_t)*at,
		.len = (uint16_t)len,
		/* without a LF a last CR is nobody's: what is added goes before it */
		.eol_len = (uint8_t)(n < rest.len ? n - len + 1 : 0),
		.type = rest.p[0],
	};
	s->n_lines++;
	*at += n + (n < rest.len);
	return OK;
}

enum err sdp_index(struct str body, struct sdp *s)
{
	struct tally tally = {0};
	size_t at = 0, end;
	enum err err = OK;

	s->body = body; /* field by field: the arrays are large and need no zeroes */
	s->origin = s->connection = -1;
	s->n_lines = s->n_media = 0;
	s->reason = NULL;
	if (body.len > SIP_MESSAGE_CEILING)
		return refuse(s, ERR_FULL, "too large");
	for (end = body.len; end && lex_is(body.p[end - 1], LEX_LWS) && body.p[end - 1] != ' ';)
		end--; /* blank lines at the end mean nothing */
	while (err == OK && at < end) {
		err = add_line(s, &at);
		if (err == OK)
			err = read_line(s, &tally, s->n_lines - 1);
	}
	if (err)
		return err;
	if (!s->n_lines || !str_eq(sdp_line_text(s, 0), STR("v=0")))
		return refuse(s, ERR_SYNTAX, "v=0 missing");
	return OK;
}

/* ---- access ---- */

int sdp_attr_next(const struct sdp *s, unsigned media, enum sdp_attr attr, int after)
{
	int end = media == SDP_SESSION ? s->n_lines : s->media[media].end;
	int first = media == SDP_SESSION ? 0 : s->media[media].first;

	for (int i = after < first ? first : after + 1; i < end && s->lines[i].media == media;
		i++) {
		if (s->lines[i].type == 'a' && s->lines[i].attr == attr)
			return i;
	}
	return -1;
}

struct str sdp_attr_value(const struct sdp *s, int line)
{
	struct str value = line_value(s, line);

	(void)str_cut(&value, ':');
	return value;
}

struct str sdp_attr(const struct sdp *s, unsigned media, enum sdp_attr attr, bool *ret_found)
{
	int line = sdp_attr_next(s, media, attr, -1);

	*ret_found = line >= 0;
	return line >= 0 ? sdp_attr_value(s, line) : STR_NONE;
}

static bool has_attr(const struct sdp *s, unsigned media, enum sdp_attr attr)
{
	return sdp_attr_next(s, media, attr, -1) >= 0;
}

/* At the media line or, failing that, for the session. */
static bool has_attr_or_session(const struct sdp *s, unsigned media, enum sdp_attr attr)
{
	return has_attr(s, media, attr) || has_attr(s, SDP_SESSION, attr);
}

/* ---- neutral reading ---- */

static enum media_transport transport_of(const struct sdp *s, unsigned media)
{
	static const struct {
		struct str proto;
		enum media_transport transport;
	} protos[] = {
		{{"RTP/AVP", 7}, MT_RTP},
		{{"RTP/AVPF", 8}, MT_RTP},
		{{"RTP/SAVP", 8}, MT_SRTP},
		{{"RTP/SAVPF", 9}, MT_SRTP},
		{{"UDP/TLS/RTP/SAVP", 16}, MT_DTLS},
		{{"UDP/TLS/RTP/SAVPF", 17}, MT_DTLS},
		{{"udptl", 5}, MT_DATAGRAM},
		{{"udp", 3}, MT_DATAGRAM},
		{{"DTLS/SCTP", 9}, MT_DATAGRAM},
	};
	struct str proto = s->media[media].proto;

	for (size_t i = 0; i < sizeof protos / sizeof protos[0]; i++) {
		if (!str_ieq(proto, protos[i].proto))
			continue;
		/* RFC 5764 before it was numbered: a fingerprint under the old profile */
		if (protos[i].transport == MT_SRTP && !has_attr(s, media, SDP_CRYPTO) &&
			has_attr_or_session(s, media, SDP_FINGERPRINT))
			return MT_DTLS;
		return protos[i].transport;
	}
	/* what is UDP by its name is carried without being understood */
	if (str_ieq(str_head(proto, 4), STR("UDP/")) || str_ieq(str_head(proto, 4), STR("RTP/")))
		return MT_DATAGRAM;
	return MT_UNSUPPORTED;
}

static bool has_slides(const struct sdp *s, unsigned media)
{
	bool found;
	struct str list = sdp_attr(s, media, SDP_CONTENT, &found);

	while (list.len) {
		if (str_ieq(lex_trim(str_cut(&list, ',')), STR("slides")))
			return true;
	}
	return false;
}

static enum media_kind kind_of(const struct sdp *s, unsigned media)
{
	struct str kind = s->media[media].kind;

	if (str_ieq(kind, STR("audio")))
		return MEDIA_AUDIO;
	if (str_ieq(kind, STR("video"))) /* RFC 4796: the second picture */
		return has_slides(s, media) ? MEDIA_CONTENT : MEDIA_VIDEO;
	return str_ieq(kind, STR("application")) ? MEDIA_APPLICATION : MEDIA_OTHER;
}

static bool direction_in(const struct sdp *s, unsigned part, enum media_direction *ret_direction)
{
	static const struct {
		enum sdp_attr attr;
		enum media_direction direction;
	} map[] = {{SDP_SENDRECV, MD_BOTH}, {SDP_SENDONLY, MD_SEND}, {SDP_RECVONLY, MD_RECEIVE},
		{SDP_INACTIVE, MD_INACTIVE}};

	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++) {
		if (has_attr(s, part, map[i].attr)) {
			*ret_direction = map[i].direction;
			return true;
		}
	}
	return false;
}

static enum media_direction direction_of(const struct sdp *s, unsigned media)
{
	enum media_direction direction = MD_BOTH;

	if (!direction_in(s, media, &direction))
		(void)direction_in(s, SDP_SESSION, &direction);
	return direction;
}

/* The address of a c= or a=rtcp; a name gives none. ERR_SYNTAX: neither. */
static enum err addr_of(const struct net_addr *net, struct addr *ret_addr, bool *ret_is_name)
{
	struct addr a;

	if (addr_parse_host(net->addr, &a) == OK) {
		if ((a.family == AF_V6) != net->is_v6)
			return ERR_SYNTAX;
		*ret_addr = addr_unmapped(&a);
		return OK;
	}
	if (!sip_host_is_valid(net->addr, /* is_v6 */ false))
		return ERR_SYNTAX;
	*ret_is_name = true;
	return OK;
}

static enum err connection_of(const struct sdp *s, unsigned media, struct media_line *line)
{
	int at = s->media[media].connection >= 0 ? s->media[media].connection : s->connection;
	struct net_addr net;

	if (at < 0)
		return line->is_refused ? OK : ERR_SYNTAX;
	if (net_addr(line_value(s, at), &net) != OK)
		return ERR_SYNTAX;
	return addr_of(&net, &line->rtp, &line->is_host_name);
}

/* RFC 3605: a=rtcp:<port> [IN IP4 <addr>] */
static enum err rtcp_value(struct str value, struct str *ret_port, uint16_t *ret_number,
	struct net_addr *ret_net, bool *ret_has_addr)
{
	struct str rest = value, port = str_cut(&rest, ' ');
	uint64_t number;

	if (str_u64(port, UINT16_MAX, &number) != OK)
		return ERR_SYNTAX;
	*ret_port = port;
	*ret_number = (uint16_t)number;
	*ret_has_addr = rest.len > 0;
	return rest.len ? net_addr(rest, ret_net) : OK;
}

static enum err rtcp_of(const struct sdp *s, unsigned media, struct media_line *line)
{
	bool has_line, has_addr, is_name = false;
	struct str value = sdp_attr(s, media, SDP_RTCP, &has_line), port_text;
	struct net_addr net;
	uint16_t port;

	line->rtcp = addr_with_port(&line->rtp, (uint16_t)(line->rtp.port + 1));
	if (line->has_rtcp_mux)
		line->rtcp = line->rtp;
	if (!has_line || line->has_rtcp_mux)
		return OK;
	if (rtcp_value(value, &port_text, &port, &net, &has_addr) != OK)
		return ERR_SYNTAX;
	if (has_addr && addr_of(&net, &line->rtcp, &is_name) != OK)
		return ERR_SYNTAX;
	line->rtcp.port = port;
	return OK;
}

static void payload_types(struct str formats, struct media_line *line)
{
	uint64_t type;

	while (formats.len) {
		if (str_u64(str_cut(&formats, ' '), 127, &type) == OK)
			line->payload_types[type / 64] |= UINT64_C(1) << (type % 64);
	}
}

/* RFC 4568. A line that is malformed is as one that is not there: the far side answers to it. */
static void crypto_of(const struct sdp *s, unsigned media, struct media_desc *d)
{
	struct media_line *line = &d->lines[media];

	for (int i = sdp_attr_next(s, media, SDP_CRYPTO, -1); i >= 0;
		i = sdp_attr_next(s, media, SDP_CRYPTO, i)) {
		struct srtp_key keys[SRTP_KEYS_MAX];
		uint32_t tag;
		uint8_t n;

		if (sdes_read(sdp_attr_value(s, i), &tag, keys, &n) != OK)
			continue;
		if (!line->has_crypto)
			line->crypto_tag = tag;
		line->has_crypto = true;
		for (uint8_t k = 0; k < n && d->n_keys < MEDIA_KEYS_MAX; k++)
			d->keys[d->n_keys++] = (struct media_key){(uint8_t)media, keys[k]};
		explicit_bzero(keys, sizeof keys);
	}
}

static bool is_rtp(enum media_transport transport)
{
	return transport == MT_RTP || transport == MT_SRTP || transport == MT_DTLS;
}

static enum err describe_line(const struct sdp *s, unsigned media, struct media_line *line)
{
	enum err err;

	line->kind = kind_of(s, media);
	line->transport = transport_of(s, media);
	line->direction = direction_of(s, media);
	/* RFC 8843 section 6: port 0 with bundle-only asks for the bundle's transport */
	line->is_refused = !s->media[media].port && !has_attr(s, media, SDP_BUNDLE_ONLY);
	line->has_rtcp = is_rtp(line->transport);
	line->has_rtcp_mux = line->has_rtcp && has_attr(s, media, SDP_RTCP_MUX);
	err = connection_of(s, media, line);
	if (err)
		return err;
	line->rtp.port = s->media[media].port;
	if (line->rtp.family && addr_is_any(&line->rtp)) /* hold of RFC 2543 */
		line->direction &= MD_SEND;
	if (!line->has_rtcp)
		return OK;
	payload_types(s->media[media].formats, line);
	return rtcp_of(s, media, line);
}

enum err sdp_describe(const struct sdp *s, struct media_desc *ret_desc)
{
	struct media_desc d = {.n = s->n_media};

	for (unsigned i = 0; i < s->n_media; i++) {
		enum err err = describe_line(s, i, &d.lines[i]);

		if (err)
			return err;
		if (is_rtp(d.lines[i].transport))
			crypto_of(s, i, &d);
	}
	*ret_desc = d;
	explicit_bzero(d.keys, sizeof d.keys);
	return OK;
}

/* ---- edits ---- */

/* A rewriting in progress. */
struct rewrite {
	struct sip_edit *e;
	const struct sdp *s;
	const struct sdp_plan *plan;
	struct addr session; /* new address of the session's c=; family none: unchanged */
};

static struct str addr_text(struct sip_edit *e, const struct addr *a)
{
	char host[ADDR_TEXT_SIZE];

	return sip_edit_text(
		e, "%s %s", a->family == AF_V6 ? "IP6" : "IP4", addr_put_host(a, host));
}

static const char *line_end(const struct sdp *s, int line)
{
	const struct sdp_line *l = &s->lines[line];

	return s->body.p + l->off + l->len + l->eol_len;
}

static void cut_line(struct sip_edit *e, const struct sdp *s, int line)
{
	const struct sdp_line *l = &s->lines[line];

	sip_edit_body_cut(e, str_between(s->body.p + l->off, line_end(s, line)));
}

void sdp_cut_attr(struct sip_edit *e, const struct sdp *s, unsigned media, enum sdp_attr attr)
{
	for (int i = sdp_attr_next(s, media, attr, -1); i >= 0;
		i = sdp_attr_next(s, media, attr, i))
		cut_line(e, s, i);
}

void sdp_set_proto(struct sip_edit *e, const struct sdp *s, unsigned media, struct str proto)
{
	sip_edit_replace(e, s->media[media].proto, proto);
}

/* The last line of a media block or of the session part. */
static int last_line(const struct sdp *s, unsigned media)
{
	if (media == SDP_SESSION)
		return (s->n_media ? s->media[0].first : s->n_lines) - 1;
	return s->media[media].end - 1;
}

void sdp_add_attr(struct sip_edit *e, const struct sdp *s, unsigned media, struct str text)
{
	sip_edit_body_line(
		e, line_end(s, last_line(s, media)), sip_edit_text(e, "a=" STR_FMT, STR_ARG(text)));
}

static enum err rewrite_origin(struct rewrite *r)
{
	const struct sdp_plan *plan = r->plan;
	struct net_addr net;
	struct str version;
	uint64_t number;

	if (r->s->origin < 0)
		return OK;
	if (origin(line_value(r->s, r->s->origin), &version, &net) != OK)
		return ERR_SYNTAX;
	if (plan->version_offset) {
		if (str_u64(version, UINT64_MAX - plan->version_offset, &number) != OK)
			return ERR_RANGE;
		sip_edit_replace(r->e, version,
			sip_edit_text(r->e, "%" PRIu64, number + plan->version_offset));
	}
	if (plan->origin.family)
		sip_edit_replace(r->e, net.type_and_addr, addr_text(r->e, &plan->origin));
	return OK;
}

static bool is_hold(const struct sdp *s, int line)
{
	struct net_addr net;

	return line >= 0 && net_addr(line_value(s, line), &net) == OK &&
	       str_eq(net.addr, STR("0.0.0.0"));
}

/* c= of a line: 0.0.0.0 stays, it means hold (RFC 2543). */
static void rewrite_connection(struct rewrite *r, int line, const struct addr *a)
{
	struct net_addr net;

	if (a->family && !is_hold(r->s, line) && net_addr(line_value(r->s, line), &net) == OK)
		sip_edit_replace(r->e, net.type_and_addr, addr_text(r->e, a));
}

/* What the line's c= becomes. A refused line has no address of its own, yet must not keep the old
 * one: it may be an inner one. */
static const struct addr *addr_for(const struct rewrite *r, unsigned media)
{
	const struct sdp_line_plan *line = &r->plan->lines[media];

	if (line->rtp.family && !line->is_refused)
		return &line->rtp;
	return &r->plan->origin;
}

static void choose_session(struct rewrite *r)
{
	r->session = r->plan->origin;
	for (unsigned i = r->plan->n; i-- > 0;) {
		if (r->plan->lines[i].rtp.family && !r->plan->lines[i].is_refused)
			r->session = r->plan->lines[i].rtp;
	}
}

/* A media line without a c= of its own needs one where the session's does not fit. */
static void add_connection(struct rewrite *r, unsigned media)
{
	const struct sdp *s = r->s;
	const struct sdp_line_plan *line = &r->plan->lines[media];
	int at = s->media[media].first;
	struct str text;

	if (!line->rtp.family || line->is_refused || is_hold(s, s->connection))
		return;
	if (s->connection >= 0 && addr_same_host(&line->rtp, &r->session))
		return;
	while (at + 1 < s->media[media].end && s->lines[at + 1].type == 'i')
		at++; /* RFC 8866 section 9: i= stands before c= */
	text = addr_text(r->e, &line->rtp);
	sip_edit_body_line(
		r->e, line_end(s, at), sip_edit_text(r->e, "c=IN " STR_FMT, STR_ARG(text)));
}

/* RFC 3605: one line at most; repeats and what cannot be read go, they may name an inner address.
 * */
static bool rewrite_rtcp_line(struct rewrite *r, int at, const struct addr *rtp, uint16_t port)
{
	struct net_addr net;
	struct str port_text;
	uint16_t old;
	bool has_addr;

	if (rtcp_value(sdp_attr_value(r->s, at), &port_text, &old, &net, &has_addr) != OK) {
		cut_line(r->e, r->s, at);
		return false;
	}
	sip_edit_replace(r->e, port_text, sip_edit_text(r->e, "%u", port));
	if (has_addr)
		sip_edit_replace(r->e, net.type_and_addr, addr_text(r->e, rtp));
	return true;
}

static void rewrite_rtcp(struct rewrite *r, unsigned media)
{
	const struct sdp_line_plan *line = &r->plan->lines[media];
	uint16_t next = (uint16_t)(line->rtp.port + 1);
	uint16_t port = line->rtcp_port ? line->rtcp_port : next;
	bool is_said = false;

	if (line->is_refused) {
		sdp_cut_attr(r->e, r->s, media, SDP_RTCP);
		return;
	}
	if (!line->rtp.family)
		return;
	for (int i = sdp_attr_next(r->s, media, SDP_RTCP, -1); i >= 0;
		i = sdp_attr_next(r->s, media, SDP_RTCP, i)) {
		if (is_said)
			cut_line(r->e, r->s, i);
		else
			is_said = rewrite_rtcp_line(r, i, &line->rtp, port);
	}
	if (!is_said && port != line->rtp.port && port != next)
		sdp_add_attr(r->e, r->s, media, sip_edit_text(r->e, "rtcp:%u", port));
}

static void rewrite_media(struct rewrite *r, unsigned media)
{
	const struct sdp_media *m = &r->s->media[media];
	const struct sdp_line_plan *line = &r->plan->lines[media];

	if (line->is_refused && m->port)
		sip_edit_replace(r->e, m->port_text, STR("0"));
	else if (line->rtp.family && !line->is_refused)
		sip_edit_replace(r->e, m->port_text, sip_edit_text(r->e, "%u", line->rtp.port));
	if (m->connection < 0)
		add_connection(r, media);
	for (int i = m->first; i < m->end; i++) {
		if (r->s->lines[i].type == 'c')
			rewrite_connection(r, i, addr_for(r, media));
	}
	rewrite_rtcp(r, media);
}

static bool is_ice(enum sdp_attr attr)
{
	return attr == SDP_CANDIDATE || attr == SDP_ICE_UFRAG || attr == SDP_ICE_PWD ||
	       attr == SDP_ICE_OPTIONS || attr == SDP_ICE_LITE || attr == SDP_ICE_MISMATCH ||
	       attr == SDP_ICE_PACING || attr == SDP_REMOTE_CANDIDATES ||
	       attr == SDP_END_OF_CANDIDATES;
}

static bool is_bundle(const struct sdp *s, int line)
{
	struct str value = sdp_attr_value(s, line);
	enum sdp_attr attr = (enum sdp_attr)s->lines[line].attr;

	return attr == SDP_BUNDLE_ONLY ||
	       (attr == SDP_GROUP && str_eq(str_cut(&value, ' '), STR("BUNDLE")));
}

static void cut_attrs(struct rewrite *r)
{
	for (int i = 0; i < r->s->n_lines; i++) {
		enum sdp_attr attr = (enum sdp_attr)r->s->lines[i].attr;

		if (r->s->lines[i].type != 'a')
			continue;
		if ((r->plan->cut_ice && is_ice(attr)) ||
			(r->plan->cut_bundle && is_bundle(r->s, i)) ||
			(r->plan->cut_crypto && attr == SDP_CRYPTO))
			cut_line(r->e, r->s, i);
	}
}

enum err sdp_rewrite(struct sip_edit *e, const struct sdp *s, const struct sdp_plan *plan)
{
	struct rewrite r = {.e = e, .s = s, .plan = plan};
	enum err err;

	if (plan->n != s->n_media)
		return ERR_WRONG_STATE;
	choose_session(&r);
	err = rewrite_origin(&r);
	if (err)
		return err;
	for (int i = 0; i < s->n_lines && s->lines[i].media == SDP_SESSION; i++) {
		if (s->lines[i].type == 'c')
			rewrite_connection(&r, i, &r.session);
	}
	cut_attrs(&r); /* before the rest: neighbouring cuts join while nothing stands between */
	for (unsigned i = 0; i < s->n_media; i++)
		rewrite_media(&r, i);
	return OK;
}

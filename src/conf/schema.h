/* schema.h - the table of all options: one line each, many readers.
 *
 * A row gives an option's path, kind, place in struct conf, bounds, default, words, who may set it, how
 * a change takes effect, the name an Expressway administrator knows, and one line of help. Rows stand
 * in tree order: the rows below "sip." or "zones[]." are neighbours, so a section is a range of rows. */
#ifndef CONF_SCHEMA_H
#define CONF_SCHEMA_H

#include "conf/conf.h"

enum opt_kind {
	K_LIST,     /* of objects; the following rows describe one */
	K_BOOL,     /* bool */
	K_INT,      /* uint32_t */
	K_MS,       /* uint32_t, milliseconds: "45s" */
	K_S,        /* uint32_t, seconds: "30d" */
	K_SIZE,     /* uint32_t, bytes: "256KiB" */
	K_KBPS,     /* uint32_t, kbit/s: "384k" */
	K_RATE,     /* struct conf_rate: "200/10s" */
	K_ENUM,     /* an enum or uint32_t: position in words */
	K_STR,      /* char[]: printable text */
	K_NAME,     /* char[]: letters, digits, ".", "_", "-" */
	K_HOST,     /* char[]: a host name or an address */
	K_REGEX,    /* char[]: a pattern; a regular expression where the row beside it says so */
	K_SECRET,   /* char[]: never shown; "file:NAME" is read from there */
	K_ADDR,     /* struct addr, port 0 */
	K_PREFIX,   /* struct prefix */
	K_PORT,     /* uint16_t */
	K_PORT_ONE, /* struct ports of one port */
	K_PORTS,    /* struct ports */
	K_HEX,      /* uint8_t[] */
	K_REF,      /* enum conf_ref: a word of words, or the name of a zone */
	K_VERSION,  /* uint32_t: the schema's version */
	K_MAX
};

enum opt_flag {
	OPT_REQUIRED = 1,
	OPT_KEYED = 2, /* a list written as a map: each key is the element's name */
	OPT_LATER = 4, /* nothing reads it yet: a warning where it is set, or its file is missing */
	OPT_EMPTY = 8, /* "" is allowed and means: not set */
	OPT_CONTROL = 16,
	OPT_EDGE = 32,   /* who may set it; neither: both */
	OPT_STRICT = 64, /* beside OPT_LATER, of what promises protection: setting it is an error */
};

/* Which zone types a row of zones[] is for; 0: all. */
enum opt_zone { Z_CLIENT = 1, Z_SERVER = 2, Z_NEIGHBOR = 4, Z_DNS = 8 };

struct opt {
	const char *path;
	enum opt_kind kind;
	uint32_t off;        /* in struct conf, or in the element of the innermost list */
	uint32_t size;       /* of one value, or of one element */
	uint32_t n_off, max; /* a list: where its count is, its capacity; max 0: one value */
	int64_t low,
		high;    /* inclusive, in the unit of the kind; of a list of objects: its length */
	const char *def; /* NULL: zero, or from the plan's range, or derived in check.c */
	const char *def_edge;  /* NULL: the same */
	const char *words;     /* "off|on" */
	enum plan_range range; /* default (and place in the plan) of a port */
	unsigned flags, types;
	unsigned
		readers; /* bits 1 << OWNER_...: the processes that get it; 0: all, of a secret none */
	enum conf_class class;
	const char *known_as, *help;
};

/* Rows [first, end) below one node of the tree; prefix_len: length of their common path. */
struct opt_range {
	uint32_t first, end, prefix_len;
};

#define SCHEMA_VERSION 1

extern const struct opt schema[];
uint32_t schema_n(void);
struct opt_range schema_root(void);

/* One child of a range: a row itself, or a section of several rows. */
struct opt_child {
	struct str key;
	const struct opt *row;  /* NULL: a section */
	struct opt_range below; /* of a section, of a list's elements; empty for values */
	uint32_t next;          /* first row after it: where the next child begins */
};
/* at: first row of the child. False at the end of the range. */
bool schema_child(struct opt_range r, uint32_t at, struct opt_child *ret_child);
bool schema_find(struct opt_range r, struct str key, struct opt_child *ret_child);

bool opt_is_for(const struct opt *o, enum conf_role role);
struct str opt_default(const struct opt *o, enum conf_role role); /* empty slice: none */
struct str opt_path(const struct opt *o);
/* The i-th word; empty past the last. */
struct str opt_word(const struct opt *o, uint32_t i);
uint32_t opt_n_words(const struct opt *o);

/* A list's count, and its elements. */
uint32_t opt_count(const struct opt *o, const void *base);
void opt_set_count(const struct opt *o, void *base, uint32_t n);
void *opt_at(const struct opt *o, void *base, uint32_t i);
const void *opt_at_const(const struct opt *o, const void *base, uint32_t i);

/* Hash over schema and sizes: two builds with one value have the same struct conf. */
uint64_t schema_layout(void);

#endif

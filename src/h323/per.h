/* per.h - aligned PER (X.691 ALIGNED BASIC): octets to a tree of nodes and back, by const tables.
 *
 * One interpreter; what a type looks like is data (schema.c). Pure: no socket, no clock, no malloc. The
 * tree lives in memory that the caller lends, 64 KiB, and its slices point into the message that was
 * read, which must outlive it. What a table does not know is kept and written again in its place: unknown
 * additions, unknown alternatives, the length of an extension bitmap, octets behind a value. A tree that
 * nobody changed is written as the octets that came.
 *
 * It never knows what a message means. Nodes are named by their index in the tree, 0 being the root;
 * PER_NONE says that there is none, and every function takes PER_NONE and answers with it, so that a path
 * is walked without a check at each step. */
#ifndef H323_PER_H
#define H323_PER_H

#include "base/rd.h"

enum per_kind {
	PER_NULL,
	PER_BOOLEAN,
	PER_INTEGER,
	PER_ENUMERATED,
	PER_OCTETS,
	PER_BITS,
	PER_OID,
	PER_CHARS,   /* known-multiplier strings: IA5, Printable, Numeric, BMP */
	PER_GENERAL, /* GeneralString: octets with a length */
	PER_OPEN,    /* an open type that holds a value of a known type */
	PER_LIST,    /* SEQUENCE OF, SET OF: in the order received */
	PER_SEQUENCE,
	PER_CHOICE
};

enum {
	PER_EXTENSIBLE = 1, /* there is a "..." */
	PER_RANGE = 2,      /* INTEGER: lo..hi */
	PER_MIN = 4,        /* INTEGER: lo..MAX */
	PER_SIZE = 8        /* SIZE (lo..hi) */
};

struct per_type {
	uint8_t kind; /* enum per_kind */
	uint8_t flags;
	int64_t lo, hi;
	uint16_t first; /* its first field; PER_LIST, PER_OPEN: the type of what is inside */
	uint8_t n_root; /* SEQUENCE, CHOICE: fields before "..."; ENUMERATED: values; CHARS: bits each */
	uint8_t n_add;      /* fields behind "..." */
	uint8_t n_optional; /* SEQUENCE: optional ones among the root */
	uint8_t alphabet;   /* CHARS: index of its alphabet; 0: codes are sent as they are */
};

struct per_field {
	uint16_t type;
	uint16_t name; /* offset in the names */
	uint8_t optional;
};

struct per_schema {
	const struct per_type *types;
	const struct per_field *fields;
	const char *names;
	const char *const *alphabets; /* each sorted by code */
	uint16_t n_types;
};

#define PER_TREE_SIZE  (64u * 1024) /* memory of one tree */
#define PER_NODES_MAX  2048         /* of 24 octets each; the rest of the memory is for octets */
#define PER_DEPTH_MAX  32
#define PER_BITMAP_MAX 64  /* bits of an extension bitmap */
#define PER_LIST_MAX   256 /* elements, unless the type says less */
#define PER_NONE       UINT16_MAX

enum {
	PER_IS_UNKNOWN = 1, /* an addition or alternative that the table lacks: its octets */
	PER_IS_TAIL = 2,    /* octets behind the value of an open type or of the message */
	PER_IS_LONG = 4     /* INTEGER beyond 64 bits: its octets */
};

struct per_node {
	uint16_t type;  /* index in the schema */
	uint16_t field; /* of its parent, root and additions counted on; the list's element: 0 */
	uint16_t next;  /* sibling, PER_NONE: the last; kept in the order of the fields */
	uint8_t flags;
	uint8_t bitmap; /* SEQUENCE: bits of its extension bitmap, 0: not extended; CHOICE: unused */
	uint32_t
		len; /* octets of a string; bits of PER_BITS; characters are octets, BMP two each */
	union {
		int64_t num;      /* BOOLEAN, INTEGER, ENUMERATED */
		const uint8_t *p; /* strings and what is unknown */
		uint16_t first;   /* SEQUENCE, CHOICE, LIST, OPEN: the first child */
	};
};

struct per_tree {
	const struct per_schema *schema;
	struct str in; /* what it was read from; empty for one that was made */
	struct per_node *nodes;
	uint8_t *octets; /* what is not a slice of the input */
	uint32_t n_octets, max_octets;
	uint16_t n_nodes;
	bool is_changed;
	uint32_t bad_bit; /* where reading failed */
	uint8_t n_where;  /* the path to there, innermost first, as fields of the schema */
	uint16_t where[PER_DEPTH_MAX];
};

/* An empty tree in memory of PER_TREE_SIZE octets, aligned to 8. */
struct per_tree per_tree_of(const struct per_schema *schema, void *memory);

/* Reads a whole message of the type. ERR_SHORT, ERR_SYNTAX, ERR_RANGE (a value out of its range), ERR_FULL
 * (a limit above). After an error only per_where may be asked. */
MUST_USE enum err per_read(struct per_tree *t, uint16_t type, struct str in);
/* "setup.fastStart: bit 310"; always terminated. */
void per_where(const struct per_tree *t, char *ret_text, size_t size);

/* The message again: the octets received if nothing was changed. ERR_FULL: the buffer or a limit is too
 * small; ERR_RANGE: a value was set that its type cannot hold; ERR_WRONG_STATE: a mandatory field is missing. */
MUST_USE enum err per_write(const struct per_tree *t, struct wr *w);
/* The same, made anew from the nodes. */
MUST_USE enum err per_write_anew(const struct per_tree *t, struct wr *w);

/* The canonical text: SEQUENCE {"field":..} in the order of the module, CHOICE {"alternative":..}, octets in
 * hex, BIT STRING "b0101", OID dotted, no blanks. Unknown additions do not show, an unknown alternative
 * is {"?":hex}. ERR_FULL. */
MUST_USE enum err per_text(const struct per_tree *t, uint16_t node, struct wr *w);
/* One value equals another of the same schema, what is unknown included. */
bool per_same(const struct per_tree *a, uint16_t at, const struct per_tree *b, uint16_t bt);

/* ---- looking ---- */
uint16_t per_field(
	const struct per_tree *t, uint16_t node, uint16_t field); /* of a SEQUENCE or CHOICE */
/* Along fields from a node to the end of the path (PER_END). An open type is passed through. */
#define PER_END       UINT16_MAX
#define PER_PATH(...) ((const uint16_t[]){__VA_ARGS__, PER_END})
uint16_t per_get(const struct per_tree *t, uint16_t node, const uint16_t *path);
uint16_t per_choice(
	const struct per_tree *t, uint16_t node); /* the field chosen; PER_NONE: unknown too */
uint16_t per_first(const struct per_tree *t, uint16_t node); /* the first child of any kind */
uint16_t per_next(const struct per_tree *t, uint16_t node);
uint16_t per_count(const struct per_tree *t, uint16_t node);
struct str per_str(const struct per_tree *t, uint16_t node); /* octets of a string; empty if none */
int64_t per_num(const struct per_tree *t, uint16_t node, int64_t absent);

/* ---- changing: what is given must outlive the tree. PER_NONE: the tree is full, or node was PER_NONE. ---- */
uint16_t per_root(
	struct per_tree *t, uint16_t type); /* the root of a message that is made; first of all */
/* The field of a SEQUENCE, new and empty, or the alternative of a CHOICE; takes the place of what was there. */
uint16_t per_put(struct per_tree *t, uint16_t node, uint16_t field);
/* All along a path: fields that are there stay, those that are missing are made. */
uint16_t per_make(struct per_tree *t, uint16_t node, const uint16_t *path);
uint16_t per_append(struct per_tree *t, uint16_t list);
void per_remove(struct per_tree *t, uint16_t node, uint16_t field);
/* The element of a list. */
void per_remove_element(struct per_tree *t, uint16_t list, uint16_t element);
void per_set_num(struct per_tree *t, uint16_t node, int64_t num);
void per_set_str(struct per_tree *t, uint16_t node, struct str octets);
void per_set_bits(struct per_tree *t, uint16_t node, struct str octets, uint32_t n_bits);
/* Octets of the tree's own memory, for what has no other home; NULL when it is full. */
uint8_t *per_take(struct per_tree *t, size_t len);
/* Copies a value of the same type, of another tree or of this one, onto a node that was put or appended. */
MUST_USE enum err per_copy(
	struct per_tree *t, uint16_t node, const struct per_tree *from, uint16_t from_node);

#endif

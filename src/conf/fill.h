/* fill.h - the walk that brings a tree of nodes into struct conf, by the schema. */
#ifndef CONF_FILL_H
#define CONF_FILL_H

#include "conf/report.h"
#include "conf/tree.h"
#include "conf/value.h"

/* What all parts of one reading share. */
struct reading {
	const struct conf_input *in;
	struct tree tree;
	struct conf *c;
	struct report report;
	enum conf_role role;
	bool is_role_known;      /* false: nothing is refused for the sake of the role */
	bool is_zone_list_whole; /* false: a zone has no valid name; references are not judged */
	bool warned_of_secret;
};

/* Every option gets its value or its default; errors go to the report. */
void fill_conf(struct reading *r);

/* One message. node: where; it is marked as bad unless the message is a warning. */
void reading_error(struct reading *r, uint32_t node, struct str text);
void reading_warning(struct reading *r, uint32_t node, struct str text);

#endif

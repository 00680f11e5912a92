/* show.h - the commands that show a running node. */
#ifndef CTL_SHOW_H
#define CTL_SHOW_H

#include "ctl/json.h"
#include "ctl/mirror.h"

/* Opens the mirror, waits, prints, prints again with --watch. h: writes one whole picture to cli->out;
 * its status is the command's, and --wait waits until it is CLI_OK. */
typedef enum cli_exit(show_h)(struct cli *cli, const struct mirror *m);
enum cli_exit show_run(struct cli *cli, show_h *h);

/* {"object":NAME,"version":1 ... the caller goes on. */
void show_begin(struct js *js, const char *object);
void show_end(struct js *js);
/* "3 s", "12 min", "5 h", "9 d" since a wall clock second; "-" for 0. */
const char *show_age(const struct cli *cli, uint64_t since_s, char buf[16]);
/* "-" for "". */
const char *show_text(const char *text);
/* Writes the table and forgets it; none: one line that there is nothing. */
struct table;
void show_table(struct cli *cli, struct table *t, const char *none);

#endif

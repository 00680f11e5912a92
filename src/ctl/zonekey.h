/* zonekey.h - this node's zone key, and the files of its pairings. */
#ifndef CTL_ZONEKEY_H
#define CTL_ZONEKEY_H

#include "conf/conf.h"
#include "ctl/cli.h"

/* Reads etc/fosse/keys/zone.pem below root, or makes it: name is the node's. The PEM lives until the
 * command ends. Failures are said. */
enum cli_exit zonekey_get(
	const struct cli *cli, const char *name, struct str *ret_pem, uint8_t ret_spki[32]);

/* The file of a pairing; CLI_OK and a zeroed one when there is none. Failures are said. */
enum cli_exit pairing_read(
	const struct cli *cli, const char *name, struct conf_pairing *ret_pairing);
/* Written by the node if it runs, which then uses it at once; else into its file. NULL: removed. */
enum cli_exit pairing_store(struct cli *cli, const char *name, const struct conf_pairing *p);
/* May it be a pairing's name? It becomes a file's. Says so if not. */
bool pairing_is_name(const struct cli *cli, const char *name);

#endif

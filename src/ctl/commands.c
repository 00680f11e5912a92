/* commands.c - the table of commands and their options; help, manual page and completion print it. */
#include "ctl/apply.h"
#include "ctl/calls.h"
#include "ctl/config.h"
#include "ctl/help.h"
#include "ctl/init.h"
#include "ctl/joining.h"
#include "ctl/live.h"
#include "ctl/pairings.h"
#include "ctl/status.h"

/* clang-format off */
const struct option global_options[] = {
	{ "--root",     "DIR",     NULL, false, "the node whose files and socket are below DIR" },
	{ "-c",         "FILE",    NULL, false, "this configuration instead of ROOT/etc/fosse/fosse.yaml" },
	{ "--json",     NULL,      NULL, false, "objects for programs, one to a line" },
	{ "--watch",    "SECONDS", NULL, true,  "print again every SECONDS (2) until interrupted" },
	{ "--timeout",  "SECONDS", NULL, false, "how long to wait for the node (5)" },
	{ "--quiet",    NULL,      NULL, false, "results and errors alone" },
	{ "--no-color", NULL,      NULL, false, "no colours; so does the variable NO_COLOR" },
	{ "--help",     NULL,      NULL, false, "help, of a command if one is named" },
	{ "--version",  NULL,      NULL, false, "the version" },
	{ NULL, NULL, NULL, false, NULL }
};

static const struct option ports_options[] = {
	{ "--table",      "TABLE",    NULL, false, "this table of the plan alone" },
	{ "--all",        NULL,       NULL, false, "also rows of services that are off" },
	{ "--format",     "FORMAT",   "text|md|json|csv|nft|iptables|cisco-asa|sysctl", false, "one of" },
	{ "--firewall",   "FIREWALL", "inside|outside|host", false, "whose rules" },
	{ "--rules-only", NULL,       NULL, false, "rules without the table and policy around them" },
	{ "--shared",     NULL,       NULL, false, "sysctl for a machine that has other work too" },
	{ "--live",       NULL,       NULL, false, "fail if a foreign program holds a port of the plan, or we one outside it" },
	{ NULL, NULL, NULL, false, NULL }
};

static const struct option wait_options[] = {
	{ "--wait", "SECONDS", NULL, false, "wait until all is well, at most SECONDS" },
	{ NULL, NULL, NULL, false, NULL }
};

static const struct option get_options[] = {
	{ "--effective", NULL, NULL, false, "also what has its default" },
	{ NULL, NULL, NULL, false, NULL }
};

static const struct option apply_options[] = {
	{ "--dry-run", NULL, NULL, false, "let the node check the file, and change nothing" },
	{ NULL, NULL, NULL, false, NULL }
};

static const struct option init_options[] = {
	{ "--answers", "FILE",  NULL, false, "lines \"key: value\" instead of questions" },
	{ "--join",    "TOKEN", NULL, false, "Control: join the Edge that printed TOKEN" },
	{ "--force",   NULL,    NULL, false, "replace a configuration that is there" },
	{ NULL, NULL, NULL, false, NULL }
};

const struct command commands[] = {
	{ "init", "edge|control", 1, 1, init_options, SCOPE_FILES, "makes this machine a node",
	  "Asks for what only a person knows, writes the configuration and the key of the traversal zone,\n"
	  "and pairs: Edge prints a token, Control joins with it. Keys of --answers: name, inside, outside,\n"
	  "nat, domain, dns, pairing, edge, documentation.", cmd_init },
	{ "pair", "", 0, 0, NULL, SCOPE_FILES, "tokens and pairings", "", NULL },
	{ "pair new", "NAME", 1, 1, NULL, SCOPE_FILES, "Edge: a token for the zone with pairing NAME",
	  "Valid for 24 hours and one use. It is worthless afterwards; until then, carry it as a password.",
	  cmd_pair_new },
	{ "pair join", "NAME TOKEN", 2, 2, NULL, SCOPE_FILES, "Control: joins with a token, for pairing NAME",
	  "Runs over the traversal zone's port. Exit status 75: Edge does not answer, or is busy.",
	  cmd_pair_join },
	{ "pair list", "", 0, 0, NULL, SCOPE_FILES, "pairings, and tokens that wait", "", cmd_pair_list },
	{ "pair revoke", "NAME", 1, 1, NULL, SCOPE_FILES, "ends a pairing, or a token that waits",
	  "", cmd_pair_revoke },
	{ "pair key", "", 0, 0, NULL, SCOPE_FILES, "the fingerprint of this node's zone key",
	  "SHA-256 of its SubjectPublicKeyInfo, which the other node pins. The key is made if there is none.",
	  cmd_pair_key },
	{ "validate", "", 0, 0, NULL, SCOPE_FILES, "checks the configuration",
	  "Every error is told at once as file:line:column, with what is allowed and what was probably\n"
	  "meant.", cmd_validate },
	{ "get", "[PATH]", 0, 1, get_options, SCOPE_FILES, "what the configuration says",
	  "PATH is an option or a section, \"sip.registration\": with its defaults. Secrets are not shown.",
	  cmd_get },
	{ "diff", "FILE", 1, 1, NULL, SCOPE_FILES, "what would change if FILE were applied",
	  "For each option that differs: both values, and how the change takes effect. Secrets are not\n"
	  "shown.", cmd_diff },
	{ "apply", "FILE", 1, 1, apply_options, SCOPE_ASK, "makes FILE the node's configuration",
	  "The file is checked first; one error, and nothing changes.", cmd_apply },
	{ "status", "", 0, 0, wait_options, SCOPE_READ, "zones, processes, alarms and counters",
	  "Exit status 1 when the node is not healthy: a process does not run, a zone's link is down, or\n"
	  "there is an alarm of severity error.", cmd_status },
	{ "calls", "", 0, 0, NULL, SCOPE_READ, "the calls there are, with loss",
	  "", cmd_calls },
	{ "calls show", "ID", 1, 1, NULL, SCOPE_READ, "one call: both legs, their media, what proved it",
	  "ID is what the list and the logs of both nodes name it, or the end of that.", cmd_calls_show },
	{ "calls drop", "ID", 1, 1, NULL, SCOPE_ASK, "ends a call",
	  "", cmd_calls_drop },
	{ "registrations", "", 0, 0, NULL, SCOPE_READ, "who is registered, from where",
	  "", cmd_registrations },
	{ "zones", "", 0, 0, wait_options, SCOPE_READ, "zones and their links",
	  "Exit status 1 when a link is down.", cmd_zones },
	{ "alarms", "", 0, 0, NULL, SCOPE_READ, "what somebody must see to, and the command that mends it",
	  "Exit status 1 when there is one of severity error.", cmd_alarms },
	{ "ports", "", 0, 0, ports_options, SCOPE_FILES, "the port plan of this node",
	  "The tables of the plan for this configuration, each row bound, free, clash or not enabled; or\n"
	  "rules that open exactly its rows, for a firewall or for this host.", cmd_ports },
	{ "help", "[COMMAND]", 0, 2, NULL, SCOPE_FILES, "help on a command",
	  "", cmd_help },
	{ "man", "", 0, 0, NULL, SCOPE_FILES, "the manual page: fosse man | man -l -",
	  "", cmd_man },
	{ "completion", "bash|zsh", 1, 1, NULL, SCOPE_FILES, "completion for a shell",
	  "bash: source <(fosse completion bash)", cmd_completion },
	{ NULL, NULL, 0, 0, NULL, SCOPE_FILES, NULL, NULL, NULL }
};
/* clang-format on */

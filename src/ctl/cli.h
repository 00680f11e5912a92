/* cli.h - what every command of `fosse` is given: its words, its output, and a door to the world.
 *
 * Commands are pure but for that door: proc/cli.c implements it with files, a terminal and the node's
 * socket, tests with a world of their own. Results go to `out`, sentences to `say`. */
#ifndef CTL_CLI_H
#define CTL_CLI_H

#include "io/io.h"

enum cli_exit {
	CLI_OK,
	CLI_NOT_OK,      /* checked and not ok */
	CLI_USAGE,       /* the command line is not understood */
	CLI_CONFIG,      /* the configuration is invalid */
	CLI_UNREACHABLE, /* the node does not answer */
	CLI_DENIED,      /* not authorised */
	CLI_TEMPORARY = 75
};

typedef void(cli_name_h)(void *arg, struct str name);

/* Paths: absolute, or relative to where the command was called. Errors are those of the system. */
struct world {
	void *arg;
	/* The memory lives until the command ends. */
	enum err (*read)(void *arg, const char *path, struct str *ret_text);
	/* A whole file or none, readable by root alone; its folder is made. ERR_EXISTS: it is there and
	 * may not be replaced. */
	enum err (*write)(void *arg, const char *path, struct str text, bool may_replace);
	enum err (*remove)(void *arg, const char *path);
	enum err (*list)(void *arg, const char *folder, cli_name_h *h, void *h_arg);
	/* One line from the person; ERR_CLOSED: there is none to ask. */
	enum err (*ask)(void *arg, const char *question, char *ret_answer, size_t size);
	void (*out)(void *arg, struct str text);
	void (*say)(void *arg, struct str text);
	/* A channel to the keeper of the node below root. */
	enum err (*dial)(void *arg, const char *root, int *ret_fd);
	enum err (*open)(
		void *arg, const char *path, int *ret_fd); /* for reading, to be passed on */
	enum err (*read_fd)(
		void *arg, int fd, struct str *ret_text); /* from its start; closes it */
	enum err (*turn)(void *arg, uint32_t max_ms);     /* one turn of the loop */
	/* Sockets of these processes, ascending; of those that may be looked at. */
	size_t (*inodes)(
		void *arg, const uint32_t *pids, size_t n, uint64_t *ret_inodes, size_t max);
};

#define CLI_WORDS_MAX   16
#define CLI_OPTIONS_MAX 16
#define CLI_OUT_MAX     (32u << 20)

struct command;

struct cli {
	const struct world *world;
	struct io *io;
	const struct command *command;
	const char *words[CLI_WORDS_MAX]; /* arguments of the command, its own name left out */
	size_t n_words;
	struct {
		const char *name, *value; /* "--table", "sip-nat"; value "" for a switch */
	} options[CLI_OPTIONS_MAX];
	size_t n_options;
	/* global options */
	char root[200]; /* "" or without a slash at its end */
	char file[300]; /* -c: the configuration file */
	bool has_file;  /* -c was given */
	bool is_json, is_quiet, is_watch, has_colour;
	uint32_t watch_ms, timeout_ms;
	struct wr out; /* CLI_OUT_MAX; printed when the command ends, or by cli_flush */
};

/* NULL: not given. */
const char *cli_option(const struct cli *cli, const char *name);
/* A path below root: "etc/fosse/fosse.yaml". */
const char *cli_path(const struct cli *cli, const char *path, char buf[512]);
/* A sentence on the error output, with "fosse: " before it; --quiet does not silence errors. */
void cli_error(const struct cli *cli, const char *fmt, ...) PRINTF(2, 3);
/* What a person wants to know beside the result; not with --quiet. */
void cli_note(const struct cli *cli, const char *fmt, ...) PRINTF(2, 3);
void cli_flush(struct cli *cli);
/* Says what a file operation failed at; the exit status for it. */
enum cli_exit cli_file_error(const struct cli *cli, const char *path, enum err err);
/* No colour wanted: the text alone. */
void cli_coloured(struct cli *cli, unsigned colour, const char *text);
enum { COLOUR_RED = 31, COLOUR_GREEN = 32, COLOUR_YELLOW = 33, COLOUR_BOLD = 1 };

#endif

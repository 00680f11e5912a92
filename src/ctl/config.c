/* config.c - reads, checks and compares configurations. Files come through the world alone. */
#include "ctl/config.h"

#include <stdio.h>
#include <string.h>

#include "ctl/json.h"

#define FILES_MAX 200

struct beside {
	const struct cli *cli;
	char folder[512];
	struct conf_file files[FILES_MAX];
	char names[FILES_MAX][CONF_NAME];
	size_t n;
	bool was_there;
};

static void add_file(void *arg, struct str name)
{
	struct beside *b = arg;
	const struct world *world = b->cli->world;
	char path[600];
	struct conf_file *f = &b->files[b->n];

	if (b->n == FILES_MAX || !str_copy(name, b->names[b->n], sizeof b->names[0]))
		return;
	(void)snprintf(path, sizeof path, "%s/%s", b->folder, b->names[b->n]);
	f->name = str_of(b->names[b->n]);
	if (world->read(world->arg, path, &f->text) == OK)
		b->n++;
}

/* Beside the file of -c; else the node's. */
static void read_folder(const struct cli *cli, const char *name, struct beside *b)
{
	const char *slash = cli->has_file ? strrchr(cli->file, '/') : NULL;
	struct str folder = slash ? str_between(cli->file, slash) : STR(".");

	b->cli = cli;
	if (cli->has_file)
		(void)snprintf(b->folder, sizeof b->folder, STR_FMT "/%s", STR_ARG(folder), name);
	else
		(void)snprintf(b->folder, sizeof b->folder, "%s/etc/fosse/%s", cli->root, name);
	b->was_there = cli->world->list(cli->world->arg, b->folder, add_file, b) == OK;
}

static enum err make(
	const struct conf_input *in, conf_error_h *h, void *arg, struct conf **ret_conf)
{
	struct conf *conf = mem_array(1, sizeof *conf);
	enum err err = conf ? conf_load(in, conf, h, arg) : ERR_FULL;

	if (err == OK)
		*ret_conf = conf;
	else
		mem_free(conf);
	return err;
}

enum err config_make(
	struct str text, const char *path, conf_error_h *h, void *arg, struct conf **ret_conf)
{
	return make(&(struct conf_input){.text = text, .file = path}, h, arg, ret_conf);
}

/* is_whole: what is named and missing beside the file is an error. */
static enum err make_beside(const struct cli *cli, const struct conf_input *of, bool is_whole,
	conf_error_h *h, void *arg, struct conf **ret_conf)
{
	struct beside *pairings = mem_array(1, sizeof *pairings),
		      *secrets = mem_array(1, sizeof *secrets);
	struct conf_input in = *of;
	enum err err = ERR_FULL;

	if (pairings && secrets) {
		read_folder(cli, "pairing", pairings);
		read_folder(cli, "secrets", secrets);
		in.pairings = pairings->files;
		in.n_pairings = pairings->n;
		in.secrets = secrets->files;
		in.n_secrets = secrets->n;
		/* A file from elsewhere has nothing beside it, and nothing is missing then. */
		in.has_files = is_whole && (pairings->was_there || secrets->was_there);
		err = make(&in, h, arg, ret_conf);
	}
	mem_free(pairings);
	mem_free(secrets);
	return err;
}

/* ---- for commands that need a configuration ---- */

struct saying {
	const struct cli *cli;
};

static void say_error(void *arg, const struct conf_error *e)
{
	const struct cli *cli = ((const struct saying *)arg)->cli;
	char text[2048];
	struct wr w = wr_of(text, sizeof text);

	if (e->is_warning)
		return;
	conf_error_put(e, &w);
	cli->world->say(cli->world->arg, (struct str){text, wr_len(&w)});
}

static enum cli_exit read_text(const struct cli *cli, const char *path, struct str *ret_text)
{
	enum err err = cli->world->read(cli->world->arg, path, ret_text);

	if (err == OK)
		return CLI_OK;
	if (err != ERR_NOENT)
		return cli_file_error(cli, path, err);
	cli_error(cli, "%s is not there: \"fosse init edge\" or \"fosse init control\" makes one",
		path);
	return CLI_CONFIG;
}

static enum cli_exit verdict(const struct cli *cli, const char *path, enum err err)
{
	if (err == OK)
		return CLI_OK;
	cli_error(cli, "%s %s%s", path, err == ERR_SYNTAX ? "is not valid" : "cannot be read: ",
		err == ERR_SYNTAX ? "" : err_text(err));
	return err == ERR_SYNTAX ? CLI_CONFIG : CLI_TEMPORARY;
}

enum cli_exit config_read(const struct cli *cli, const char *path, struct conf **ret_conf)
{
	struct saying saying = {cli};
	struct conf_input in = {.file = path};
	enum cli_exit status = read_text(cli, path, &in.text);

	if (status != CLI_OK)
		return status;
	/* The firewall is opened before anybody has joined: a missing pairing is no error here. */
	return verdict(cli, path,
		make_beside(cli, &in, /* is_whole */ false, say_error, &saying, ret_conf));
}

enum cli_exit config_read_alone(const struct cli *cli, struct conf **ret_conf)
{
	struct saying saying = {cli};
	struct str text;
	enum cli_exit status = read_text(cli, cli->file, &text);

	if (status != CLI_OK)
		return status;
	return verdict(cli, cli->file, config_make(text, cli->file, say_error, &saying, ret_conf));
}

/* ---- validate ---- */

struct validation {
	struct cli *cli;
	struct js js;
	size_t n_errors, n_warnings;
};

static void on_error(void *arg, const struct conf_error *e)
{
	struct validation *v = arg;

	if (e->is_warning)
		v->n_warnings++;
	else
		v->n_errors++;
	if (!v->cli->is_json) {
		conf_error_put(e, &v->cli->out);
		return;
	}
	js_open(&v->js, NULL, '{');
	js_z(&v->js, "file", e->file);
	js_num(&v->js, "line", e->line);
	js_num(&v->js, "column", e->column);
	js_z(&v->js, "severity", e->is_warning ? "warning" : "error");
	js_str(&v->js, "text", e->text);
	js_close(&v->js, '}');
}

static void put_verdict(struct validation *v, const char *path)
{
	struct wr *w = &v->cli->out;

	if (v->cli->is_json) {
		js_close(&v->js, ']');
		js_bool(&v->js, "valid", v->n_errors == 0);
		js_close(&v->js, '}');
		wr_str(w, STR("\n"));
	} else if (!v->cli->is_quiet) {
		wr_printf(w, "%s: %s", path, v->n_errors ? "not valid" : "valid");
		if (v->n_errors)
			wr_printf(w, ", %zu error%s", v->n_errors, v->n_errors == 1 ? "" : "s");
		if (v->n_warnings)
			wr_printf(
				w, ", %zu warning%s", v->n_warnings, v->n_warnings == 1 ? "" : "s");
		wr_str(w, STR("\n"));
	}
}

enum cli_exit cmd_validate(struct cli *cli)
{
	struct validation v = {.cli = cli, .js = js_of(&cli->out)};
	struct conf *conf = NULL;
	struct conf_input in = {.file = cli->file};
	enum cli_exit status = read_text(cli, cli->file, &in.text);
	enum err err;

	if (status != CLI_OK)
		return status;
	if (cli->is_json) {
		js_open(&v.js, NULL, '{');
		js_z(&v.js, "object", "validate");
		js_num(&v.js, "version", 1);
		js_open(&v.js, "errors", '[');
	}
	err = make_beside(cli, &in, /* is_whole */ true, on_error, &v, &conf);
	put_verdict(&v, cli->file);
	mem_free(conf);
	if (err != OK && err != ERR_SYNTAX) {
		cli_error(cli, "%s: %s", cli->file, err_text(err));
		return CLI_TEMPORARY;
	}
	return err ? CLI_CONFIG : CLI_OK;
}

/* ---- diff ---- */

static const char *class_text(enum conf_class class)
{
	switch (class) {
	case CLASS_READ:
		return "live";
	case CLASS_SOCKET:
		return "live; a port that goes drains";
	case CLASS_RESTART:
		return "replaces workers, which loses nothing";
	}
	return "";
}

static void text_change(void *arg, const struct conf_change *change)
{
	struct cli *cli = arg;
	struct wr *w = &cli->out;

	wr_str(w, change->path);
	wr_printf(w, ": " STR_FMT " -> " STR_FMT "   (%s)\n",
		STR_ARG(change->from.len ? change->from : STR("-")),
		STR_ARG(change->to.len ? change->to : STR("-")), class_text(change->class));
}

static void json_change(void *arg, const struct conf_change *change)
{
	static const char *const classes[] = {"live", "socket", "restart"};
	struct js *js = arg;

	js_open(js, NULL, '{');
	js_str(js, "path", change->path);
	js_str(js, "from", change->from);
	js_str(js, "to", change->to);
	js_z(js, "takes_effect", classes[change->class]);
	js_close(js, '}');
}

static void put_diff(struct cli *cli, const struct conf *from, const struct conf *to)
{
	struct js js = js_of(&cli->out);

	if (!cli->is_json) {
		if (conf_diff(from, to, text_change, cli) == 0)
			cli_note(cli, "no difference");
		return;
	}
	js_open(&js, NULL, '{');
	js_z(&js, "object", "diff");
	js_num(&js, "version", 1);
	js_open(&js, "changes", '[');
	(void)conf_diff(from, to, json_change, &js);
	js_close(&js, ']');
	js_close(&js, '}');
	wr_str(&cli->out, STR("\n"));
}

enum cli_exit cmd_diff(struct cli *cli)
{
	struct conf *from = NULL, *to = NULL;
	enum cli_exit status = config_read(cli, cli->file, &from);

	if (status == CLI_OK)
		status = config_read(cli, cli->words[0], &to);
	if (status == CLI_OK)
		put_diff(cli, from, to);
	mem_free(from);
	mem_free(to);
	return status;
}

/* ---- get ---- */

#define GET_MAX (1024 * 1024) /* of a configuration with all its lists */

static void put_yaml(struct cli *cli, struct str path, struct str yaml)
{
	struct js js = js_of(&cli->out);

	if (!cli->is_json) {
		wr_str(&cli->out, yaml);
		return;
	}
	js_open(&js, NULL, '{');
	js_z(&js, "object", "get");
	js_num(&js, "version", 1);
	js_str(&js, "path", path);
	js_str(&js, "yaml", yaml);
	js_close(&js, '}');
	wr_str(&cli->out, STR("\n"));
}

enum cli_exit cmd_get(struct cli *cli)
{
	struct str path = cli->n_words ? str_of(cli->words[0]) : STR_NONE;
	unsigned dump = cli_option(cli, "--effective") ? DUMP_EFFECTIVE : DUMP_SET;
	struct conf *conf = NULL;
	enum cli_exit status = config_read(cli, cli->file, &conf);
	char *text = mem_array(GET_MAX, 1);
	struct wr w = wr_of(text, text ? GET_MAX : 0);
	enum err err;

	if (status == CLI_OK) {
		err = conf_print(conf, path, dump, &w);
		if (err == OK)
			put_yaml(cli, path, wr_done(&w));
		else if (err == ERR_NOENT)
			cli_error(cli, "there is no option or section %s", cli->words[0]);
		else
			cli_error(cli, "%s: %s", cli->file, err_text(err));
		status = err == OK ? CLI_OK : err == ERR_NOENT ? CLI_USAGE : CLI_TEMPORARY;
	}
	mem_free(text);
	mem_free(conf);
	return status;
}

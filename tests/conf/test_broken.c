/* Broken files: each error at its line and column, all errors of a file in one run, nothing else. */
#include <dirent.h>

#include "fixture.h"

static struct conf conf;
static struct errors errors;

static int is_yaml(const struct dirent *e)
{
	return str_has_suffix(str_of(e->d_name), STR(".yaml"));
}

/* The lines of expected.txt that begin with the file's name. */
static struct str expected_of(struct str all, const char *name)
{
	struct str first = STR_NONE;
	const char *end = NULL;

	while (all.len) {
		struct str line = str_cut(&all, '\n');

		if (!str_has_prefix(line, str_of(name)) || line.len <= strlen(name) ||
			line.p[strlen(name)] != ':')
			continue;
		if (!first.p)
			first = line;
		end = line.p + line.len + 1;
	}
	return first.p ? str_between(first.p, end) : STR_NONE;
}

static void says_what_is_wrong_and_where(void)
{
	struct dirent **names = NULL;
	size_t len = 0, n_expected = 0;
	char *all = read_file("broken/expected.txt", &len);
	int n = scandir(CONF_TEST_DIR "/broken", &names, is_yaml, alphasort), n_wrong = 0;

	CHECK(all && n >= 100);
	for (int i = 0; i < n; i++) {
		char path[600];
		char *yaml;
		struct str expected = expected_of((struct str){all, len}, names[i]->d_name);

		snprintf(path, sizeof path, "broken/%s", names[i]->d_name);
		size_t yaml_len = 0;
		yaml = read_file(path, &yaml_len);
		CHECK(yaml);
		memset(&conf, 0x5a, 64);
		if (load((struct str){yaml, yaml_len}, names[i]->d_name, &conf, &errors) !=
				ERR_SYNTAX ||
			!str_eq(expected, (struct str){errors.text, errors.len})) {
			printf("# %s expected:\n" STR_FMT "# but got:\n%s", names[i]->d_name,
				STR_ARG(expected), errors.text);
			n_wrong++;
		}
		CHECK(((const char *)&conf)[0] == 0x5a); /* nothing was touched */
		n_expected += (size_t)errors.n_errors;
		free(yaml);
		free(names[i]);
	}
	free(names);
	free(all);
	printf("# %d files, %zu errors\n", n, n_expected);
	CHECK(n_wrong == 0);
}

/* n levels of "[" below a known key. */
static void refuses_depth(void)
{
	char yaml[200];
	struct wr w = wr_of(yaml, sizeof yaml);

	wr_printf(&w, "sip:\n  domains: ");
	for (int i = 0; i < 31; i++)
		wr_u8(&w, '[');
	CHECK(load(wr_done(&w), "f", &conf, &errors) == ERR_SYNTAX);
	CHECK(strstr(errors.text, "f:2:42: lists and sections nested deeper than 32"));
	CHECK(errors.n_errors == 2); /* and the list in a list */
}

static void refuses_too_many_values(void)
{
	const size_t n = 200001;
	char *yaml = malloc(2 * n + 16), *p = yaml;

	CHECK(yaml);
	*p++ = '[';
	for (size_t i = 0; i < n; i++) {
		*p++ = 'a';
		*p++ = ',';
	}
	*p++ = ']';
	CHECK(load(str_between(yaml, p), "f", &conf, &errors) == ERR_SYNTAX);
	free(yaml);
	CHECK(strstr(errors.text, "more than 200,000 values in one file"));
}

static void refuses_a_large_file(void)
{
	const size_t n = CONF_INPUT_MAX + 1;
	char *yaml = malloc(n);

	CHECK(yaml);
	memset(yaml, '#', n);
	CHECK(load((struct str){yaml, n}, "f", &conf, &errors) == ERR_SYNTAX);
	CHECK(strcmp(errors.text, "f: is larger than 8 MiB\n") == 0);
	CHECK(load((struct str){yaml, n - 1}, "f", &conf, &errors) == ERR_SYNTAX);
	CHECK(strstr(errors.text, "version: is missing"));
	free(yaml);
}

/* A thousand mistakes are not a thousand lines. */
static void bounds_the_report(void)
{
	char *yaml = malloc(1 << 16);
	struct wr w = wr_of(yaml, 1 << 16);
	int n_lines = 0;

	CHECK(yaml);
	wr_printf(&w, MINIMAL "sip:\n");
	for (int i = 0; i < 1000; i++)
		wr_printf(&w, "  x%d: 1\n", i);
	CHECK(load(wr_done(&w), "f", &conf, &errors) == ERR_SYNTAX);
	free(yaml);
	for (const char *p = errors.text; *p; p++)
		n_lines += *p == '\n';
	CHECK(n_lines == 201);
	CHECK(strstr(errors.text, "f: 800 more are not shown\n"));
}

/* 100,000 unknown keys: no guess is made for what nobody sees. */
static void is_quick_with_a_hostile_file(void)
{
	char *yaml = malloc(1 << 21);
	struct wr w = wr_of(yaml, 1 << 21);

	CHECK(yaml);
	wr_printf(&w, MINIMAL "zones2:\n");
	for (int i = 0; i < 90000; i++)
		wr_printf(&w, "aaaaaaaaa%x:\n", i);
	CHECK(load(wr_done(&w), "f", &conf, &errors) == ERR_SYNTAX);
	CHECK(strstr(errors.text, "f: 89801 more are not shown"));
	w = wr_of(yaml, 1 << 21);
	for (int i = 0; i < 100000; i++)
		wr_printf(&w, "%%TAG !%x! a\n", i);
	CHECK(load(wr_done(&w), "f", &conf, &errors) == ERR_SYNTAX);
	CHECK(strcmp(errors.text,
		      "f:1:1: a line that begins with %; there are no directives here\n") == 0);
	free(yaml);
}

static void shows_the_place(void)
{
	char text[512];
	struct wr w = wr_of(text, sizeof text);
	const struct conf_error e = {"f", 2, 8, false, STR("is wrong")};
	const struct conf_error whole = {"f", 0, 0, true, STR("is odd")};

	conf_error_show(&e,
		STR("sip:\n  \xc3\xa4"
		    "dp: yes\n"),
		&w);
	CHECK_STR(wr_done(&w), "f:2:8: is wrong\n    \xc3\xa4"
			       "dp: yes\n         ^\n");
	w = wr_of(text, sizeof text);
	conf_error_show(&whole, STR("sip:\n"), &w);
	CHECK_STR(wr_done(&w), "f: warning: is odd\n");
}

static void tells_of_a_bad_pairing(void)
{
	struct conf_file bad = {str_of("edge1"), str_of("username a\nsecret 00\n")};
	struct conf_input in = {.text = STR(MINIMAL),
		.file = "f",
		.has_files = true,
		.pairings = &bad,
		.n_pairings = 1};

	errors.len = 0;
	CHECK(conf_load(&in, &conf, on_error, &errors) == ERR_SYNTAX);
	CHECK(strcmp(errors.text, "f:4:54: zones[0].pairing: line 2 of pairing \"edge1\" is not 64 "
				  "hexadecimal digits\n") == 0);
	bad.text = str_of("join_secret 00112233445566778899aabbccddeeff\njoin_until 1900000000\n");
	errors.len = 0;
	CHECK(conf_load(&in, &conf, on_error, &errors) == OK);
	CHECK(strcmp(errors.text, "f:4:54: warning: zones[0].pairing: nobody has joined pairing "
				  "\"edge1\" yet\n") == 0);
	CHECK(!conf.zones[0].has_pairing && conf.zones[0].pair.has_join);
	in.has_files = false; /* `fosse validate` without the right to read them */
	in.n_pairings = 0;
	errors.len = 0;
	CHECK(conf_load(&in, &conf, on_error, &errors) == OK && errors.len == 0);
	bad.text = str_of(joined); /* what is there counts all the same */
	in.n_pairings = 1;
	CHECK(conf_load(&in, &conf, on_error, &errors) == OK && conf.zones[0].has_pairing);
}

/* What a mistyped secret holds appears in no message. */
static void keeps_secrets_out_of_messages(void)
{
	char yaml[1024];
	struct wr w = wr_of(yaml, sizeof yaml);

	wr_printf(&w, MINIMAL "users:\n  - {name: a, password: ");
	for (int i = 0; i < 20; i++)
		wr_printf(&w, "canary-");
	wr_printf(&w, "}\n  - {name: b, ha1_md5: canary}\n  - {name: c, password: [canary]}\n");
	CHECK(load(wr_done(&w), "f", &conf, &errors) == ERR_SYNTAX);
	CHECK(errors.n_errors == 3);
	CHECK(!strstr(errors.text, "canary"));
}

TEST_MAIN(T(says_what_is_wrong_and_where), T(refuses_depth), T(refuses_too_many_values),
	T(refuses_a_large_file), T(bounds_the_report), T(is_quick_with_a_hostile_file),
	T(shows_the_place), T(tells_of_a_bad_pairing), T(keeps_secrets_out_of_messages))

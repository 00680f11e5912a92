/* What each process gets of the configuration: its needs, and nobody else's secrets. */
#include "conf/pairing.h"
#include "conf/schema.h"
#include "fixture.h"

static struct conf whole, part;

#define MARK  "IT_IS_SECRET"
#define KEY_C "0102030405060708090a0b0c0d0e0f100102030405060708090a0b0c0d0e0f10"

static bool holds(const struct conf *c, const void *bytes, size_t len)
{
	return memmem(c, sizeof *c, bytes, len) != NULL;
}

static const char yaml[] =
	"version: 1\n"
	"node: {role: control, name: control.example.com, addresses: {inside: 192.0.2.10}}\n"
	"sip: {domains: [example.com]}\n"
	"zones:\n"
	"  - {name: edge, type: traversal-client, pairing: edge1, peers: [198.51.100.10]}\n"
	"  - {name: pbx, type: neighbor, peers: [192.0.2.20], username: trunk-user, "
	"password: zone-password, login_realm: pbx.example.com, tls: {verify: ca}}\n"
	"users:\n"
	"  - {name: phone-user, password: user-password}\n"
	"  - {name: other, ha1_sha256: " KEY_C "}\n"
	"address_policy: {documentation: allow}\n";

static bool load_all(void)
{
	static struct errors errors;
	enum err err = load(STR(yaml), "control.yaml", &whole, &errors);

	if (err != OK)
		printf("# %s", errors.text);
	return err == OK;
}

static void signalling_gets_its_secrets(void)
{
	CHECK(load_all());
	conf_for(&whole, OWNER_SIG, &part);
	CHECK(conf_check_image(&part, sizeof part));
	CHECK(memcmp(&part, &whole, sizeof part) == 0);
}

/* Nothing of a password, a digest, a pairing's login or media key, or of a user's name. */
static void others_get_none(void)
{
	static const char *const texts[] = {
		"zone-password", "user-password", "phone-user", "control1"};
	static const enum plan_owner others[] = {OWNER_MEDIA, OWNER_TLS};
	const struct conf_pairing *pair;

	CHECK(load_all());
	pair = &whole.zones[0].pair;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		conf_for(&whole, others[i], &part);
		CHECK(conf_check_image(&part, sizeof part));
		for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++)
			CHECK(holds(&whole, texts[t], strlen(texts[t])) &&
				!holds(&part, texts[t], strlen(texts[t])));
		CHECK(!holds(&part, pair->secret, sizeof pair->secret));
		CHECK(!holds(&part, pair->media_keys[0], 32));
		CHECK(!holds(&part, whole.users[1].ha1_sha256, 32) && part.n_users == 0);
		/* and everything else is there */
		CHECK(part.n_zones == whole.n_zones && part.zones[0].has_pairing);
		CHECK(memcmp(part.zones[0].pair.spki, pair->spki, sizeof pair->spki) == 0);
		CHECK(memcmp(&part.limits, &whole.limits, sizeof part.limits) == 0);
	}
}

/* Writes the mark into every place of every secret of a range of options. */
static unsigned mark_rows(struct opt_range r, void *base)
{
	struct opt_child child;
	unsigned n = 0;

	for (uint32_t at = r.first; schema_child(r, at, &child); at = child.next) {
		const struct opt *o = child.row;

		if (!o)
			n += mark_rows(child.below, base);
		for (uint32_t i = 0; o && o->kind == K_LIST && i < o->max; i++)
			n += mark_rows(child.below, opt_at(o, base, i));
		if (o && (o->kind == K_SECRET || o->kind == K_HEX)) {
			memcpy(opt_at(o, base, 0), MARK, sizeof MARK - 1);
			n++;
		}
	}
	return n;
}

/* Also those that nothing reads yet, wherever they stand. */
static void no_option_is_forgotten(void)
{
	CHECK(load_all());
	CHECK(mark_rows(schema_root(), &whole) > 100 && holds(&whole, STR(MARK).p, STR(MARK).len));
	conf_for(&whole, OWNER_MEDIA, &part);
	CHECK(!holds(&part, STR(MARK).p, STR(MARK).len));
	conf_for(&whole, OWNER_TLS, &part);
	CHECK(!holds(&part, STR(MARK).p, STR(MARK).len));
	conf_for(&whole, OWNER_SIG, &part);
	CHECK(holds(&part, STR(MARK).p, STR(MARK).len));
	CHECK(memcmp(&part.turn, &whole.turn, sizeof part.turn) != 0); /* nobody's yet */
}

TEST_MAIN(T(signalling_gets_its_secrets), T(others_get_none), T(no_option_is_forgotten))

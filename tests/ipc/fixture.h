/* What the tests of bodies share: a buffer, an address, a text filled to its last byte. */
#ifndef TESTS_IPC_FIXTURE_H
#define TESTS_IPC_FIXTURE_H

#include <string.h>

#include "base/addr.h"
#include "test.h"

static uint8_t buf[4096];

static inline struct addr v6(uint16_t port)
{
	struct addr a;

	CHECK(addr_parse_host(STR("2001:db8:1:2:3:4:5:6"), &a) == OK);
	return addr_with_port(&a, port);
}

static inline void fill(char *z, size_t size, char c)
{
	memset(z, c, size - 1);
	z[size - 1] = '\0';
}

#endif

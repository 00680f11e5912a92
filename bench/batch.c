/* batch.c - see batch.h. */
#include "batch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <error.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BUFFER_BYTES (16 << 20)

void fail(const char *what)
{
	error(2, errno, "%s", what);
	abort();
}

struct sockaddr_in address(const char *ip, unsigned port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

	if (inet_pton(AF_INET, ip, &a.sin_addr) != 1)
		fail(ip);
	return a;
}

int udp_open(const struct sockaddr_in *at)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int size = BUFFER_BYTES;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0 ||
		setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
		fail("socket");
	if (bind(fd, (const struct sockaddr *)at, sizeof *at) != 0)
		fail("bind");
	return fd;
}

unsigned in_read(struct in *in, int fd)
{
	int n;

	for (unsigned i = 0; i < BATCH; i++) {
		in->iov[i] = (struct iovec){in->bytes[i], DATAGRAM_MAX - 1};
		in->msgs[i].msg_hdr = (struct msghdr){.msg_name = &in->from[i],
			.msg_namelen = sizeof in->from[i],
			.msg_iov = &in->iov[i],
			.msg_iovlen = 1};
	}
	n = recvmmsg(fd, in->msgs, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++) {
		in->len[i] = in->msgs[i].msg_len;
		in->bytes[i][in->len[i]] = '\0';
	}
	return n < 0 ? 0 : (unsigned)n;
}

char *out_room(struct out *out)
{
	if (out->n == BATCH)
		out_flush(out);
	return out->bytes[out->n];
}

void out_add(struct out *out, int fd, size_t len, const struct sockaddr_in *to)
{
	unsigned i = out->n++;

	out->fd[i] = fd;
	out->to[i] = *to;
	out->iov[i] = (struct iovec){out->bytes[i], len};
	out->msgs[i].msg_hdr = (struct msghdr){.msg_name = &out->to[i],
		.msg_namelen = sizeof out->to[i],
		.msg_iov = &out->iov[i],
		.msg_iovlen = 1};
}

/* A datagram that the kernel refuses is skipped: who awaits it misses and counts it. */
static void send_run(struct out *out, unsigned from, unsigned to)
{
	while (from < to) {
		int n = sendmmsg(out->fd[from], &out->msgs[from], to - from, 0);

		from += n > 0 ? (unsigned)n : 1;
	}
}

void out_flush(struct out *out)
{
	unsigned from = 0;

	for (unsigned i = 1; i <= out->n; i++)
		if (i == out->n || out->fd[i] != out->fd[from]) {
			send_run(out, from, i);
			from = i;
		}
	out->n = 0;
}

uint64_t clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

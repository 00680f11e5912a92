/* batch.h - datagrams in batches: what every driver of a bench sends and receives with.
 *
 * A driver must cost little beside what it measures: one system call moves up to BATCH datagrams.
 * What is queued leaves at out_flush(), in its order. A driver has nobody to report to: what fails
 * here ends it. */
#ifndef BENCH_BATCH_H
#define BENCH_BATCH_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

#define BATCH        64u
#define DATAGRAM_MAX 2048u

/* What one call of in_read() received; each datagram is followed by a NUL. */
struct in {
	char bytes[BATCH][DATAGRAM_MAX];
	size_t len[BATCH];
	struct sockaddr_in from[BATCH];
	struct mmsghdr msgs[BATCH];
	struct iovec iov[BATCH];
};

/* What waits for out_flush(). */
struct out {
	char bytes[BATCH][DATAGRAM_MAX];
	struct sockaddr_in to[BATCH];
	int fd[BATCH];
	struct mmsghdr msgs[BATCH];
	struct iovec iov[BATCH];
	unsigned n;
};

/* Prints "PROGRAM: WHAT: errno's text" and ends the program with status 2. */
_Noreturn void fail(const char *what);
/* A UDP socket bound to this address, with buffers for what a stall of the driver lets pile up. */
int udp_open(const struct sockaddr_in *at);
struct sockaddr_in address(const char *ip, unsigned port);
/* How many datagrams were there: 0 to BATCH. Never waits. */
unsigned in_read(struct in *in, int fd);
/* Room for DATAGRAM_MAX bytes; out_add() then queues its first len bytes. Flushes when full. */
char *out_room(struct out *out);
void out_add(struct out *out, int fd, size_t len, const struct sockaddr_in *to);
void out_flush(struct out *out);
/* Microseconds of the monotonic clock. */
uint64_t clock_us(void);

#endif

/* media_streams.c - RTP streams through a relay: sends at a steady rate, counts what comes out, and what
 * CPU time the relay took meanwhile.
 *
 *	media_streams RELAY-IP A-IP B-IP RATE SECONDS PORTS PID...
 *
 * PORTS is a file with one call a line: the relay's port towards A, and that towards B. Both sides of a
 * call send: two streams a call. Packets are G.711 of 20 ms, 172 bytes of UDP payload; a second of warm-up
 * is not counted. Sockets are few and calls many: the driver must cost little. Prints one line:
 *
 *	sent=N received=N cpu_ns=N seconds=N.N */
#include "batch.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CALLS_MAX   10000
#define SOCKETS     8 /* a side */
#define FIRST_PORT  4000
#define PACKET      172
#define TICK_US     1000
#define WARM_UP_US  1000000u
#define STRAGGLE_US 500000u
#define PIDS_MAX    8

struct stream {
	struct sockaddr_in to;
	int fd;
	uint16_t seq;
	uint32_t timestamp;
};

static struct stream streams[2 * CALLS_MAX];
static int sockets[2 * SOCKETS];
static const char *pids[PIDS_MAX];
static int n_streams, n_pids;
static uint64_t n_sent, n_received;
static struct in in;
static struct out out;

/* Nanoseconds on a CPU of all threads of a process, as the scheduler counted them. */
static uint64_t cpu_of(const char *pid)
{
	char path[600];
	unsigned long long ns, sum = 0;
	struct dirent *e;
	DIR *dir;

	(void)snprintf(path, sizeof path, "/proc/%s/task", pid);
	dir = opendir(path);
	if (!dir)
		fail("the relay ended");
	while ((e = readdir(dir))) {
		FILE *f;

		if (e->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof path, "/proc/%s/task/%s/schedstat", pid, e->d_name);
		f = fopen(path, "r");
		if (f && fscanf(f, "%llu", &ns) == 1)
			sum += ns;
		if (f)
			(void)fclose(f);
	}
	(void)closedir(dir);
	return sum;
}

static uint64_t cpu(void)
{
	uint64_t sum = 0;

	for (int i = 0; i < n_pids; i++)
		sum += cpu_of(pids[i]);
	return sum;
}

/* In the order of sending, streams of one socket follow one another: they leave by one system call. */
static void read_ports(const char *file, const char *relay)
{
	static unsigned ports[CALLS_MAX][2];
	FILE *f = fopen(file, "r");
	int n = 0;

	if (!f)
		fail(file);
	while (n < CALLS_MAX && fscanf(f, "%u %u", &ports[n][0], &ports[n][1]) == 2)
		n++;
	(void)fclose(f);
	for (int s = 0; s < 2 * SOCKETS; s++) {
		for (int call = s % SOCKETS; call < n; call += SOCKETS)
			streams[n_streams++] = (struct stream){
				.to = address(relay, ports[call][s / SOCKETS]), .fd = sockets[s]};
	}
}

static void send_packet(struct stream *st)
{
	uint8_t *b = (uint8_t *)out_room(&out);
	uint32_t ssrc = (uint32_t)(st - streams);

	memset(b, 0xd5, PACKET); /* silence of A-law, and payload type 0 all the same */
	b[0] = 0x80;
	b[1] = 0;
	b[2] = (uint8_t)(st->seq >> 8);
	b[3] = (uint8_t)st->seq;
	st->seq++;
	for (int i = 0; i < 4; i++) {
		b[4 + i] = (uint8_t)(st->timestamp >> (24 - 8 * i));
		b[8 + i] = (uint8_t)(ssrc >> (24 - 8 * i));
	}
	st->timestamp += 160;
	out_add(&out, st->fd, PACKET, &st->to);
	n_sent++;
}

static void receive(void)
{
	for (int i = 0; i < 2 * SOCKETS; i++) {
		unsigned n;

		while ((n = in_read(&in, sockets[i])))
			n_received += n;
	}
}

static void rest_until(uint64_t us)
{
	uint64_t now = clock_us();
	struct timespec t = {0, 0};

	if (now >= us)
		return;
	t.tv_nsec = (long)(us - now) * 1000;
	(void)nanosleep(&t, NULL);
}

static void run(double rate, uint64_t for_us)
{
	static int next;
	uint64_t began = clock_us(), now, n = 0;

	while ((now = clock_us()) - began < for_us) {
		uint64_t due = (uint64_t)(rate * (double)(now - began) / 1e6);

		for (; n < due; n++) {
			send_packet(&streams[next]);
			next = (next + 1) % n_streams;
		}
		out_flush(&out);
		receive();
		rest_until(now + TICK_US);
	}
}

int main(int argc, char **argv)
{
	double rate, seconds;
	uint64_t began, cpu_began, cpu_ns, until;

	if (argc < 8 || argc - 7 > PIDS_MAX)
		fail("media_streams RELAY-IP A-IP B-IP RATE SECONDS PORTS PID...");
	for (int i = 0; i < 2 * SOCKETS; i++) {
		struct sockaddr_in at =
			address(argv[2 + i / SOCKETS], FIRST_PORT + 2u * (unsigned)(i % SOCKETS));

		sockets[i] = udp_open(&at);
	}
	rate = atof(argv[4]);
	seconds = atof(argv[5]);
	read_ports(argv[6], argv[1]);
	while (n_pids < argc - 7) {
		pids[n_pids] = argv[7 + n_pids];
		n_pids++;
	}
	run(rate, WARM_UP_US);
	rest_until(clock_us() + STRAGGLE_US);
	receive();
	n_sent = n_received = 0;
	cpu_began = cpu();
	began = clock_us();
	run(rate, (uint64_t)(seconds * 1e6));
	seconds = (double)(clock_us() - began) / 1e6;
	for (until = clock_us() + STRAGGLE_US; clock_us() < until;) {
		receive();
		rest_until(clock_us() + TICK_US);
	}
	cpu_ns = cpu() - cpu_began;
	(void)printf("sent=%llu received=%llu cpu_ns=%llu seconds=%.2f\n",
		(unsigned long long)n_sent, (unsigned long long)n_received,
		(unsigned long long)cpu_ns, seconds);
	return 0;
}

/* sysctl.c - the kernel settings that the plan needs, in the form of sysctl.d(5).
 *
 * Linux lends ports 32768-60999 to sockets that ask for none: the middle of the media range. The
 * reserved list keeps ours from being lent; on a machine of our own, what is lent is the document's
 * ephemeral range. Comments stand on lines of their own: a trailing one would become part of a value. */
#include "plan/formats.h"

/* Bursts of many streams wait in socket buffers while a worker is replaced. */
static const char *const fixed =
	"# room for bursts on sockets that many streams share\n"
	"net.core.rmem_max = 16777216\n"
	"net.core.wmem_max = 4194304\n"
	"net.core.netdev_max_backlog = 5000\n"
	"# with two interfaces, 1 would drop answers that come in by the other one\n"
	"net.ipv4.conf.all.rp_filter = 2\n"
	"# only for foreign programs: ours set it per socket\n"
	"net.ipv4.tcp_keepalive_time = 60\n";

void plan_put_sysctl(const struct plan_print *what, struct wr *w)
{
	struct ports ours[PLAN_RESERVED_MAX], lent = what->plan->ranges[RANGE_EPHEMERAL];
	size_t n = plan_reserved(what->plan, ours);
	const char *before = "";

	wr_printf(w, "# Ports of the Fosseway plan: fosse ports --format sysctl\n");
	if (what->is_shared)
		wr_printf(w, "# shared machine: net.ipv4.ip_local_port_range stays as it is\n");
	else
		wr_printf(w, "net.ipv4.ip_local_port_range = %u %u\n", lent.low, lent.high);
	wr_printf(w, "net.ipv4.ip_local_reserved_ports = ");
	for (size_t i = 0; i < n; i++) {
		struct port_set set = {{ours[i]}, 1};

		wr_printf(w, "%s", before);
		put_set(w, &set, "-", ",");
		before = ",";
	}
	wr_printf(w, "\n%s", fixed);
}

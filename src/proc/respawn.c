/* respawn.c - starts the keeper again when it is killed. What ends it on purpose ends this too: a
 * stop, a configuration that is wrong at the first start, another keeper. Workers whose keeper died become
 * our children, so that their deaths leave no zombies. */
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "proc/respawn.h"

static volatile sig_atomic_t keeper, is_stopping;

static void on_signal(int number)
{
	is_stopping |= number != SIGHUP;
	if (keeper > 0)
		(void)kill((pid_t)keeper, number);
}

static void pass_on(int number, void (*handler)(int))
{
	struct sigaction sa = {.sa_handler = handler};

	(void)sigaction(number, &sa, NULL);
}

/* Its status when it ended on purpose, else -1. */
static int wait_for_keeper(void)
{
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, 0);

		if (pid != (pid_t)keeper)
			continue; /* a worker, or a signal */
		if (WIFEXITED(status) && WEXITSTATUS(status) != 1)
			return WEXITSTATUS(status);
		return is_stopping ? 0 : -1;
	}
}

/* Workers that the keeper killed on its way out, and that had become ours: gone when we are. */
static void reap_rest(void)
{
	for (int i = 0; i < 100; i++) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0)
			return;
		if (pid == 0)
			(void)usleep(10000);
	}
}

/* One that dies as soon as it lives must not take the machine with it. */
static void rest(time_t born)
{
	if (time(NULL) - born < 2)
		(void)usleep(100000);
}

int respawn_run(void)
{
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	pass_on(SIGTERM, on_signal);
	pass_on(SIGINT, on_signal);
	pass_on(SIGHUP, on_signal);
	for (;;) {
		time_t born = time(NULL);
		pid_t pid = fork();
		int status;

		if (pid == 0) {
			pass_on(SIGTERM, SIG_DFL);
			pass_on(SIGINT, SIG_DFL);
			pass_on(SIGHUP, SIG_DFL);
			return -1;
		}
		keeper = pid;
		status = pid < 0 ? -1 : wait_for_keeper();
		if (status >= 0) {
			reap_rest();
			return status;
		}
		rest(born);
	}
}

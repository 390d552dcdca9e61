#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Only calls that are safe after fork in a process of many threads (signal-safety(7)). */
static void become(char *const arguments[], int output, int errors, int failure, pid_t parent) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* A group of its own: Ctrl-C is for us, and what it starts itself goes with it. */
    setpgid(0, 0);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(127);
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 &&
        dup2(errors, STDERR_FILENO) >= 0) {
        /* Whatever was opened without O_CLOEXEC by a library. Unknown to kernels before 5.11. */
        close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
        execvp(arguments[0], arguments);
    }
    int number = errno;
    ssize_t told = write(failure, &number, sizeof number);
    (void)told;
    _exit(127);
}

int margay_spawn(char *const arguments[], int output, int errors) {
    int failure[2];
    if (pipe2(failure, O_CLOEXEC) != 0) return -errno;
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) become(arguments, output, errors, failure[1], parent);
    int number = child < 0 ? errno : 0;
    close(failure[1]);
    if (child > 0) {
        int told = 0;
        ssize_t count;
        do count = read(failure[0], &told, sizeof told);
        while (count < 0 && errno == EINTR);
        if (count == (ssize_t)sizeof told) number = told;
    }
    close(failure[0]);
    if (number == 0) return child;
    if (child > 0) margay_end_process(child);
    return -number;
}

int margay_end_process(int process) {
    int status = 0;
    siginfo_t found = {0};
    /* Asked without taking it, so that the number stays ours until the group has been ended too. */
    waitid(P_PID, (id_t)process, &found, WEXITED | WNOHANG | WNOWAIT);
    int had_ended = found.si_pid == process;
    kill(-process, SIGKILL);
    kill(process, SIGKILL);
    pid_t ended;
    do ended = waitpid(process, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (ended < 0) return -errno;
    if (!had_ended) return MARGAY_WAS_RUNNING;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#include <dirent.h>
#include <limits.h>
#include <poll.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// The C library has them; its headers show them to those who ask for more than the standard.
extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);

// A descriptor that can be read when a process has ended; negative where the kernel has none.
static inline int torture_watch(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }

// Waits until a process that is watched has ended, at most so long.
static inline void torture_await(int watch, int milliseconds) {
    struct pollfd one = {watch, POLLIN, 0};
    poll(&one, 1, milliseconds);
}

// The processes that work in a folder or below it; gives how many it wrote down.
static inline int torture_processes(const char *folder, int *found, int room) {
    size_t length = strlen(folder);
    int count = 0;
    DIR *processes = opendir("/proc");
    if (!processes) return 0;
    for (struct dirent *entry; count < room && (entry = readdir(processes));) {
        int process = atoi(entry->d_name);
        if (process <= 0) continue;
        char link[40], place[PATH_MAX];
        snprintf(link, sizeof link, "/proc/%d/cwd", process);
        ssize_t size = readlink(link, place, sizeof place - 1);
        if (size < 0) continue;
        place[size] = 0;
        if (strncmp(place, folder, length) == 0 && (place[length] == '/' || place[length] == 0)) found[count++] = process;
    }
    closedir(processes);
    return count;
}

// Loaded with LD_PRELOAD: counts the operations of a process that change files below a folder, and makes one go wrong.
//
//   FAULT_ROOT    the folder; operations on other paths, pipes, sockets and terminals are left alone
//   FAULT_KIND    before, after   die by SIGKILL before or after the operation
//                 torn            write half of the data, then die
//                 short           write half of the data and say so, as write(2) may
//                 enospc, eio     the operation fails
//                 full, bad       it and all later ones fail: a full disk, a broken disk
//                 anything else   only count
//   FAULT_AT      which one, from 1: the data write for torn and short, the growing operation for enospc and full,
//                 the operation for the others
//   FAULT_REPORT  a file that gets a struct fault_report
//   FAULT_TRACE   a file that gets a line for every operation: number, operation, path, old path; tabs between
//   FAULT_CLOCK, FAULT_CLOCK_AT, FAULT_CLOCK_EVERY
//                 the wall clock is wrong by so many seconds from that reading on, and right and wrong in turns
//
// Whatever happens inside SQLite, libgit2 and libzip passes here as well.
#define _GNU_SOURCE
#include "include/faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { COUNT, BEFORE, AFTER, TORN, SHORT, ENOSPC_ONCE, EIO_ONCE, FULL, BAD };
// What an operation does to the disk.
enum nature { NAME_ONLY = 0, GROWS = 1, DATA = 3 };
enum verdict { PASS, FAIL, HALVE, TEAR, DIE };

static char root[PATH_MAX];
static size_t root_length;
static enum kind kind;
static uint64_t at;
static int trace = -1;
static struct fault_report nowhere, *report = &nowhere;
static int64_t clock_shift;
static uint64_t clock_at, clock_every;
static _Atomic uint64_t clock_readings;

static uint64_t number(const char *name) {
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void) {
    static const struct { const char *name; enum kind kind; } kinds[] = {
        {"before", BEFORE}, {"after", AFTER}, {"torn", TORN}, {"short", SHORT}, {"enospc", ENOSPC_ONCE},
        {"eio", EIO_ONCE}, {"full", FULL}, {"bad", BAD},
    };
    const char *text = getenv("FAULT_KIND");
    for (size_t index = 0; text && index < sizeof kinds / sizeof *kinds; index++)
        if (strcmp(text, kinds[index].name) == 0) kind = kinds[index].kind;
    at = number("FAULT_AT");
    text = getenv("FAULT_CLOCK");
    clock_shift = text ? strtoll(text, NULL, 10) : 0;
    clock_at = number("FAULT_CLOCK_AT");
    clock_every = number("FAULT_CLOCK_EVERY");
    const char *path = getenv("FAULT_REPORT");
    if (path) {
        int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (file >= 0 && syscall(SYS_ftruncate, file, sizeof *report) == 0) {
            void *place = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
            if (place != MAP_FAILED) report = place;
        }
        if (file >= 0) close(file);
    }
    path = getenv("FAULT_TRACE");
    if (path) {
        int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        trace = fcntl(file, F_DUPFD_CLOEXEC, 700);
        if (file >= 0) close(file);
    }
    text = getenv("FAULT_ROOT");
    if (text && *text == '/' && strlen(text) < sizeof root) {
        strcpy(root, text);
        root_length = strlen(root);
    }
}

// MARK: - Paths

static bool is_below(const char *path) {
    return root_length > 0 && strncmp(path, root, root_length) == 0
        && (path[root_length] == '/' || path[root_length] == 0);
}

static bool path_of(int file, char *path) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (length < 0) return false;
    path[length] = 0;
    return true;
}

static bool full_path(int folder, const char *name, char *path) {
    if (name[0] == '/') {
        if (strlen(name) >= PATH_MAX) return false;
        strcpy(path, name);
        return true;
    }
    if (folder == AT_FDCWD ? syscall(SYS_getcwd, path, PATH_MAX) < 0 : !path_of(folder, path)) return false;
    size_t length = strlen(path);
    if (length + strlen(name) + 2 > PATH_MAX) return false;
    path[length] = '/';
    strcpy(path + length + 1, name);
    return true;
}

static bool exists(int folder, const char *name) {
    struct stat status;
    int before = errno;
    bool is_there = fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
    errno = before;
    return is_there;
}

// MARK: - Points

static void die(void) {
    syscall(SYS_kill, (int)syscall(SYS_getpid), SIGKILL);
    for (;;) pause();
}

static uint64_t next(uint64_t *counter) {
    return atomic_fetch_add((_Atomic uint64_t *)counter, 1) + 1;
}

static enum verdict decide(uint64_t point, uint64_t grown, uint64_t written) {
    if (at == 0) return PASS;
    switch (kind) {
    case COUNT: return PASS;
    case BEFORE: if (point == at) return DIE; return PASS;
    case AFTER: return point == at ? TEAR : PASS;
    case TORN: return written == at ? TEAR : PASS;
    case SHORT: return written == at ? HALVE : PASS;
    case ENOSPC_ONCE: errno = ENOSPC; return grown == at ? FAIL : PASS;
    case FULL: errno = ENOSPC; return grown >= at ? FAIL : PASS;
    case EIO_ONCE: errno = EIO; return point == at ? FAIL : PASS;
    case BAD: errno = EIO; return point >= at ? FAIL : PASS;
    }
    return PASS;
}

// The old name of a file that this thread renames now.
static _Thread_local char renamed[PATH_MAX];

// Counts an operation on a full path. FAIL: errno is set. TEAR: the caller does the operation, or half of it, and dies.
static enum verdict point(const char *operation, const char *path, enum nature nature) {
    if (!is_below(path)) return PASS;
    int before = errno;
    uint64_t number = next(&report->points);
    uint64_t grown = nature & GROWS ? next(&report->growing) : 0;
    uint64_t written = nature == DATA ? next(&report->writes) : 0;
    if (trace >= 0) {
        char line[2 * PATH_MAX + 80];
        int length = snprintf(
            line, sizeof line, "%llu\t%s\t%s\t%s\n", (unsigned long long)number, operation, path + root_length,
            is_below(renamed) ? renamed + root_length : "");
        syscall(SYS_write, trace, line, length);
    }
    enum verdict verdict = decide(number, grown, written);
    if (verdict == PASS) {
        errno = before;
        return PASS;
    }
    if (next(&report->fired) == 1)
        snprintf(report->what, sizeof report->what, "%s %s", operation, path + root_length);
    if (verdict == DIE) die();
    return verdict;
}

static enum verdict point_at(const char *operation, int folder, const char *name, enum nature nature) {
    char path[PATH_MAX];
    int before = errno;
    bool is_known = name && full_path(folder, name, path);
    errno = before;
    return is_known ? point(operation, path, nature) : PASS;
}

static enum verdict point_of(const char *operation, int file, enum nature nature) {
    char path[PATH_MAX];
    int before = errno;
    bool is_known = path_of(file, path);
    errno = before;
    return is_known ? point(operation, path, nature) : PASS;
}

// The result of an operation that is done as a whole or not at all.
#define WHOLE(decision, call)                \
    do {                                     \
        enum verdict judged = (decision);     \
        if (judged == FAIL) return -1;       \
        long result = (call);                \
        if (judged == TEAR) die();           \
        return result;                       \
    } while (0)

// The length to write; with TEAR the caller dies afterwards.
static size_t share(enum verdict verdict, size_t length) {
    if (verdict == HALVE && length > 1) return length / 2;
    if (verdict == TEAR && kind == TORN) return length / 2;
    return length;
}

// MARK: - Data

ssize_t write(int file, const void *data, size_t length) {
    enum verdict verdict = point_of("write", file, DATA);
    if (verdict == FAIL) return -1;
    ssize_t result = syscall(SYS_write, file, data, share(verdict, length));
    if (verdict == TEAR) die();
    return result;
}

// Which digests the store's log is about to speak of: every word of 64 hexadecimal digits that is written to it.
static void trace_digests(int file, const char *data, size_t length) {
    char path[PATH_MAX];
    if (trace < 0 || !path_of(file, path) || !is_below(path)) return;
    size_t end = strlen(path);
    if (end < 4 || strcmp(path + end - 4, "-wal") != 0) return;
    size_t digits = 0;
    for (size_t index = 0; index <= length; index++) {
        char sign = index < length ? data[index] : 0;
        if ((sign >= '0' && sign <= '9') || (sign >= 'a' && sign <= 'f')) {
            digits++;
            continue;
        }
        if (digits == 64) {
            char line[PATH_MAX + 100];
            int written = snprintf(
                line, sizeof line, "0\tnames\t%s\t%.64s\n", path + root_length, data + index - digits);
            syscall(SYS_write, trace, line, written);
        }
        digits = 0;
    }
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t offset) {
    enum verdict verdict = point_of("pwrite", file, DATA);
    if (verdict == FAIL) return -1;
    int before = errno;
    trace_digests(file, data, length);
    errno = before;
    ssize_t result = syscall(SYS_pwrite64, file, data, share(verdict, length), offset);
    if (verdict == TEAR) die();
    return result;
}

ssize_t pwrite(int file, const void *data, size_t length, off_t offset) { return pwrite64(file, data, length, offset); }

ssize_t writev(int file, const struct iovec *parts, int count) {
    enum verdict verdict = point_of("writev", file, DATA);
    if (verdict == FAIL) return -1;
    bool is_cut = share(verdict, 2) == 1;
    ssize_t result = is_cut && count > 0
        ? syscall(SYS_write, file, parts[0].iov_base, share(verdict, parts[0].iov_len))
        : syscall(SYS_writev, file, parts, count);
    if (verdict == TEAR) die();
    return result;
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t count) {
    enum verdict verdict = point_of("sendfile", to, DATA);
    if (verdict == FAIL) return -1;
    ssize_t result = syscall(SYS_sendfile, to, from, offset, share(verdict, count));
    if (verdict == TEAR) die();
    return result;
}

ssize_t sendfile(int to, int from, off_t *offset, size_t count) { return sendfile64(to, from, offset, count); }

ssize_t copy_file_range(int from, off64_t *start, int to, off64_t *place, size_t length, unsigned flags) {
    enum verdict verdict = point_of("copy_file_range", to, DATA);
    if (verdict == FAIL) return -1;
    ssize_t result = syscall(SYS_copy_file_range, from, start, to, place, share(verdict, length), flags);
    if (verdict == TEAR) die();
    return result;
}

int ftruncate64(int file, off64_t length) {
    WHOLE(point_of("ftruncate", file, NAME_ONLY), (int)syscall(SYS_ftruncate, file, length));
}
int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

int truncate64(const char *name, off64_t length) {
    WHOLE(point_at("truncate", AT_FDCWD, name, NAME_ONLY), (int)syscall(SYS_truncate, name, length));
}
int truncate(const char *name, off_t length) { return truncate64(name, length); }

int fallocate64(int file, int mode, off64_t offset, off64_t length) {
    WHOLE(point_of("fallocate", file, GROWS), (int)syscall(SYS_fallocate, file, mode, offset, length));
}
int fallocate(int file, int mode, off_t offset, off_t length) { return fallocate64(file, mode, offset, length); }

int posix_fallocate64(int file, off64_t offset, off64_t length) {
    return fallocate64(file, 0, offset, length) == 0 ? 0 : errno;
}
int posix_fallocate(int file, off_t offset, off_t length) { return posix_fallocate64(file, offset, length); }

int fsync(int file) { WHOLE(point_of("fsync", file, GROWS), (int)syscall(SYS_fsync, file)); }
int fdatasync(int file) { WHOLE(point_of("fdatasync", file, GROWS), (int)syscall(SYS_fdatasync, file)); }

// MARK: - Names

static int open_at(int folder, const char *name, int flags, mode_t mode) {
    enum verdict verdict = PASS;
    if (flags & O_TRUNC && (flags & O_ACCMODE) != O_RDONLY && exists(folder, name))
        verdict = point_at("open-truncate", folder, name, NAME_ONLY);
    else if (flags & O_CREAT && !exists(folder, name))
        verdict = point_at("create", folder, name, GROWS);
    WHOLE(verdict, (int)syscall(SYS_openat, folder, name, flags, mode));
}

#define MODE(flags, mode)                                       \
    mode_t mode = 0;                                            \
    if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) { \
        va_list rest;                                           \
        va_start(rest, flags);                                  \
        mode = va_arg(rest, mode_t);                            \
        va_end(rest);                                           \
    }

int open(const char *name, int flags, ...) { MODE(flags, mode) return open_at(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags, mode) return open_at(AT_FDCWD, name, flags, mode); }
int openat(int folder, const char *name, int flags, ...) { MODE(flags, mode) return open_at(folder, name, flags, mode); }
int openat64(int folder, const char *name, int flags, ...) { MODE(flags, mode) return open_at(folder, name, flags, mode); }
int __open_2(const char *name, int flags) { return open_at(AT_FDCWD, name, flags, 0); }
int __open64_2(const char *name, int flags) { return open_at(AT_FDCWD, name, flags, 0); }
int creat(const char *name, mode_t mode) { return open_at(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *name, mode_t mode) { return creat(name, mode); }

// A new file with a name that nobody has; the six letters are replaced.
static int make_temporary(char *template, int suffix, int flags) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t length = strlen(template);
    if (suffix < 0 || length < 6 + (size_t)suffix || strncmp(template + length - suffix - 6, "XXXXXX", 6) != 0) {
        errno = EINVAL;
        return -1;
    }
    char *place = template + length - suffix - 6;
    for (int attempt = 0; attempt < 100; attempt++) {
        unsigned char bytes[6];
        if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) return -1;
        for (int index = 0; index < 6; index++) place[index] = letters[bytes[index] % (sizeof letters - 1)];
        int file = open_at(AT_FDCWD, template, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600);
        if (file >= 0 || errno != EEXIST) return file;
    }
    return -1;
}

int mkstemp(char *template) { return make_temporary(template, 0, 0); }
int mkstemp64(char *template) { return make_temporary(template, 0, 0); }
int mkostemp(char *template, int flags) { return make_temporary(template, 0, flags); }
int mkostemp64(char *template, int flags) { return make_temporary(template, 0, flags); }
int mkstemps(char *template, int suffix) { return make_temporary(template, suffix, 0); }
int mkstemps64(char *template, int suffix) { return make_temporary(template, suffix, 0); }
int mkostemps(char *template, int suffix, int flags) { return make_temporary(template, suffix, flags); }
int mkostemps64(char *template, int suffix, int flags) { return make_temporary(template, suffix, flags); }

int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
    int before = errno;
    if (!full_path(from, old, renamed)) renamed[0] = 0;
    errno = before;
    enum verdict verdict = point_at("rename", to, new, GROWS);
    renamed[0] = 0;
    WHOLE(verdict, (int)syscall(SYS_renameat2, from, old, to, new, flags));
}
int renameat(int from, const char *old, int to, const char *new) { return renameat2(from, old, to, new, 0); }
int rename(const char *old, const char *new) { return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0); }

int linkat(int from, const char *old, int to, const char *new, int flags) {
    WHOLE(point_at("link", to, new, GROWS), (int)syscall(SYS_linkat, from, old, to, new, flags));
}
int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int symlinkat(const char *target, int folder, const char *name) {
    WHOLE(point_at("symlink", folder, name, GROWS), (int)syscall(SYS_symlinkat, target, folder, name));
}
int symlink(const char *target, const char *name) { return symlinkat(target, AT_FDCWD, name); }

int unlinkat(int folder, const char *name, int flags) {
    enum verdict verdict =
        exists(folder, name) ? point_at(flags & AT_REMOVEDIR ? "rmdir" : "unlink", folder, name, NAME_ONLY) : PASS;
    WHOLE(verdict, (int)syscall(SYS_unlinkat, folder, name, flags));
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }
int remove(const char *name) {
    int result = unlink(name);
    return result != 0 && (errno == EISDIR || errno == EPERM) ? rmdir(name) : result;
}

int mkdirat(int folder, const char *name, mode_t mode) {
    WHOLE(exists(folder, name) ? PASS : point_at("mkdir", folder, name, GROWS),
        (int)syscall(SYS_mkdirat, folder, name, mode));
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

int fchmod(int file, mode_t mode) { WHOLE(point_of("fchmod", file, NAME_ONLY), (int)syscall(SYS_fchmod, file, mode)); }
int chmod(const char *name, mode_t mode) {
    WHOLE(point_at("chmod", AT_FDCWD, name, NAME_ONLY), (int)syscall(SYS_fchmodat, AT_FDCWD, name, mode));
}

// MARK: - Buffered files of the C library: what they write they write behind our back, so the calls are the points.

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

FILE *fopen64(const char *name, const char *mode) {
    enum verdict verdict = PASS;
    if (strpbrk(mode, "wa")) verdict = point_at("fopen", AT_FDCWD, name, GROWS);
    if (verdict == FAIL) return NULL;
    FILE *file = REAL(fopen64)(name, mode);
    if (verdict == TEAR) die();
    return file;
}
FILE *fopen(const char *name, const char *mode) { return fopen64(name, mode); }

size_t fwrite(const void *data, size_t size, size_t count, FILE *stream) {
    enum verdict verdict = point_of("fwrite", fileno(stream), DATA);
    if (verdict == FAIL) return 0;
    size_t result = REAL(fwrite)(data, size, share(verdict, count), stream);
    if (verdict == TEAR) {
        REAL(fflush)(stream);
        die();
    }
    return result;
}

int fflush(FILE *stream) {
    WHOLE(stream ? point_of("fflush", fileno(stream), GROWS) : PASS, REAL(fflush)(stream));
}

int fclose(FILE *stream) {
    enum verdict verdict = point_of("fclose", fileno(stream), GROWS);
    int reason = errno;
    int result = REAL(fclose)(stream);
    if (verdict == TEAR) die();
    if (verdict != FAIL) return result;
    errno = reason;
    return EOF;
}

// MARK: - The clock

static int64_t shift(void) {
    if (clock_shift == 0) return 0;
    uint64_t reading = atomic_fetch_add(&clock_readings, 1) + 1;
    if (reading < clock_at) return 0;
    if (clock_every > 0 && (reading - clock_at) / clock_every % 2 == 1) return 0;
    next(&report->fired);
    return clock_shift;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += shift();
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    int result = (int)syscall(SYS_gettimeofday, time, zone);
    if (result == 0) time->tv_sec += shift();
    return result;
}

time_t time(time_t *place) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place) *place = now.tv_sec;
    return now.tv_sec;
}

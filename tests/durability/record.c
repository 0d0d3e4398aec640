/* Preloaded into the service: every change of a file under RECORD_UNDER, and every byte sent on a socket, goes to the
 * log RECORD_TO in one total order. Syncs are written down, not done: the disk is the one the cuts are played on.
 * RECORD_SYNC_DELAY_US is what a sync takes there. Little-endian 64-bit Linux; raw system calls, so nothing recurses.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(long) == 8, "offsets fit in a register");

struct record { /* 40 bytes, then `name`, then `data`; recording.py reads it */
    uint64_t file; /* inode */
    int64_t at;    /* offset, size, or for a sync: how many records there were when it began */
    uint64_t other;
    uint32_t op;
    uint32_t name_bytes;
    uint32_t data_bytes;
    uint32_t zero;
};

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static char under[PATH_MAX];
static size_t under_bytes;
static int log_file = -1;
static long sync_delay_us;
static int64_t records;

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("RECORD_UNDER"), *to = getenv("RECORD_TO"), *delay = getenv("RECORD_SYNC_DELAY_US");
    if (!folder || !to) return;
    under_bytes = (size_t)snprintf(under, sizeof under, "%s", folder);
    sync_delay_us = delay ? atol(delay) : 0;
    log_file = (int)syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_file < 0) abort();
}

/* Inside `order`. */
static void put(char op, uint64_t file, int64_t at, const char *name, const void *data, size_t bytes) {
    struct record head = {file, at, 0, (uint32_t)op, name ? (uint32_t)strlen(name) : 0, (uint32_t)bytes, 0};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)name, head.name_bytes}, {(void *)data, bytes}};
    if (syscall(SYS_writev, log_file, parts, 3) != (long)(sizeof head + head.name_bytes + bytes)) abort();
    records++;
}

static int is_under(const char *path) {
    return log_file >= 0 && strncmp(path, under, under_bytes) == 0 && (path[under_bytes] == '/' || !path[under_bytes]);
}

/* What an open file is: 'f' a file under the folder, 'd' the folder itself, 's' a socket, 0 anything else. */
static char kind_of(int fd, struct stat *found) {
    char link[64], path[PATH_MAX];
    if (log_file < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long bytes = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (bytes < 0) return 0;
    path[bytes] = 0;
    int ours = is_under(path);
    if (!ours && strncmp(path, "socket:", 7) != 0) return 0;
    if (fstat(fd, found)) return 0;
    if (!ours) return 's';
    return S_ISDIR(found->st_mode) ? 'd' : 'f';
}

/* The full path of `path` at `dir`, if that is under the folder. */
static const char *place(int dir, const char *path, char *full) {
    char link[64];
    if (log_file < 0 || !path) return NULL;
    if (path[0] == '/') {
        snprintf(full, PATH_MAX, "%s", path);
        return is_under(full) ? full : NULL;
    }
    if (dir == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
    else snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
    long bytes = syscall(SYS_readlinkat, AT_FDCWD, link, full, PATH_MAX - 1);
    if (bytes < 0) return NULL;
    snprintf(full + bytes, (size_t)(PATH_MAX - bytes), "/%s", path);
    return is_under(full) ? full : NULL;
}

/* ---- names ---- */

static int opened(int dir, const char *path, int flags, mode_t mode) {
    char full[PATH_MAX];
    struct stat before, after;
    const char *name = flags & (O_CREAT | O_TRUNC) ? place(dir, path, full) : NULL;
    if (!name) return (int)syscall(SYS_openat, dir, path, flags, mode);
    pthread_mutex_lock(&order);
    int existed = stat(name, &before) == 0;
    int fd = (int)syscall(SYS_openat, dir, path, flags, mode);
    int error = errno;
    if (fd >= 0 && fstat(fd, &after) == 0 && S_ISREG(after.st_mode)) {
        if (!existed) put('c', after.st_ino, 0, name, NULL, 0);
        else if (flags & O_TRUNC) put('t', after.st_ino, 0, name, NULL, 0);
    }
    pthread_mutex_unlock(&order);
    errno = error;
    return fd;
}

#define MODE(flags)                                  \
    mode_t mode = 0;                                 \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {         \
        va_list more;                                \
        va_start(more, flags);                       \
        mode = va_arg(more, mode_t);                 \
        va_end(more);                                \
    }

int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int dir, const char *path, int flags, ...) { MODE(flags) return opened(dir, path, flags, mode); }
int openat64(int dir, const char *path, int flags, ...) { MODE(flags) return opened(dir, path, flags, mode); }
int __open_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __openat_2(int dir, const char *path, int flags) { return opened(dir, path, flags, 0); }
int __openat64_2(int dir, const char *path, int flags) { return opened(dir, path, flags, 0); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

static int renamed(int from_dir, const char *from, int to_dir, const char *to, unsigned flags) {
    char before[PATH_MAX], after[PATH_MAX];
    pthread_mutex_lock(&order);
    const char *old = place(from_dir, from, before), *new = place(to_dir, to, after);
    int answer = (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
    int error = errno;
    if (answer == 0 && old && new) put(flags ? '?' : 'r', 0, 0, old, new, strlen(new));
    else if (answer == 0 && (old || new)) put('?', 0, 0, "rename across the folder's edge", NULL, 0);
    pthread_mutex_unlock(&order);
    errno = error;
    return answer;
}

int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return renamed(a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned f) { return renamed(a, from, b, to, f); }

static int unlinked(int dir, const char *path, int flags) {
    char full[PATH_MAX];
    pthread_mutex_lock(&order);
    const char *name = place(dir, path, full);
    int answer = (int)syscall(SYS_unlinkat, dir, path, flags);
    int error = errno;
    if (answer == 0 && name) put(flags ? '?' : 'u', 0, 0, name, NULL, 0);
    pthread_mutex_unlock(&order);
    errno = error;
    return answer;
}

int unlink(const char *path) { return unlinked(AT_FDCWD, path, 0); }
int unlinkat(int dir, const char *path, int flags) { return unlinked(dir, path, flags); }

static int linked(int from_dir, const char *from, int to_dir, const char *to, int flags) {
    char before[PATH_MAX], after[PATH_MAX];
    pthread_mutex_lock(&order);
    const char *old = place(from_dir, from, before), *new = place(to_dir, to, after);
    int answer = (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
    int error = errno;
    if (answer == 0 && new) put(old && !flags ? 'l' : '?', 0, 0, old ? old : from, new, strlen(new));
    pthread_mutex_unlock(&order);
    errno = error;
    return answer;
}

int link(const char *from, const char *to) { return linked(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int a, const char *from, int b, const char *to, int f) { return linked(a, from, b, to, f); }

/* ---- contents ---- */

static ssize_t wrote_parts(int fd, const struct iovec *parts, int count, int64_t at) {
    struct stat file;
    char kind = kind_of(fd, &file);
    if (kind != 'f') return at < 0 ? syscall(SYS_writev, fd, parts, count) : syscall(SYS_pwritev, fd, parts, count, at, 0);
    pthread_mutex_lock(&order);
    if (at < 0) {
        int appends = (int)syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND;
        at = syscall(SYS_lseek, fd, 0, appends ? SEEK_END : SEEK_CUR);
        syscall(SYS_lseek, fd, at, SEEK_SET);
    }
    ssize_t all = 0;
    for (int i = 0; i < count; i++) {
        ssize_t done = syscall(SYS_pwrite64, fd, parts[i].iov_base, parts[i].iov_len, at + all);
        if (done < 0) {
            if (!all) all = -1;
            break;
        }
        put('w', file.st_ino, at + all, NULL, parts[i].iov_base, (size_t)done);
        all += done;
        if ((size_t)done < parts[i].iov_len) break;
    }
    int error = errno;
    pthread_mutex_unlock(&order);
    errno = error;
    return all;
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t at) {
    struct iovec part = {(void *)data, bytes};
    return wrote_parts(fd, &part, 1, at);
}
ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t at) { return pwrite(fd, data, bytes, at); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return wrote_parts(fd, parts, count, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { return wrote_parts(fd, parts, count, at); }

/* Sequential writes move the file's own place, under the same lock. */
static ssize_t sent_parts(int fd, const struct iovec *parts, int count) {
    struct stat file;
    char kind = kind_of(fd, &file);
    if (kind == 'f') {
        ssize_t done = wrote_parts(fd, parts, count, -1);
        if (done > 0) syscall(SYS_lseek, fd, done, SEEK_CUR);
        return done;
    }
    if (kind != 's') return syscall(SYS_writev, fd, parts, count);
    pthread_mutex_lock(&order);
    ssize_t done = syscall(SYS_writev, fd, parts, count);
    int error = errno;
    ssize_t left = done;
    for (int i = 0; i < count && left > 0; i++) {
        size_t bytes = (size_t)left < parts[i].iov_len ? (size_t)left : parts[i].iov_len;
        put('a', file.st_ino, 0, NULL, parts[i].iov_base, bytes);
        left -= (ssize_t)bytes;
    }
    pthread_mutex_unlock(&order);
    errno = error;
    return done;
}

ssize_t write(int fd, const void *data, size_t bytes) {
    struct iovec part = {(void *)data, bytes};
    return sent_parts(fd, &part, 1);
}
ssize_t writev(int fd, const struct iovec *parts, int count) { return sent_parts(fd, parts, count); }

ssize_t sendto(int fd, const void *data, size_t bytes, int flags, const struct sockaddr *to, socklen_t to_bytes) {
    struct stat file;
    if (kind_of(fd, &file) != 's') return syscall(SYS_sendto, fd, data, bytes, flags, to, to_bytes);
    pthread_mutex_lock(&order);
    ssize_t done = syscall(SYS_sendto, fd, data, bytes, flags, to, to_bytes);
    int error = errno;
    if (done > 0) put('a', file.st_ino, 0, NULL, data, (size_t)done);
    pthread_mutex_unlock(&order);
    errno = error;
    return done;
}
ssize_t send(int fd, const void *data, size_t bytes, int flags) { return sendto(fd, data, bytes, flags, NULL, 0); }

static int resized(int fd, int64_t size) {
    struct stat file;
    if (kind_of(fd, &file) != 'f') return (int)syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&order);
    int answer = (int)syscall(SYS_ftruncate, fd, size);
    int error = errno;
    if (answer == 0) put('t', file.st_ino, size, NULL, NULL, 0);
    pthread_mutex_unlock(&order);
    errno = error;
    return answer;
}

int ftruncate(int fd, off_t size) { return resized(fd, size); }
int ftruncate64(int fd, off64_t size) { return resized(fd, size); }

static int allocated(int fd, int mode, int64_t at, int64_t bytes) {
    struct stat file;
    char kind = kind_of(fd, &file);
    if (kind == 'f') pthread_mutex_lock(&order);
    int answer = (int)syscall(SYS_fallocate, fd, mode, at, bytes);
    int error = errno;
    if (kind != 'f') return answer;
    if (answer == 0 && mode == 0 && at + bytes > file.st_size) put('t', file.st_ino, at + bytes, NULL, NULL, 0);
    else if (answer == 0 && mode != 0) put('?', file.st_ino, 0, "fallocate with a mode", NULL, 0);
    pthread_mutex_unlock(&order);
    errno = error;
    return answer;
}

int fallocate(int fd, int mode, off_t at, off_t bytes) { return allocated(fd, mode, at, bytes); }
int fallocate64(int fd, int mode, off64_t at, off64_t bytes) { return allocated(fd, mode, at, bytes); }
int posix_fallocate(int fd, off_t at, off_t bytes) { return allocated(fd, 0, at, bytes) ? errno : 0; }
int posix_fallocate64(int fd, off64_t at, off64_t bytes) { return allocated(fd, 0, at, bytes) ? errno : 0; }

/* ---- syncs ---- */

static int synced(int fd, long call) {
    struct stat file;
    char kind = kind_of(fd, &file);
    if (kind != 'f' && kind != 'd') return (int)syscall(call, fd);
    pthread_mutex_lock(&order);
    int64_t began = records;
    pthread_mutex_unlock(&order);
    if (sync_delay_us) usleep((useconds_t)sync_delay_us);
    pthread_mutex_lock(&order);
    put(kind == 'd' ? 'D' : 'S', file.st_ino, began, NULL, NULL, 0);
    pthread_mutex_unlock(&order);
    return 0;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }
int sync_file_range(int fd, off64_t at, off64_t bytes, unsigned flags) {
    return (int)syscall(SYS_sync_file_range, fd, at, bytes, flags); /* promises nothing (sync_file_range(2)) */
}

/* ---- what this disk could not play back: recorded, so that the test fails instead of being wrong ---- */

static void unknown_if_ours(int fd, const char *what) {
    struct stat file;
    if (kind_of(fd, &file) != 'f') return;
    pthread_mutex_lock(&order);
    put('?', file.st_ino, 0, what, NULL, 0);
    pthread_mutex_unlock(&order);
}

ssize_t sendfile(int to, int from, off_t *at, size_t bytes) {
    unknown_if_ours(to, "sendfile");
    return syscall(SYS_sendfile, to, from, at, bytes);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t bytes) { return sendfile(to, from, at, bytes); }
ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t bytes, unsigned flags) {
    unknown_if_ours(to, "copy_file_range");
    return syscall(SYS_copy_file_range, from, a, to, b, bytes, flags);
}
int truncate(const char *path, off_t size) {
    char full[PATH_MAX];
    if (place(AT_FDCWD, path, full)) abort();
    return (int)syscall(SYS_truncate, path, size);
}
int truncate64(const char *path, off64_t size) { return truncate(path, size); }

static void *mapped(void *at, size_t bytes, int rights, int flags, int fd, int64_t offset) {
    struct stat file;
    char link[64], path[PATH_MAX];
    if (fd >= 0 && (flags & MAP_SHARED) && (rights & PROT_WRITE) && kind_of(fd, &file) == 'f') {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        long name_bytes = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
        if (name_bytes < 4 || strncmp(path + name_bytes - 4, "-shm", 4) != 0) unknown_if_ours(fd, "mmap");
    }
    return (void *)syscall(SYS_mmap, at, bytes, rights, flags, fd, offset);
}

void *mmap(void *at, size_t bytes, int rights, int flags, int fd, off_t offset) {
    return mapped(at, bytes, rights, flags, fd, offset);
}
void *mmap64(void *at, size_t bytes, int rights, int flags, int fd, off64_t offset) {
    return mapped(at, bytes, rights, flags, fd, offset);
}

/* Preloaded into the service: while the file NO_ROOM_FLAG exists, the file NO_ROOM_AT, or every file of that folder, can
 * neither be written nor grow. So a full disk is seen without being root and without filling one. 64-bit Linux; raw system calls.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

_Static_assert(sizeof(long) == 8, "offsets fit in a register");

/* True, with errno set, when this file can take nothing now. */
static int no_room(int fd) {
    static const char *flag, *at;
    char link[64], path[PATH_MAX];
    if (!flag) flag = getenv("NO_ROOM_FLAG");
    if (!at) at = getenv("NO_ROOM_AT");
    if (!flag || !at || syscall(SYS_faccessat, AT_FDCWD, flag, F_OK)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long bytes = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (bytes < 0) return 0;
    path[bytes] = 0;
    size_t length = strlen(at);
    if (strncmp(path, at, length) != 0 || (path[length] && path[length] != '/')) return 0;
    errno = ENOSPC;
    return 1;
}

static int grows(int fd, int64_t size) {
    struct stat file;
    return fstat(fd, &file) == 0 && size > file.st_size;
}

ssize_t write(int fd, const void *data, size_t bytes) {
    return no_room(fd) ? -1 : syscall(SYS_write, fd, data, bytes);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    return no_room(fd) ? -1 : syscall(SYS_writev, fd, parts, count);
}
ssize_t pwrite(int fd, const void *data, size_t bytes, off_t at) {
    return no_room(fd) ? -1 : syscall(SYS_pwrite64, fd, data, bytes, at);
}
ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t at) { return pwrite(fd, data, bytes, at); }
int ftruncate(int fd, off_t size) { return grows(fd, size) && no_room(fd) ? -1 : (int)syscall(SYS_ftruncate, fd, size); }
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }
int fallocate(int fd, int mode, off_t at, off_t bytes) {
    return no_room(fd) ? -1 : (int)syscall(SYS_fallocate, fd, mode, at, bytes);
}
int fallocate64(int fd, int mode, off64_t at, off64_t bytes) { return fallocate(fd, mode, at, bytes); }
int posix_fallocate(int fd, off_t at, off_t bytes) { return fallocate(fd, 0, at, bytes) ? errno : 0; }
int posix_fallocate64(int fd, off64_t at, off64_t bytes) { return fallocate(fd, 0, at, bytes) ? errno : 0; }

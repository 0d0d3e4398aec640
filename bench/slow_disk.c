/* A slow card: every fsync and fdatasync of the process lasts at least SLOW_DISK_MS, and is counted.

   cc -shared -fPIC -O2 -o slow_disk.so slow_disk.c -ldl
   LD_PRELOAD=slow_disk.so SLOW_DISK_MS=8 SLOW_DISK_COUNT=file …

   SLOW_DISK_COUNT names a file of 8 bytes: the syncs begun so far, little-endian on every machine we know. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

typedef int (*sync_call)(int);

static sync_call real_fsync, real_fdatasync;
static long least_ns;
static unsigned long long unread, *count = &unread;

__attribute__((constructor)) static void set_up(void)
{
    const char *ms = getenv("SLOW_DISK_MS"), *path = getenv("SLOW_DISK_COUNT");
    real_fsync = (sync_call)dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (sync_call)dlsym(RTLD_NEXT, "fdatasync");
    least_ns = ms ? (long)(atof(ms) * 1e6) : 0;
    int file = path ? open(path, O_RDWR | O_CREAT, 0600) : -1;
    if (file < 0 || ftruncate(file, sizeof *count) != 0)
        return;
    void *shared = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared != MAP_FAILED)
        count = shared;
    close(file);
}

static int slowly(sync_call call, int file)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_nsec += least_ns;
    end.tv_sec += end.tv_nsec / 1000000000L;
    end.tv_nsec %= 1000000000L;
    __atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
    int result = call(file);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) != 0)
        ;
    return result;
}

int fsync(int file) { return slowly(real_fsync, file); }
int fdatasync(int file) { return slowly(real_fdatasync, file); }

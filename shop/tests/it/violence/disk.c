/* A disk that goes bad, under the real program: while the file $BAD_DISK/full is there, SQLite's files take no more
 * bytes; while $BAD_DISK/sync is there, nothing is made durable. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_bad(const char *how) {
    char path[4096];
    const char *folder = getenv("BAD_DISK");
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "", how);
    return access(path, F_OK) == 0;
}

static int is_of_sqlite(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, "oxcart.db") != NULL;
}

static int fails(int file, const char *how, int error) {
    int before = errno;
    int bad = is_of_sqlite(file) && is_bad(how);
    errno = bad ? error : before;
    return bad;
}

#define REAL(name, type) ((type)dlsym(RTLD_NEXT, name))

ssize_t write(int file, const void *bytes, size_t count) {
    if (fails(file, "full", ENOSPC)) return -1;
    return REAL("write", ssize_t (*)(int, const void *, size_t))(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    if (fails(file, "full", ENOSPC)) return -1;
    return REAL("pwrite", ssize_t (*)(int, const void *, size_t, off_t))(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    if (fails(file, "full", ENOSPC)) return -1;
    return REAL("pwrite64", ssize_t (*)(int, const void *, size_t, off64_t))(file, bytes, count, at);
}

int fsync(int file) {
    if (fails(file, "sync", EIO)) return -1;
    return REAL("fsync", int (*)(int))(file);
}

int fdatasync(int file) {
    if (fails(file, "sync", EIO)) return -1;
    return REAL("fdatasync", int (*)(int))(file);
}

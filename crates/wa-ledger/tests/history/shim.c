/* Stands between a process and the C library, for one file and those whose names begin like it.
 *
 * WA_SHIM_FILE   the file: the database; with "-wal" or "-journal" it is a log, with ".promises" what the process has
 *                promised
 * WA_SHIM_TRACE  where every change is written down, in the order in which it happened
 * WA_SHIM_FAIL   "write 7 5", "tear 7 5", "sync 3 5": the operation of this kind with this number fails with this errno;
 *                "all" after it: and so does every later one
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NONE, DATABASE, LOG, PROMISES, JOURNAL };
enum { WRITE = 1, SYNC, TRUNCATE, UNLINK };

struct record {
    uint32_t operation, file;
    uint64_t offset, length;
};

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int file_at(const char *path) {
    const char *file = getenv("WA_SHIM_FILE");
    if (!file || strncmp(path, file, strlen(file)) != 0)
        return NONE;
    const char *end = path + strlen(file);
    return !*end                       ? DATABASE
           : !strcmp(end, "-wal")      ? LOG
           : !strcmp(end, "-journal")  ? JOURNAL
           : !strcmp(end, ".promises") ? PROMISES
                                       : NONE;
}

static int file_of(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return NONE;
    path[length] = 0;
    return file_at(path);
}

static void trace(int operation, int file, uint64_t offset, const void *data, uint64_t length, size_t stored) {
    static int output = -1;
    const char *path = getenv("WA_SHIM_TRACE");
    if (!path)
        return;
    if (output < 0)
        output = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct record record = {operation, file, offset, length};
    struct iovec pieces[2] = {{&record, sizeof record}, {(void *)data, stored}};
    if (writev(output, pieces, 2) != (ssize_t)(sizeof record + stored))
        abort();
}

/* The errno with which this operation fails, or 0. `torn` says whether half of it is done before. */
static int fails(const char *operation, int file, int *torn) {
    static int writes, syncs;
    char kind[16], all[8] = "";
    int number, error;
    const char *plan = getenv("WA_SHIM_FAIL");
    if (!plan || file == PROMISES || sscanf(plan, "%15s %d %d %7s", kind, &number, &error, all) < 3)
        return 0;
    int count = !strcmp(operation, "sync") ? ++syncs : ++writes;
    *torn = !strcmp(kind, "tear");
    int is_meant = !strcmp(kind, operation) || (*torn && !strcmp(operation, "write"));
    return is_meant && (count == number || (*all && count > number)) ? error : 0;
}

static ssize_t change(int descriptor, const void *data, size_t length, off64_t offset, int is_positioned) {
    int file = file_of(descriptor), torn = 0, error = file ? fails("write", file, &torn) : 0;
    off64_t at = is_positioned ? offset : file == PROMISES ? 0 : file ? REAL(lseek64)(descriptor, 0, SEEK_CUR) : 0;
    size_t allowed = error ? (torn ? length / 2 : 0) : length;
    ssize_t done = 0;
    if (allowed || !error)
        done = is_positioned ? REAL(pwrite64)(descriptor, data, allowed, offset) : REAL(write)(descriptor, data, allowed);
    if (file && done > 0)
        trace(WRITE, file, at, data, done, done);
    if (!error)
        return done;
    errno = error;
    return -1;
}

ssize_t write(int descriptor, const void *data, size_t length) { return change(descriptor, data, length, 0, 0); }

ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) {
    return change(descriptor, data, length, offset, 1);
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t offset) {
    return change(descriptor, data, length, offset, 1);
}

static int sync_with(int (*real)(int), int descriptor) {
    int file = file_of(descriptor), torn, error = file ? fails("sync", file, &torn) : 0;
    if (error) {
        errno = error;
        return -1;
    }
    int result = real(descriptor);
    if (file && file != PROMISES && !result)
        trace(SYNC, file, 0, 0, 0, 0);
    return result;
}

int fsync(int descriptor) { return sync_with(REAL(fsync), descriptor); }

int fdatasync(int descriptor) { return sync_with(REAL(fdatasync), descriptor); }

static int truncate_to(int descriptor, off64_t length) {
    int file = file_of(descriptor), result = REAL(ftruncate64)(descriptor, length);
    if (file && !result)
        trace(TRUNCATE, file, length, 0, 0, 0);
    return result;
}

int ftruncate(int descriptor, off_t length) { return truncate_to(descriptor, length); }

int ftruncate64(int descriptor, off64_t length) { return truncate_to(descriptor, length); }

/* A process that is forked has another id. It is played once the file with this end is there. */
pid_t getpid(void) {
    char path[4096];
    const char *file = getenv("WA_SHIM_FILE");
    snprintf(path, sizeof path, "%s.forked", file ? file : "");
    return REAL(getpid)() + (file && !access(path, F_OK));
}

int unlink(const char *path) {
    int file = file_at(path), result = REAL(unlink)(path);
    if (file && !result)
        trace(UNLINK, file, 0, 0, 0, 0);
    return result;
}

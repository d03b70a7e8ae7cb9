/*
 * Makes one system call of a program fail, or the program end in it: preload this library (LD_PRELOAD).
 *
 *   FAULT_FOLDER  only calls for files below this folder count
 *   FAULT_AT      which call, from 1; 0 or nothing: none
 *   FAULT_ERRNO   what it fails with; 0: the process is killed instead. A write fails, or is killed, after half of its bytes
 *   FAULT_LOG     a file that gets a line for each call that counts
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int concerns_path(const char *path)
{
  const char *folder = getenv("FAULT_FOLDER");
  return folder != NULL && path != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int concerns_file(int file)
{
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return concerns_path(path);
}

/* Whether this is the call to spoil; errno is set then. */
static int spoiled(const char *call)
{
  static int calls = 0;
  const int number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
  const char *log = getenv("FAULT_LOG"), *at = getenv("FAULT_AT"), *error = getenv("FAULT_ERRNO");
  if (log != NULL) {
    FILE *file = fopen(log, "a");
    if (file != NULL) {
      fprintf(file, "%d %s\n", number, call);
      fclose(file);
    }
  }
  if (at == NULL || atoi(at) != number) return 0;
  errno = error == NULL ? 0 : atoi(error);
  return 1;
}

static int fail(void)
{
  if (errno == 0) kill(getpid(), SIGKILL);
  return -1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count)
{
  if (!concerns_file(file) || !spoiled("write")) return REAL(write)(file, bytes, count);
  const int error = errno;
  REAL(write)(file, bytes, count / 2);
  errno = error;
  return fail();
}

int fsync(int file) { return concerns_file(file) && spoiled("fsync") ? fail() : REAL(fsync)(file); }

int rename(const char *from, const char *to)
{
  return concerns_path(to) && spoiled("rename") ? fail() : REAL(rename)(from, to);
}

int unlink(const char *path) { return concerns_path(path) && spoiled("unlink") ? fail() : REAL(unlink)(path); }

static int spoiled_open(const char *path, int flags)
{
  return (flags & (O_WRONLY | O_RDWR)) != 0 && concerns_path(path) && spoiled("open");
}

int open(const char *path, int flags, ...)
{
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return spoiled_open(path, flags) ? fail() : REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return spoiled_open(path, flags) ? fail() : REAL(open64)(path, flags, mode);
}

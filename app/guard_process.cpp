#include "app/guard_process.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sojourn::app {
namespace {

// More descriptors than any setting can ask for.
constexpr rlim_t kMostFiles = 1 << 20;

// LeakSanitizer looks at the process as a debugger does, at its end.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kIsLookedAt = true;
#elif defined(__has_feature)
constexpr bool kIsLookedAt = __has_feature(address_sanitizer);
#else
constexpr bool kIsLookedAt = false;
#endif

tl::unexpected<base::Error> failed(const char* what) {
  return base::failure(base::Error::Kind::kFatal,
                       fmt::format("cannot {}: {}", what, std::strerror(errno)));
}

// A dump would have every key and many people in it. Without the mark `dumpable` the kernel writes
// none, hands none to a collector, and lets no other process of this user look into ours.
base::Status forbid_dumps() {
  constexpr rlimit kNone{0, 0};
  if (::setrlimit(RLIMIT_CORE, &kNone) != 0) return failed("forbid core dumps");
  if (!kIsLookedAt && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return failed("forbid core dumps");
  return {};
}

}  // namespace

std::size_t files_allowed() {
  rlimit files{};
  return ::getrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : 0;
}

void fill_standard_descriptors() {
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(standard, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest that is free is this one. Opened the other way round, it refuses its use.
    const int opened = ::open("/dev/null", standard == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (opened != standard) std::_Exit(EXIT_FAILURE);
  }
}

base::Status guard_process(bool core_dumps) {
  // Files that are made from now on: the database has people in it.
  ::umask(S_IRWXG | S_IRWXO);
  // It asks for the keys to be read anew, and would end a daemon that is still starting.
  std::signal(SIGHUP, SIG_IGN);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return failed("ask how many files may be open");
  if (files.rlim_cur < files.rlim_max) {
    files.rlim_cur = files.rlim_max < kMostFiles ? files.rlim_max : kMostFiles;
    if (::setrlimit(RLIMIT_NOFILE, &files) != 0) return failed("open more files");
  }
  return core_dumps ? base::Status{} : forbid_dumps();
}

}  // namespace sojourn::app

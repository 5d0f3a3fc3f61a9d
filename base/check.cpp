#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace sojourn::base {

void check_failed(const char* expression, const char* file, int line, const char* belief) {
  std::fprintf(stderr, "sojourn: internal error: %s (%s) at %s:%d\n", belief, expression, file,
               line);
  std::abort();
}

}  // namespace sojourn::base

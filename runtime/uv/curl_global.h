// libcurl's process-wide set-up: whoever uses curl holds one of these meanwhile. Any
// thread.
#pragma once

namespace sojourn::uv {

struct CurlGlobal {
  CurlGlobal();
};

}  // namespace sojourn::uv

#include "runtime/uv/curl_global.h"

#include <curl/curl.h>

#include "base/check.h"

namespace sojourn::uv {

CurlGlobal::CurlGlobal() {
  // Never undone: other threads may still use curl when a client goes.
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  SOJOURN_CHECK(kReady == CURLE_OK, "curl can set itself up");
}

}  // namespace sojourn::uv

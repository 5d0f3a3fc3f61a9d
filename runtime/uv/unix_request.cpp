#include "runtime/uv/unix_request.h"

#include <cerrno>
#include <curl/curl.h>
#include <fmt/format.h>
#include <memory>

#include "base/check.h"
#include "runtime/uv/curl_global.h"

namespace sojourn::uv {
namespace {

// The daemon's own tables, at most; more is a mistake.
constexpr std::size_t kMaxReplyBytes = std::size_t{64} * 1024 * 1024;

std::size_t on_body(char* data, std::size_t, std::size_t size, void* body_pointer) {
  auto* body = static_cast<std::string*>(body_pointer);
  if (body->size() + size > kMaxReplyBytes) return 0;
  body->append(data, size);
  return size;
}

// No socket, or one that a process left behind.
bool is_nobody_there(CURL* easy, CURLcode code) {
  long reason = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &reason);
  return code == CURLE_COULDNT_CONNECT && (reason == ENOENT || reason == ECONNREFUSED);
}

}  // namespace

base::Result<UnixReply> unix_request(const std::string& socket_path, const std::string& target,
                                     const std::string& body, base::Millis timeout) {
  SOJOURN_CHECK(target.starts_with('/'), "a request target begins with a slash");
  const CurlGlobal curl;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(),
                                                                 curl_easy_cleanup);
  SOJOURN_CHECK(easy != nullptr, "curl has memory for a handle");
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
      curl_slist_append(nullptr, "Expect:"), curl_slist_free_all);
  curl_slist_append(headers.get(), "Content-Type: application/json");

  UnixReply reply;
  const std::string url = "http://localhost" + target;
  curl_easy_setopt(easy.get(), CURLOPT_UNIX_SOCKET_PATH, socket_path.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, long{timeout.count});
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &reply.body);
  if (!body.empty()) {
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, body.c_str());
  }
  const CURLcode code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) {
    return base::failure(
        is_nobody_there(easy.get(), code) ? base::Error::Kind::kUnavailable
                                          : base::Error::Kind::kConflict,
        fmt::format("no answer from `{}`: {}", socket_path, curl_easy_strerror(code)),
        "is the daemon running?");
  }
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  return reply;
}

}  // namespace sojourn::uv

#include "tests/e2e/http.h"

#include <algorithm>
#include <cctype>
#include <curl/curl.h>
#include <mutex>

#include "base/check.h"

namespace sojourn::e2e {
namespace {

constexpr long kTimeoutSeconds = 60;

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* into) {
  static_cast<Answer*>(into)->body.append(data, size * count);
  return size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* into) {
  const std::string line(data, size * count);
  const std::size_t colon = line.find(':');
  if (colon != std::string::npos) {
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::size_t begin = line.find_first_not_of(' ', colon + 1);
    const std::size_t end = line.find_last_not_of("\r\n");
    static_cast<Answer*>(into)->headers[name] =
        begin == std::string::npos || end < begin ? "" : line.substr(begin, end - begin + 1);
  }
  return size * count;
}

CURL* new_handle() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  CURL* handle = curl_easy_init();
  SOJOURN_CHECK(handle != nullptr, "curl can be initialised");
  return handle;
}

}  // namespace

Http::Http(int port) : base_url_("http://127.0.0.1:" + std::to_string(port)), curl_(new_handle()) {}

Http::~Http() {
  curl_easy_cleanup(curl_);
}

Answer Http::get(const std::string& target) {
  curl_easy_reset(curl_);
  return perform(target, {});
}

Answer Http::post(const std::string& target, const std::string& body,
                  const std::vector<std::string>& headers) {
  curl_easy_reset(curl_);
  curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(curl_, CURLOPT_COPYPOSTFIELDS, body.c_str());
  return perform(target, headers);
}

Answer Http::remove(const std::string& target, const std::vector<std::string>& headers) {
  return call("DELETE", target, {}, headers);
}

Answer Http::call(const std::string& method, const std::string& target, const std::string& body,
                  const std::vector<std::string>& headers) {
  curl_easy_reset(curl_);
  if (!body.empty()) {
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl_, CURLOPT_COPYPOSTFIELDS, body.c_str());
  }
  curl_easy_setopt(curl_, CURLOPT_CUSTOMREQUEST, method.c_str());
  return perform(target, headers);
}

Answer Http::perform(const std::string& target, const std::vector<std::string>& headers) {
  Answer answer;
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
  const std::string url = base_url_ + target;
  curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl_, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl_, CURLOPT_PROXY, "");
  curl_easy_setopt(curl_, CURLOPT_TIMEOUT, kTimeoutSeconds);
  curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl_, CURLOPT_HEADERDATA, &answer);
  const CURLcode code = curl_easy_perform(curl_);
  curl_slist_free_all(list);
  if (code != CURLE_OK) return {};
  long status = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace sojourn::e2e

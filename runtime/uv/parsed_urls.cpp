#include "runtime/uv/parsed_urls.h"

namespace sojourn::uv {

CURLU* ParsedUrls::find(const std::string& url) {
  const auto found = urls_.find(url);
  if (found != urls_.end()) return found->second.get();
  if (urls_.size() == kMaxUrls) return nullptr;
  std::unique_ptr<CURLU, Cleanup> parsed(curl_url());
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) {
    return nullptr;
  }
  return urls_.emplace(url, std::move(parsed)).first->second.get();
}

}  // namespace sojourn::uv

// Curl spends a fifth of a request's time on taking its URL apart. A client asks for
// few different ones, so each is parsed once. Internal to the client; loop thread
// only.
#pragma once

#include <cstddef>
#include <curl/curl.h>
#include <memory>
#include <string>
#include <unordered_map>

namespace sojourn::uv {

class ParsedUrls {
 public:
  // The parsed `url`, kept as long as this object. Null when it cannot be parsed, or
  // when kMaxUrls others are kept already: then curl is given the text.
  CURLU* find(const std::string& url);
  static constexpr std::size_t kMaxUrls = 256;

 private:
  struct Cleanup {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
  };
  std::unordered_map<std::string, std::unique_ptr<CURLU, Cleanup>> urls_;
};

}  // namespace sojourn::uv

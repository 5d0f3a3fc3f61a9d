// HTTP/1.1 for tests: one keep-alive connection to a server on loopback, each
// request waited for. One thread each.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sojourn::e2e {

using Json = nlohmann::json;

struct Answer {
  int status = 0;  // 0: no whole answer came
  std::string body;
  std::map<std::string, std::string> headers;  // names in lower case

  // The body as JSON; a discarded value when it is not.
  Json json() const { return Json::parse(body, nullptr, false); }
};

class Http {
 public:
  explicit Http(int port);
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  Answer get(const std::string& target);
  // `headers` as "Name: value".
  Answer post(const std::string& target, const std::string& body,
              const std::vector<std::string>& headers);
  // A DELETE.
  Answer remove(const std::string& target, const std::vector<std::string>& headers);
  // Of any method; an empty body is none.
  Answer call(const std::string& method, const std::string& target, const std::string& body,
              const std::vector<std::string>& headers);

 private:
  Answer perform(const std::string& target, const std::vector<std::string>& headers);

  const std::string base_url_;
  void* curl_;
};

}  // namespace sojourn::e2e

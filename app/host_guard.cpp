#include "app/host_guard.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <fmt/format.h>
#include <netinet/in.h>

#include "base/text.h"

namespace sojourn::app {
namespace {

bool is_ip4(const std::string& text) {
  in_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1;
}

bool is_ip6(const std::string& text) {
  in6_addr address{};
  return inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_port(std::string_view text) {
  return text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// `[::1]:80` is `[::1]`, `localhost:80` is `localhost`; nothing when what follows is no port.
std::optional<std::string_view> without_port(std::string_view host) {
  const std::size_t from = host.starts_with('[') ? host.find(']') : 0;
  if (from == std::string_view::npos) return std::nullopt;
  const std::size_t colon = host.find(':', from);
  if (colon == std::string_view::npos) return host;
  if (!is_port(host.substr(colon + 1))) return std::nullopt;
  return host.substr(0, colon);
}

std::string as_compared(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return base::lower_ascii(name);
}

}  // namespace

bool is_loopback(std::string_view host) {
  const std::string text(host);
  return text == "localhost" || text == "::1" || (is_ip4(text) && text.starts_with("127."));
}

HostGuard::HostGuard(const std::vector<std::string>& hosts) {
  for (const std::string& host : hosts) {
    if (host == "*") knows_all_ = true;
    hosts_.push_back(as_compared(host));
  }
}

bool HostGuard::knows(std::string_view host) const {
  const auto name = without_port(host);
  if (!name || name->empty()) return false;
  if (name->starts_with('[')) {
    return name->ends_with(']') && is_ip6(std::string(name->substr(1, name->size() - 2)));
  }
  const std::string compared = as_compared(*name);
  return compared == "localhost" || is_ip4(compared) ||
         std::ranges::find(hosts_, compared) != hosts_.end();
}

std::optional<HostGuard::Refusal> HostGuard::doubt(const uv::HttpRequest& request) const {
  const auto site = request.header("sec-fetch-site");
  if (request.header("origin") || (site && *site != "none")) {
    return Refusal{403, "Forbidden",
                   "pages of a browser may not ask here: senders are programs, and no answer lets "
                   "an Origin in"};
  }
  const auto host = request.header("host");
  if (knows_all_ || (host && knows(*host))) return std::nullopt;
  return Refusal{421, "MisdirectedRequest",
                 fmt::format("nothing here is called `{:.100}`: `hosts` under [listen] in "
                             "sojourn.toml lists by which names senders may ask",
                             host.value_or(""))};
}

}  // namespace sojourn::app

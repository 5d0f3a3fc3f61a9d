#include "app/notice_receiver.h"

#include <fmt/format.h>
#include <utility>

#include "runtime/intake_parse.h"
#include "runtime/notice_intake.h"

namespace sojourn::app {
namespace {

uv::HttpResponse http_response(int status, std::string_view code, std::string_view msg) {
  runtime::IntakeAnswer answer = runtime::envelope(status, code, msg);
  uv::HttpResponse response;
  response.status = answer.status;
  response.body = std::move(answer.body);
  if (status == 429) response.headers.push_back({"Retry-After", "1"});
  return response;
}

// The token behind the scheme; the whole where there is none that Iterable writes.
std::string_view without_scheme(std::string_view authorization) {
  for (const std::string_view scheme : {"Basic ", "OAuth2 "}) {
    if (authorization.starts_with(scheme)) return authorization.substr(scheme.size());
  }
  return authorization;
}

// To whoever sent it, what became of a notice: why it was passed over, if it was.
std::string_view told_of(std::string_view became) {
  if (became == "repeated") return "taken before";
  if (became == "unknown_user") {
    return "not kept: nobody here is called so, and it says nothing that would count later";
  }
  if (became == "nobody") return "not kept: it names nobody";
  if (became == "bot") return "not kept: a program has done it, and not the person";
  if (became == "unread") return "not kept: nothing here goes by such an event";
  return became;
}

}  // namespace

NoticeReceiver::NoticeReceiver(const std::vector<std::string>& keys, std::string header,
                               std::function<bool(runtime::IntakeRequest)> offer)
    : header_(std::move(header)), offer_(std::move(offer)) {
  replace(keys);
}

void NoticeReceiver::replace(const std::vector<std::string>& keys) {
  keys_.clear();
  for (const std::string& key : keys) keys_.emplace_back(key);
}

bool NoticeReceiver::is_key(std::string_view given) const {
  bool matches = false;
  for (const ExpectedKey& key : keys_) matches = key.matches(given) || matches;
  return matches;
}

bool NoticeReceiver::is_let_in(const uv::HttpRequest& request) const {
  const auto given = request.header(header_.empty() ? std::string_view("authorization") : header_);
  if (!given) return false;
  return is_key(*given) || (header_.empty() && is_key(without_scheme(*given)));
}

void NoticeReceiver::handle(const uv::HttpRequest& request, uv::Responder responder) {
  if (keys_.empty() || request.method() != "POST") {
    return responder.answer(http_response(
        404, "NotFound",
        "no webhooks of Iterable are taken here: POST them, and give sojourn.toml a key under "
        "[iterable.webhooks]"));
  }
  if (!is_let_in(request)) {
    ++refused_.unauthorized;
    return responder.answer(
        http_response(401, "BadApiKey",
                      fmt::format("the header `{}` brings no key of [iterable.webhooks]",
                                  header_.empty() ? "authorization" : header_)));
  }
  responder.let_in();
  auto notice = reader_.read(request.body());
  if (!notice) {
    ++refused_.malformed;
    return responder.answer(
        http_response(400, "BadJsonBody", fmt::format("no system webhook: {}", notice.error())));
  }
  const std::string event = notice->event_name;
  auto given = runtime::notice_request(std::move(*notice));
  if (!given) {
    ++refused_.nameless;
    return responder.answer(
        http_response(400, "BadParams",
                      fmt::format("`{:.100}` is kept of nobody: {}; mend that and send it again",
                                  event, given.error())));
  }
  const std::uint64_t token = next_token_++;
  given->token = token;
  if (!offer_(std::move(*given))) {
    ++refused_.no_room;
    return responder.answer(
        http_response(429, "RateLimitExceeded", "too much is waiting to be stored; send it again"));
  }
  waiting_.emplace(token, std::move(responder));
}

void NoticeReceiver::finish(const runtime::IntakeResult& result) {
  const auto found = waiting_.find(result.token);
  if (found == waiting_.end()) return;
  uv::Responder responder = std::move(found->second);
  waiting_.erase(found);
  responder.answer(http_response(200, "Success", told_of(result.notice)));
}

}  // namespace sojourn::app

#include "sandbox/answers.h"

#include <fmt/core.h>

#include "base/text.h"

namespace sojourn::sandbox {
namespace {

constexpr std::string_view kGenericError = "An error occurred. Please try again later.";

std::string quoted(std::string_view text) {
  std::string out;
  base::append_json_string(out, text);
  return out;
}

}  // namespace

Reply envelope(int status, std::string_view code, std::string_view message,
               std::string_view params) {
  Reply reply;
  reply.status = status;
  reply.body =
      fmt::format(R"({{"msg":{},"code":{},"params":{}}})", quoted(message), quoted(code), params);
  return reply;
}

Reply success(std::string_view message, std::string_view params) {
  return envelope(200, "Success", message, params);
}

Reply bad_api_key(std::string_view path) {
  // The sandbox listens on loopback only, so this is the address of every caller.
  return envelope(401, "BadApiKey", "Invalid API key",
                  fmt::format(R"({{"ip":"127.0.0.1","endpoint":{}}})", quoted(path)));
}

Reply not_found() {
  Reply reply;
  reply.status = 404;
  reply.content_type = "text/html";
  reply.body =
      "<!DOCTYPE html>\n<html><head><title>Not found</title></head>"
      "<body><h1>Not found</h1></body></html>\n";
  return reply;
}

Reply bad_json(std::string_view path, std::string_view place, std::string_view words) {
  std::string params = "null";
  if (!words.empty()) {
    const std::string where = place.empty() ? "obj" : fmt::format("obj.{}", place);
    params = fmt::format("{{{}:{}}}", quoted(where), quoted(words));
  }
  return envelope(400, "BadJsonBody", fmt::format("[{}] Invalid JSON body", path), params);
}

Reply invalid_email(std::string_view email) {
  return envelope(400, "InvalidEmailAddressError", fmt::format("Invalid email: {}", email));
}

Reply invalid_user_id(std::string_view user_id) {
  return envelope(400, "InvalidUserIdError", fmt::format("Invalid userId: {}", user_id));
}

Reply no_user() {
  return envelope(400, "BadParams", "Either email or userId must be specified");
}

Reply database_error() {
  return envelope(500, "DatabaseError",
                  "An error occurred while storing the data. Try again later");
}

Reply broken(std::string_view words) {
  return envelope(500, "GenericError", kGenericError,
                  fmt::format(R"({{"sandbox":{}}})", quoted(words)));
}

Reply misbehaved(int status, std::string_view path, std::string_view retry_after,
                 std::int64_t project) {
  Reply reply;
  if (status == 429) {
    reply = envelope(
        429, "RateLimitExceeded",
        fmt::format("Exceeded rate limit for endpoint: {}, project: {}", path, project), "{}");
  } else if (status == 500) {
    reply = envelope(500, "GenericError", kGenericError);
  } else {
    // What stands in front of Iterable's application does not know its envelope.
    reply.status = status;
    reply.content_type = "text/html";
    reply.body = fmt::format("<html><body><h1>{}</h1></body></html>\n", status);
  }
  reply.retry_after = retry_after;
  return reply;
}

}  // namespace sojourn::sandbox

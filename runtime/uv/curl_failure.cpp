#include "runtime/uv/curl_failure.h"

#include <utility>

namespace sojourn::uv {
namespace {

using Kind = HttpFailure::Kind;

Kind kind_of(const TransferFacts& facts) {
  const bool sent = facts.request_bytes > 0;
  if (facts.body_too_large) return Kind::kBodyTooLarge;
  if (facts.repeat_refused) return Kind::kResetAfterSend;
  switch (facts.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return Kind::kDns;
    case CURLE_COULDNT_CONNECT:
      return facts.address_refused ? Kind::kAddressRefused : Kind::kConnect;
    case CURLE_OPERATION_TIMEDOUT:
      return sent ? Kind::kTimeoutAfterSend : Kind::kTimeoutBeforeSend;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_USE_SSL_FAILED:
      return sent ? Kind::kResetAfterSend : Kind::kTls;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return sent ? Kind::kResetAfterSend : Kind::kResetBeforeSend;
    case CURLE_FILESIZE_EXCEEDED:
      return Kind::kBodyTooLarge;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:  // also what an answer in HTTP/0.9 is called
      return sent ? Kind::kBadAnswer : Kind::kInvalidCall;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      return sent ? Kind::kBadAnswer : Kind::kOther;
    default:
      return Kind::kOther;
  }
}

}  // namespace

std::string_view kind_name(HttpFailure::Kind kind) {
  switch (kind) {
    case Kind::kInvalidCall:
      return "invalid_call";
    case Kind::kDns:
      return "dns";
    case Kind::kConnect:
      return "connect";
    case Kind::kAddressRefused:
      return "address_refused";
    case Kind::kTls:
      return "tls";
    case Kind::kTimeoutBeforeSend:
      return "timeout_before_send";
    case Kind::kTimeoutAfterSend:
      return "timeout_after_send";
    case Kind::kResetBeforeSend:
      return "reset_before_send";
    case Kind::kResetAfterSend:
      return "reset_after_send";
    case Kind::kBodyTooLarge:
      return "body_too_large";
    case Kind::kBadAnswer:
      return "bad_answer";
    case Kind::kOther:
      return "other";
  }
  return "other";
}

HttpFailure explain(const TransferFacts& facts) {
  HttpFailure failure;
  failure.kind = kind_of(facts);
  failure.maybe_received = facts.request_bytes > 0;
  failure.status = facts.status;
  if (facts.repeat_refused) {
    failure.message = "the connection broke before an answer came";
  } else if (failure.kind == Kind::kBodyTooLarge) {
    failure.message = "the answer is larger than allowed";
  } else if (failure.kind == Kind::kAddressRefused) {
    failure.message = "the host's address is not a public one";
  } else {
    failure.message = facts.text.empty() ? curl_easy_strerror(facts.code) : facts.text;
  }
  return failure;
}

}  // namespace sojourn::uv

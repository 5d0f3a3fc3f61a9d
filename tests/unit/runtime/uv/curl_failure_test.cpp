#include "runtime/uv/curl_failure.h"

#include <gtest/gtest.h>

namespace sojourn::uv {
namespace {

using Kind = HttpFailure::Kind;

TransferFacts facts(CURLcode code, long request_bytes) {
  TransferFacts made;
  made.code = code;
  made.request_bytes = request_bytes;
  return made;
}

TEST(CurlFailure, TellsWhatBrokeBeforeAByteLeftFromWhatBrokeLater) {
  struct Row {
    CURLcode code;
    Kind before;
    Kind after;
  };
  const Row rows[] = {
      {CURLE_OPERATION_TIMEDOUT, Kind::kTimeoutBeforeSend, Kind::kTimeoutAfterSend},
      {CURLE_SEND_ERROR, Kind::kResetBeforeSend, Kind::kResetAfterSend},
      {CURLE_RECV_ERROR, Kind::kResetBeforeSend, Kind::kResetAfterSend},
      {CURLE_GOT_NOTHING, Kind::kResetBeforeSend, Kind::kResetAfterSend},
      {CURLE_PARTIAL_FILE, Kind::kResetBeforeSend, Kind::kResetAfterSend},
      {CURLE_SSL_CONNECT_ERROR, Kind::kTls, Kind::kResetAfterSend},
      {CURLE_PEER_FAILED_VERIFICATION, Kind::kTls, Kind::kResetAfterSend},
      {CURLE_COULDNT_RESOLVE_HOST, Kind::kDns, Kind::kDns},
      {CURLE_COULDNT_CONNECT, Kind::kConnect, Kind::kConnect},
      {CURLE_URL_MALFORMAT, Kind::kInvalidCall, Kind::kBadAnswer},
      {CURLE_UNSUPPORTED_PROTOCOL, Kind::kInvalidCall, Kind::kBadAnswer},
      {CURLE_WEIRD_SERVER_REPLY, Kind::kOther, Kind::kBadAnswer},
      {CURLE_FILESIZE_EXCEEDED, Kind::kBodyTooLarge, Kind::kBodyTooLarge},
      {CURLE_OUT_OF_MEMORY, Kind::kOther, Kind::kOther},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(curl_easy_strerror(row.code));
    EXPECT_EQ(explain(facts(row.code, 0)).kind, row.before);
    EXPECT_FALSE(explain(facts(row.code, 0)).maybe_received);
    EXPECT_EQ(explain(facts(row.code, 1)).kind, row.after);
    EXPECT_TRUE(explain(facts(row.code, 1)).maybe_received);
  }
}

TEST(CurlFailure, NamesWhatWeStoppedOurselves) {
  TransferFacts repeated = facts(CURLE_ABORTED_BY_CALLBACK, 500);
  repeated.repeat_refused = true;
  EXPECT_EQ(explain(repeated).kind, Kind::kResetAfterSend);
  EXPECT_TRUE(explain(repeated).maybe_received);
  EXPECT_EQ(explain(repeated).message, "the connection broke before an answer came");

  TransferFacts large = facts(CURLE_WRITE_ERROR, 500);
  large.body_too_large = true;
  large.status = 200;
  EXPECT_EQ(explain(large).kind, Kind::kBodyTooLarge);
  EXPECT_EQ(explain(large).status, 200);
}

TEST(CurlFailure, TellsARefusedAddressFromOneThatDoesNotAnswer) {
  TransferFacts refused = facts(CURLE_COULDNT_CONNECT, 0);
  refused.address_refused = true;
  EXPECT_EQ(explain(refused).kind, Kind::kAddressRefused);
  EXPECT_FALSE(explain(refused).maybe_received);
  EXPECT_EQ(explain(refused).message, "the host's address is not a public one");
  // Another of its addresses was public, and took the connection.
  refused.code = CURLE_OPERATION_TIMEDOUT;
  EXPECT_EQ(explain(refused).kind, Kind::kTimeoutBeforeSend);
}

TEST(CurlFailure, HasANameForEachKind) {
  EXPECT_EQ(kind_name(Kind::kAddressRefused), "address_refused");
  EXPECT_EQ(kind_name(Kind::kTls), "tls");
  EXPECT_EQ(kind_name(Kind::kResetAfterSend), "reset_after_send");
}

}  // namespace
}  // namespace sojourn::uv

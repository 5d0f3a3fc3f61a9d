// Every file of tests/transcripts, against the sandbox.
#include <gtest/gtest.h>
#include <sstream>

#include "sandbox/schemas.h"
#include "tests/transcripts/transcript_player.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;
using transcripts::Exchange;
using transcripts::fits;

// A request that is taken fits the published form of its operation.
void expect_to_fit_its_schema(const Exchange& exchange, const std::string& where) {
  static Schemas schemas;
  if (!schemas.known(exchange.method, exchange.path)) return;
  const auto problems = schemas.check(exchange.method, exchange.path, json::parse(exchange.body));
  EXPECT_TRUE(problems.empty()) << where << " " << problems.front().path;
}

void expect_as_written(const Exchange& exchange, const Reply& reply, const std::string& where) {
  EXPECT_EQ(reply.status, exchange.status) << where << " " << reply.body;
  EXPECT_EQ(reply.retry_after, exchange.retry_after) << where;
  if (reply.status < 300) expect_to_fit_its_schema(exchange, where);
  if (!exchange.answer) return;
  json found = json::parse(reply.body, nullptr, false);
  if (found.is_discarded()) found = reply.body;
  EXPECT_TRUE(fits(*exchange.answer, found)) << where << "\n" << reply.body;
}

TEST(Transcripts, AreWhatTheSandboxAnswers) {
  const auto files = transcripts::all_files();
  EXPECT_GE(files.size(), 12u);
  for (const auto& file : files) {
    transcripts::Player player;
    transcripts::TranscriptReader reader;
    for (const Exchange& exchange : reader.read(file.string())) {
      const Reply reply = player.play(exchange);
      if (exchange.what != Exchange::What::kAsks) continue;
      expect_as_written(exchange, reply,
                        file.filename().string() + ":" + std::to_string(exchange.line));
    }
    EXPECT_EQ(reader.fault(), "");
  }
}

std::string fault_of(const std::string& text) {
  std::istringstream in(text);
  transcripts::TranscriptReader reader;
  reader.read(in, "f");
  return reader.fault();
}

TEST(TranscriptFile, SaysWhichLineIsNoneOfATranscript) {
  EXPECT_EQ(fault_of("by send {}\nPOST /x\n{}\n200\nRetry-After: 3\n{}\noutcome accepted\n"), "");
  EXPECT_EQ(fault_of("# nothing\n\nafter 3 seconds\n\nbehave\n\nGET /x\n404\n"), "");
  EXPECT_EQ(fault_of("POST /x\n{}\n"), "f: it ends without an answer");
  EXPECT_EQ(fault_of("POST /x\n\nGET /y\n200\n"), "f:2: not a line of a transcript");
  EXPECT_EQ(fault_of("POST x\n"), "f:1: not a line of a transcript");
  EXPECT_EQ(fault_of("by send {\n"), "f:1: not a line of a transcript");
  EXPECT_EQ(fault_of("by send {}\nPOST /x\n200\n"), "f: it ends without an answer");
  EXPECT_EQ(fault_of("POST /x\n200\noutcome accepted\n"), "f:3: not a line of a transcript");
  EXPECT_EQ(fault_of("POST /x\n200\n{}\nRetry-After: 3\n"), "f:4: not a line of a transcript");
  EXPECT_EQ(fault_of("after no seconds\n"), "f:1: not a line of a transcript");
}

TEST(TranscriptFile, ComparesWhatIsNamed) {
  const auto same = [](const char* wanted, const char* found) {
    return fits(json::parse(wanted), json::parse(found));
  };
  EXPECT_TRUE(same(R"({"a":1})", R"({"a":1,"b":2})"));
  EXPECT_FALSE(same(R"({"a":1})", R"({"b":1})"));
  EXPECT_TRUE(same(R"({"a":"*"})", R"({"a":[1]})"));
  EXPECT_FALSE(same("[1]", "[1,2]"));
  EXPECT_TRUE(same(R"([{"a":1}])", R"([{"a":1,"b":2}])"));
}

}  // namespace
}  // namespace sojourn::sandbox

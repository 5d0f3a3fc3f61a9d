// Every file of tests/transcripts, against the sandbox.
#include <filesystem>
#include <set>
#include <sstream>

#include "sandbox/schemas.h"
#include "tests/unit/sandbox/service_fixture.h"
#include "tests/unit/sandbox/transcript_file.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

const std::filesystem::path kFolder =
    std::filesystem::path(SOJOURN_SOURCE_DIR) / "tests" / "transcripts";

class Transcripts : public ServiceTest {
 protected:
  Transcripts() {
    std::ifstream in(kFolder / "project.json");
    std::ostringstream text;
    text << in.rdbuf();
    project_ = text.str();
  }

  void play(const std::filesystem::path& file) {
    open(":memory:", {.api_key = "transcript", .project = project_});
    now = base::Instant{1'772'355'600'000};
    TranscriptReader reader;
    for (const Exchange& exchange : reader.read(file.string())) {
      if (exchange.seconds > 0) now = now + base::seconds(exchange.seconds);
      if (exchange.seconds == 0) ask_and_compare(exchange, file.filename().string());
    }
    EXPECT_EQ(reader.fault(), "");
  }

  void ask_and_compare(const Exchange& exchange, const std::string& file) {
    const std::string where = file + ":" + std::to_string(exchange.line);
    const Reply reply = service->handle(
        {exchange.method, exchange.path, exchange.query, "transcript", exchange.body}, now);
    EXPECT_EQ(reply.status, exchange.status) << where << " " << reply.body;
    if (!exchange.answer) return;
    json found = json::parse(reply.body, nullptr, false);
    if (found.is_discarded()) found = reply.body;
    EXPECT_TRUE(fits(*exchange.answer, found)) << where << "\n" << reply.body;
    if (reply.status >= 300 || !schemas_.known(exchange.method, exchange.path)) return;
    const auto problems =
        schemas_.check(exchange.method, exchange.path, json::parse(exchange.body));
    EXPECT_TRUE(problems.empty()) << where << " " << problems.front().path;
  }

  std::string project_;
  Schemas schemas_;
};

TEST_F(Transcripts, AreWhatTheSandboxAnswers) {
  std::size_t files = 0;
  std::set<std::filesystem::path> in_order;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".txt") in_order.insert(entry.path());
  }
  for (const std::filesystem::path& file : in_order) {
    play(file);
    ++files;
  }
  EXPECT_GE(files, 8u);
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

// Every file of tests/transcripts, from the side that asks: the connector makes the requests, and
// reads the answers, of the exchanges that say so. What the sandbox really answers is read as well.
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "tests/transcripts/transcript_player.h"
#include "tests/unit/connectors/iterable/made_by.h"

namespace sojourn::connectors::iterable {
namespace {

using nlohmann::json;
using transcripts::Exchange;

const std::filesystem::path kConnector =
    std::filesystem::path(SOJOURN_SOURCE_DIR) / "connectors" / "iterable";

// What the files show of the connector.
struct Shown {
  std::set<std::string> actions;
  std::set<std::string> taken_paths;  // without their queries; of requests that got a 2xx
};

json parsed(const std::string& body) {
  return body.empty() ? json() : json::parse(body);
}

Response as_written(const Exchange& exchange) {
  std::string body;
  if (exchange.answer) {
    const json& answer = *exchange.answer;
    body = answer.is_string() ? answer.get<std::string>() : answer.dump();
  }
  return {exchange.status, exchange.retry_after, body};
}

void expect_to_be_made(const Exchange& exchange, const sandbox::Reply& reply) {
  const Made made = made_by(exchange.action, exchange.told);
  EXPECT_EQ(made.request.method, exchange.method);
  EXPECT_EQ(made.request.path, exchange.target());
  EXPECT_EQ(parsed(made.request.body), parsed(exchange.body));
  EXPECT_EQ(made.outcome(as_written(exchange)), exchange.outcome);
  EXPECT_EQ(made.outcome(Response{reply.status, reply.retry_after, reply.body}), exchange.outcome)
      << "as the sandbox answers: " << reply.body;
}

// Plays all files.
Shown play_all() {
  Shown shown;
  for (const auto& file : transcripts::all_files()) {
    transcripts::Player player;
    transcripts::TranscriptReader reader;
    for (const Exchange& exchange : reader.read(file.string())) {
      const sandbox::Reply reply = player.play(exchange);
      if (exchange.action.empty()) continue;
      SCOPED_TRACE(file.filename().string() + ":" + std::to_string(exchange.line));
      expect_to_be_made(exchange, reply);
      shown.actions.insert(exchange.action);
      if (exchange.status < 300) shown.taken_paths.insert(exchange.path);
    }
    EXPECT_EQ(reader.fault(), "");
  }
  return shown;
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// What makes requests declares them in one of these.
const std::regex kDeclared(R"re("connectors/iterable/(actions|bulk|sent_messages)\.h")re");

// The first group of every match in the files of the connector that end in `extension`; of sources
// in those only that make requests.
std::set<std::string> found_in_sources(const std::string& extension, const std::regex& wanted) {
  std::set<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(kConnector)) {
    if (entry.path().extension() != extension) continue;
    const std::string text = text_of(entry.path());
    if (extension == ".cpp" && !std::regex_search(text, kDeclared)) continue;
    for (std::sregex_iterator at(text.begin(), text.end(), wanted), end; at != end; ++at) {
      out.insert((*at)[1]);
    }
  }
  return out;
}

// A literal that ends in a slash is the beginning of paths.
bool is_met(const std::string& literal, const std::set<std::string>& paths) {
  if (!literal.ends_with('/')) return paths.contains(literal);
  const auto at = paths.lower_bound(literal);
  return at != paths.end() && at->starts_with(literal);
}

TEST(ConnectorTranscripts, AreMadeAndReadByTheConnector) {
  const Shown shown = play_all();
  const auto actions =
      found_in_sources(".h", std::regex(R"(\n(?:std::optional<)?HttpRequest>? (\w+)\()"));
  EXPECT_GE(actions.size(), 21u);
  for (const std::string& action : actions) {
    EXPECT_TRUE(shown.actions.contains(action))
        << "no exchange in tests/transcripts is made `by " << action << "`";
  }
  const auto paths = found_in_sources(".cpp", std::regex(R"re("(/api/[^"?]*))re"));
  EXPECT_GE(paths.size(), 40u);
  for (const std::string& path : paths) {
    EXPECT_TRUE(is_met(path, shown.taken_paths))
        << "in no exchange in tests/transcripts does the connector call " << path
        << " and is taken";
  }
}

}  // namespace
}  // namespace sojourn::connectors::iterable

// Plays a file of transcripts against the sandbox's service, on the project of the transcripts.
// One thread.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "sandbox/answers.h"
#include "sandbox/inbox.h"
#include "sandbox/iterable_service.h"
#include "sandbox/misbehaviour.h"
#include "tests/transcripts/transcript_file.h"

namespace sojourn::transcripts {

inline const std::filesystem::path kFolder =
    std::filesystem::path(SOJOURN_SOURCE_DIR) / "tests" / "transcripts";

// In order of their names.
inline std::vector<std::filesystem::path> all_files() {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".txt") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

class Player {
 public:
  Player() {
    std::ostringstream project;
    project << std::ifstream(kFolder / "project.json").rdbuf();
    inbox_ = std::move(*sandbox::Inbox::open(":memory:"));
    service_ = std::move(*sandbox::IterableService::make(
        *inbox_, {.api_key = "transcript", .project = project.str()}));
  }

  // Of an exchange that asks; of the others, nothing.
  sandbox::Reply play(const Exchange& exchange) {
    if (exchange.what == Exchange::What::kTimePasses) {
      now_ = now_ + base::seconds(exchange.seconds);
    } else if (exchange.what == Exchange::What::kMisbehaviour) {
      misbehave(exchange.rule);
    } else {
      return ask(exchange);
    }
    return {};
  }

 private:
  void misbehave(const std::string& rule) {
    std::vector<sandbox::MisbehaviourRule> rules;
    if (!rule.empty()) rules.push_back(sandbox::parse_misbehaviour(rule).value());
    misbehaviour_ = sandbox::Misbehaviour(1, std::move(rules));
  }

  // As the sandbox's server does, without the socket.
  sandbox::Reply ask(const Exchange& exchange) {
    const sandbox::Deed deed = misbehaviour_.next(exchange.method, exchange.path);
    if (deed.status != 0) {
      return sandbox::misbehaved(deed.status, exchange.path, deed.retry_after,
                                 service_->project_id());
    }
    return service_->handle(
        {exchange.method, exchange.path, exchange.query, "transcript", exchange.body}, now_);
  }

  base::Instant now_{1'772'355'600'000};  // 2026-03-01T09:00:00Z
  std::unique_ptr<sandbox::Inbox> inbox_;
  std::unique_ptr<sandbox::IterableService> service_;
  sandbox::Misbehaviour misbehaviour_{1, {}};
};

}  // namespace sojourn::transcripts

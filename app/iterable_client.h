// One request after the other to Iterable, for commands: each call waits for its answer on a
// loop of its own. Stays below the published rates by a pause between requests, and waits and
// asks again where the answer says that it may. Not for the daemon. Lives on the thread that
// made it.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/config.h"
#include "base/instant.h"
#include "base/result.h"
#include "runtime/uv/http_client.h"
#include "runtime/uv/loop.h"
#include "runtime/uv/timer.h"

namespace sojourn::app {

class IterableClient {
 public:
  // An answer is asked for so often at most. Between two attempts lies what `Retry-After` says,
  // else 1, 2, 4 … seconds; never more than kLongestPause.
  static constexpr int kMostAttempts = 6;
  static constexpr base::Millis kLongestPause = base::seconds(60);
  // Between an answer and the next request: below the 100 a second of most read endpoints.
  static constexpr base::Millis kPause = base::Millis{15};
  // Below the 20 a second of proofs.
  static constexpr base::Millis kProofPause = base::Millis{60};
  static constexpr std::size_t kMaxAnswerBytes = 64U << 20U;

  // The place and the key are those of `config`; an error when there is no key.
  static base::Result<std::unique_ptr<IterableClient>> open(const Config& config);

  // `target`: path and query. The error says what Iterable said; it is kNotFound for a 400 or
  // 404, which are about what was asked for, and kInvalid or kUnavailable for all others.
  base::Result<nlohmann::json> get(const std::string& target);
  base::Result<std::string> get_text(const std::string& target);
  // `repeatable`: a second request changes nothing, so a lost answer may be asked for again.
  base::Result<nlohmann::json> post(const std::string& path, const nlohmann::json& body,
                                    bool repeatable, base::Millis pause = kPause);

  const std::string& base_url() const { return base_url_; }

 private:
  IterableClient(const Config& config, const std::string& key);

  base::Result<std::string> ask(const uv::HttpCall& call, bool repeatable, base::Millis pause);
  uv::HttpOutcome attempt(const uv::HttpCall& call);
  void rest(base::Millis pause);

  const std::string base_url_;
  uv::Loop loop_;
  uv::HttpClient client_;
  uv::Timer timer_;
  const std::shared_ptr<const uv::HeaderSet> headers_;
  bool asked_ = false;
};

}  // namespace sojourn::app

#include "sandbox/misbehaviour.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/core.h>
#include <optional>

#include "base/hash.h"

namespace sojourn::sandbox {
namespace {

using base::Error;

constexpr std::uint32_t kMillion = 1'000'000;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(" \t", begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
  return words;
}

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "200ms", "2s", "1m".
std::optional<base::Millis> duration_of(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = number_of<std::uint32_t>(text.substr(0, digits));
  const std::string_view unit = text.substr(digits);
  if (!count) return std::nullopt;
  if (unit == "ms") return base::Millis{*count};
  if (unit == "s") return base::seconds(*count);
  if (unit == "m") return base::minutes(*count);
  return std::nullopt;
}

bool matches(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t skipped = star; skipped <= text.size(); ++skipped) {
    if (matches(rest, text.substr(skipped))) return true;
  }
  return false;
}

// Reads a rule word by word; keeps the first complaint.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : words_(words_of(text)) { rule_.text = text; }

  base::Result<MisbehaviourRule> read() {
    read_target();
    read_chance();
    read_action();
    if (place_ < words_.size()) complain(fmt::format("nothing may follow, found `{}`", take()));
    if (complaint_.empty()) return std::move(rule_);
    return base::failure(
        Error::Kind::kInvalid, fmt::format("misbehaviour `{}`: {}", rule_.text, complaint_),
        "write a rule like `POST /api/email/target 5% 500` or `* /api/* every 10 delay 200ms`");
  }

 private:
  std::string_view take() { return place_ < words_.size() ? words_[place_++] : ""; }

  void complain(std::string complaint) {
    if (complaint_.empty()) complaint_ = std::move(complaint);
  }

  void read_target() {
    rule_.method = take();
    const bool upper = std::all_of(rule_.method.begin(), rule_.method.end(),
                                   [](char c) { return c >= 'A' && c <= 'Z'; });
    if (rule_.method.empty() || (!upper && rule_.method != "*")) {
      complain(fmt::format("a method or `*` comes first, found `{}`", rule_.method));
    }
    rule_.path = take();
    if (!rule_.path.starts_with('/')) {
      complain(fmt::format("a path that begins with `/` comes second, found `{}`", rule_.path));
    }
    // Each star multiplies the ways to match.
    if (std::count(rule_.path.begin(), rule_.path.end(), '*') > 3) {
      complain("a path has at most three `*`");
    }
  }

  void read_chance() {
    const std::string_view word = take();
    if (word == "every") {
      const std::string_view count = take();
      rule_.every = number_of<std::uint32_t>(count).value_or(0);
      if (rule_.every == 0) {
        complain(fmt::format("`every` needs a number from 1, found `{}`", count));
      }
      return;
    }
    const auto percent =
        word.ends_with('%') ? number_of<double>(word.substr(0, word.size() - 1)) : std::nullopt;
    if (!percent || !(*percent > 0 && *percent <= 100)) {
      complain(
          fmt::format("how often comes third, as `5%` (more than 0, at most 100) or "
                      "`every 10`, found `{}`",
                      word));
      return;
    }
    rule_.millionths = static_cast<std::uint32_t>(std::lround(*percent * (kMillion / 100.0)));
  }

  void read_action() {
    const std::string_view word = take();
    if (word == "delay") {
      read_delay();
    } else if (word == "accept_then_reset") {
      rule_.action = MisbehaviourRule::Action::kAcceptThenReset;
    } else {
      read_status(word);
    }
  }

  void read_delay() {
    const std::string_view word = take();
    const auto delay = duration_of(word);
    rule_.action = MisbehaviourRule::Action::kDelay;
    rule_.delay = delay.value_or(base::Millis{0});
    if (!delay || rule_.delay > Misbehaviour::kMaxDelay) {
      complain(
          fmt::format("`delay` needs a time like `200ms`, `2s` or `1m`, at most `10m`, "
                      "found `{}`",
                      word));
    }
  }

  void read_status(std::string_view word) {
    rule_.action = MisbehaviourRule::Action::kRefuse;
    rule_.status = number_of<int>(word).value_or(0);
    if (rule_.status < 400 || rule_.status > 599) {
      complain(
          fmt::format("what to do comes last: `delay` and a time, a status from 400 to 599, "
                      "or `accept_then_reset`, found `{}`",
                      word));
      return;
    }
    if (place_ == words_.size() || words_[place_] != "retry-after") return;
    take();
    rule_.retry_after = take();
    if (!number_of<std::uint32_t>(rule_.retry_after)) {
      complain(fmt::format("`retry-after` needs seconds, found `{}`", rule_.retry_after));
    }
  }

  std::vector<std::string_view> words_;
  std::size_t place_ = 0;
  MisbehaviourRule rule_;
  std::string complaint_;
};

}  // namespace

base::Result<MisbehaviourRule> parse_misbehaviour(std::string_view text) {
  return RuleReader(text).read();
}

Misbehaviour::Misbehaviour(std::uint64_t seed, std::vector<MisbehaviourRule> rules) : seed_(seed) {
  for (MisbehaviourRule& rule : rules) rules_.push_back({std::move(rule)});
}

// A share is decided by a hash of rule and count, so rules do not disturb each
// other. The N-th of `every N` is really the N-th.
bool Misbehaviour::hits(std::size_t place) {
  const Running& running = rules_[place];
  if (running.rule.every != 0) return running.matched % running.rule.every == 0;
  const std::string what = fmt::format("{} {}", place, running.matched);
  return base::stable_hash64(what, seed_) % kMillion < running.rule.millionths;
}

Deed Misbehaviour::next(std::string_view method, std::string_view path) {
  Deed deed;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    Running& running = rules_[i];
    const MisbehaviourRule& rule = running.rule;
    if ((rule.method != "*" && rule.method != method) || !matches(rule.path, path)) continue;
    ++running.matched;
    if (!hits(i)) continue;
    ++running.hit;
    const bool decided = deed.status != 0 || deed.reset;
    if (rule.action == MisbehaviourRule::Action::kDelay) {
      deed.delay = std::min(base::Millis{deed.delay.count + rule.delay.count}, kMaxDelay);
    } else if (!decided && rule.action == MisbehaviourRule::Action::kRefuse) {
      deed.status = rule.status;
      deed.retry_after = rule.retry_after;
    } else if (!decided) {
      deed.reset = true;
    }
  }
  return deed;
}

std::vector<Misbehaviour::Report> Misbehaviour::reports() const {
  std::vector<Report> out;
  out.reserve(rules_.size());
  for (const Running& running : rules_) {
    out.push_back({running.rule.text, running.matched, running.hit});
  }
  return out;
}

}  // namespace sojourn::sandbox

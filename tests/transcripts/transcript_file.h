// Transcripts as values: see tests/transcripts/README.md for the form.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <istream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::transcripts {

struct Exchange {
  enum class What {
    kAsks,
    kTimePasses,   // `seconds` of it, and nothing is asked
    kMisbehaviour  // from here on: `rule`, or none when that is empty; nothing is asked
  };
  What what = What::kAsks;
  int line = 0;  // where it begins
  // Who makes the request: an action of the connector, and what it is told. Empty: nobody here.
  std::string action;
  nlohmann::json told = nlohmann::json::object();
  std::string method;
  std::string path;
  std::string query;
  std::string body;  // empty: none
  int status = 0;
  std::string retry_after;  // the header; empty: none
  std::optional<nlohmann::json> answer;
  std::string outcome;  // what the one who asked makes of the answer; only where `action` is
  std::int64_t seconds = 0;
  std::string rule;

  std::string target() const { return query.empty() ? path : path + "?" + query; }
};

// Whether `found` is as `wanted` says.
inline bool fits(const nlohmann::json& wanted, const nlohmann::json& found) {
  if (wanted == "*") return true;
  if (wanted.is_object()) {
    if (!found.is_object()) return false;
    for (const auto& [name, value] : wanted.items()) {
      if (!found.contains(name) || !fits(value, found.at(name))) return false;
    }
    return true;
  }
  if (!wanted.is_array()) return wanted == found;
  if (!found.is_array() || found.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!fits(wanted[i], found[i])) return false;
  }
  return true;
}

class TranscriptReader {
 public:
  // What is wrong with the file; empty: nothing.
  const std::string& fault() const { return fault_; }

  std::vector<Exchange> read(const std::string& file) {
    std::ifstream in(file);
    if (!in) fault_ = "cannot read " + file;
    return read(in, file);
  }

  // `name` is that of the file, in `fault`.
  std::vector<Exchange> read(std::istream& in, const std::string& name) {
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      if (line.starts_with('#')) continue;
      if (!take(line, number)) {
        fault_ = name + ":" + std::to_string(number) + ": not a line of a transcript";
        break;
      }
    }
    if (!may_end() && fault_.empty()) fault_ = name + ": it ends without an answer";
    return std::move(exchanges_);
  }

 private:
  enum class Step { kBetween, kRequest, kBodyOrStatus, kAnswer };

  // An exchange that somebody makes says what they make of the answer.
  bool may_end() const {
    if (step_ == Step::kBetween) return true;
    return step_ == Step::kAnswer &&
           exchanges_.back().action.empty() == exchanges_.back().outcome.empty();
  }

  bool take(const std::string& line, int number) {
    if (line.empty()) {
      const bool whole = may_end();
      step_ = Step::kBetween;
      return whole;
    }
    if (step_ == Step::kBetween) {
      exchanges_.emplace_back().line = number;
      return begin(line);
    }
    if (step_ == Step::kRequest) return begin_request(line);
    if (step_ == Step::kAnswer) return take_answer(line);
    Exchange& exchange = exchanges_.back();
    const nlohmann::json value = nlohmann::json::parse(line, nullptr, false);
    if (value.is_discarded()) return false;
    if (value.is_number_integer()) {
      exchange.status = value.get<int>();
      step_ = Step::kAnswer;
    } else {
      exchange.body = line;
    }
    return true;
  }

  bool begin(const std::string& line) {
    Exchange& exchange = exchanges_.back();
    if (line.starts_with("after ")) {
      exchange.what = Exchange::What::kTimePasses;
      exchange.seconds = std::strtoll(line.c_str() + std::string("after ").size(), nullptr, 10);
      return exchange.seconds > 0;
    }
    if (line == "behave" || line.starts_with("misbehave ")) {
      exchange.what = Exchange::What::kMisbehaviour;
      if (line != "behave") exchange.rule = line.substr(std::string("misbehave ").size());
      return true;
    }
    if (!line.starts_with("by ")) return begin_request(line);
    const std::string rest = line.substr(std::string("by ").size());
    const std::size_t blank = rest.find(' ');
    exchange.action = rest.substr(0, blank);
    step_ = Step::kRequest;
    if (blank == std::string::npos) return false;
    exchange.told = nlohmann::json::parse(rest.substr(blank + 1), nullptr, false);
    return exchange.told.is_object();
  }

  bool begin_request(const std::string& line) {
    Exchange& exchange = exchanges_.back();
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos) return false;
    const std::string rest = line.substr(blank + 1);
    exchange.method = line.substr(0, blank);
    const std::size_t mark = rest.find('?');
    exchange.path = rest.substr(0, mark);
    if (mark != std::string::npos) exchange.query = rest.substr(mark + 1);
    step_ = Step::kBodyOrStatus;
    return exchange.path.starts_with('/');
  }

  // Behind the status: a header, the body, what is made of them.
  bool take_answer(const std::string& line) {
    Exchange& exchange = exchanges_.back();
    constexpr std::string_view kHeader = "Retry-After: ";
    constexpr std::string_view kOutcome = "outcome ";
    if (line.starts_with(kHeader)) {
      exchange.retry_after = line.substr(kHeader.size());
      return !exchange.answer;
    }
    if (line.starts_with(kOutcome)) {
      exchange.outcome = line.substr(kOutcome.size());
      return !exchange.action.empty();
    }
    const nlohmann::json value = nlohmann::json::parse(line, nullptr, false);
    if (value.is_discarded() || exchange.answer || !exchange.outcome.empty()) return false;
    exchange.answer = value;
    return true;
  }

  std::vector<Exchange> exchanges_;
  Step step_ = Step::kBetween;
  std::string fault_;
};

}  // namespace sojourn::transcripts

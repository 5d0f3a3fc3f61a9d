// Transcripts as values: see tests/transcripts/README.md for the form.
#pragma once

#include <charconv>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace sojourn::sandbox {

struct Exchange {
  int line = 0;  // of METHOD PATH
  std::string method;
  std::string path;
  std::string query;
  std::string body;  // empty: none
  int status = 0;
  std::optional<nlohmann::json> answer;
  std::int64_t seconds = 0;  // not zero: time passes, and nothing is asked
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
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      if (line.starts_with('#')) continue;
      if (!take(line, number)) {
        fault_ = file + ":" + std::to_string(number) + ": not a line of a transcript";
        break;
      }
    }
    if (step_ == Step::kBodyOrStatus && fault_.empty())
      fault_ = file + ": it ends without an answer";
    return std::move(exchanges_);
  }

 private:
  enum class Step { kBetween, kBodyOrStatus, kAnswer };

  bool take(const std::string& line, int number) {
    if (line.empty()) {
      const bool whole = step_ != Step::kBodyOrStatus;
      step_ = Step::kBetween;
      return whole;
    }
    if (step_ == Step::kBetween) return begin(line, number);
    Exchange& exchange = exchanges_.back();
    const nlohmann::json value = nlohmann::json::parse(line, nullptr, false);
    if (value.is_discarded()) return false;
    if (step_ == Step::kAnswer) {
      exchange.answer = value;
    } else if (value.is_number_integer()) {
      exchange.status = value.get<int>();
      step_ = Step::kAnswer;
    } else {
      exchange.body = line;
    }
    return true;
  }

  bool begin(const std::string& line, int number) {
    Exchange& exchange = exchanges_.emplace_back();
    exchange.line = number;
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos) return false;
    const std::string rest = line.substr(blank + 1);
    if (line.starts_with("after ")) {
      exchange.seconds = std::stoll(rest);
      return exchange.seconds > 0;
    }
    exchange.method = line.substr(0, blank);
    const std::size_t mark = rest.find('?');
    exchange.path = rest.substr(0, mark);
    if (mark != std::string::npos) exchange.query = rest.substr(mark + 1);
    step_ = Step::kBodyOrStatus;
    return exchange.path.starts_with('/');
  }

  std::vector<Exchange> exchanges_;
  Step step_ = Step::kBetween;
  std::string fault_;
};

}  // namespace sojourn::sandbox

#include "tests/soak/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <string_view>

namespace sojourn::soak {
namespace {

// Sets what an option says; false when the text is not what it takes.
using Set = bool (*)(const std::string& text, Options& options);

struct Option {
  std::string_view name;
  std::string_view takes;  // empty: nothing
  std::string_view help;
  Set set;
};

template <typename Number>
std::optional<Number> number(const std::string& text, Number least, Number most) {
  Number out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  if (!is_whole || !(out >= least && out <= most)) return std::nullopt;
  return out;
}

template <typename Number>
bool set_number(const std::string& text, Number least, Number most, Number& out) {
  const auto found = number<Number>(text, least, most);
  if (found) out = *found;
  return found.has_value();
}

bool set_seconds(const std::string& text, base::Millis& out) {
  const auto found = number<std::int64_t>(text, 1, 3'600);
  if (found) out = base::seconds(*found);
  return found.has_value();
}

const std::array<Option, 14>& all_options() {
  static const std::array<Option, 14> kOptions{{
      {"--seconds", "1…86400", "how long the rate is held (600)",
       [](const std::string& text, Options& o) {
         return set_number(text, 1.0, 86'400.0, o.seconds);
       }},
      {"--per-second", "1…100000", "people; without it a share of the peak, which is found first",
       [](const std::string& text, Options& o) {
         return set_number(text, 1.0, 100'000.0, o.people_per_second);
       }},
      {"--peak-seconds", "1…600", "how long the closed loop runs that finds the peak (20)",
       [](const std::string& text, Options& o) {
         return set_number(text, 1.0, 600.0, o.peak_seconds);
       }},
      {"--share", "1…100", "of the peak that is held, in percent (50)",
       [](const std::string& text, Options& o) {
         return set_number(text, 1.0, 100.0, o.share_percent);
       }},
      {"--connections", "1…1024", "of the load generator (64)",
       [](const std::string& text, Options& o) {
         return set_number<std::uint64_t>(text, 1, 1'024, o.connections);
       }},
      {"--wait", "1…3600", "seconds for which an opening is waited for (20)",
       [](const std::string& text, Options& o) { return set_seconds(text, o.terms.wait); }},
      {"--pause", "1…3600", "seconds from an opening to the next message (5)",
       [](const std::string& text, Options& o) { return set_seconds(text, o.terms.pause); }},
      {"--people", "MODEL", "what people do, as of `sojourn sandbox --people`",
       [](const std::string& text, Options& o) {
         o.people_model = text;
         return true;
       }},
      {"--misbehave", "RULE", "of the sandbox, as of `sojourn sandbox`; may be repeated",
       [](const std::string& text, Options& o) {
         o.misbehave.push_back(text);
         return true;
       }},
      {"--seed", "NUMBER", "of what the sandbox plays (1)",
       [](const std::string& text, Options& o) {
         return set_number<std::uint64_t>(text, 0, UINT64_MAX, o.seed);
       }},
      {"--dir", "FOLDER", "where databases are written; it is emptied first",
       [](const std::string& text, Options& o) {
         o.folder = text;
         return !text.empty();
       }},
      {"--programs", "FOLDER", "where `sojourn` is",
       [](const std::string& text, Options& o) {
         o.programs = text;
         return !text.empty();
       }},
      {"--markdown", "FILE", "also write the table to this file",
       [](const std::string& text, Options& o) {
         o.markdown_file = text;
         return !text.empty();
       }},
      {"--join", "FOLDER", "only join what an earlier soak has left there",
       [](const std::string& text, Options& o) {
         o.folder = text;
         o.joins_only = true;
         return !text.empty();
       }},
  }};
  return kOptions;
}

}  // namespace

base::Result<Options> parse_options(const std::vector<std::string>& words, Options usual) {
  Options out = std::move(usual);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--help") {
      out.wants_help = true;
      return out;
    }
    const auto* option = std::ranges::find(all_options(), words[i], &Option::name);
    if (option == all_options().end()) {
      return base::failure(base::Error::Kind::kInvalid,
                           fmt::format("there is no option `{}`", words[i]), "see --help");
    }
    if (++i == words.size()) {
      return base::failure(base::Error::Kind::kInvalid,
                           fmt::format("`{}` wants {} behind it", option->name, option->takes));
    }
    if (option->set(words[i], out)) continue;
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("`{}` takes {}, found `{}`", option->name, option->takes, words[i]));
  }
  return out;
}

std::string help_text() {
  std::string out =
      "drives people through a journey, with notices coming back, and joins what every side "
      "knows\n\n";
  for (const Option& option : all_options()) {
    out +=
        fmt::format("  {:<26}{}\n", fmt::format("{} {}", option.name, option.takes), option.help);
  }
  return out +
         "\nends with 1 when something differs that nothing explains, with 2 when it could not "
         "be run\n";
}

}  // namespace sojourn::soak

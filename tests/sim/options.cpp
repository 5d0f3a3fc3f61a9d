#include "tests/sim/options.h"

#include <charconv>
#include <limits>
#include <optional>

namespace sojourn::sim {
namespace {

constexpr std::int64_t kMostDays = 6;
constexpr std::int64_t kMostMinutes = 100'000;
constexpr std::int64_t kMostLines = 10'000'000;

base::Error invalid(std::string message, std::string hint) {
  return {base::Error::Kind::kInvalid, std::move(message), std::move(hint)};
}

template <typename Number>
std::optional<Number> number(std::string_view text, Number least, Number most) {
  Number out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && out >= least && out <= most ? std::optional(out) : std::nullopt;
}

std::optional<std::uint64_t> seed(std::string_view text) {
  return number<std::uint64_t>(text, 0, std::numeric_limits<std::uint64_t>::max() - 1);
}

base::Status read_seeds(Options& options, std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto first = seed(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : seed(text.substr(dots + 2));
  if (!first || !last || *last < *first) {
    return tl::unexpected(invalid("`" + std::string(text) + "` is no range of seeds",
                                  "two whole numbers, as in `--seeds 1..200`"));
  }
  options.first = *first;
  options.last = *last;
  return {};
}

base::Status read_count(std::int64_t& into, const std::string& word, std::string_view text,
                        std::int64_t most) {
  const auto read = number<std::int64_t>(text, 1, most);
  if (!read) {
    return tl::unexpected(invalid("`" + word + " " + std::string(text) + "` is out of range",
                                  "a whole number from 1 to " + std::to_string(most)));
  }
  into = *read;
  return {};
}

base::Status read_word(Options& options, const std::string& word, const std::string& value) {
  if (word == "--days") return read_count(options.days, word, value, kMostDays);
  if (word == "--lines") return read_count(options.lines, word, value, kMostLines);
  if (word == "--minutes") {
    options.last = std::numeric_limits<std::uint64_t>::max() - 1;
    return read_count(options.minutes, word, value, kMostMinutes);
  }
  if (word == "--log") {
    options.log = value;
    return {};
  }
  return read_seeds(options, value);
}

}  // namespace

std::string help_text() {
  return "sojourn-sim: the whole runtime from a seed, in one thread, with everything going wrong\n"
         "\n"
         "  --seed N       one run, and its trace hash (1)\n"
         "  --seeds A..B   runs of all these seeds\n"
         "  --from N       all seeds from N on, until it is stopped or --minutes are over\n"
         "  --minutes M    stop after so many minutes of real time\n"
         "  --days D       virtual days with faults, of each run, 1 to 6 (2)\n"
         "  --lines L      show the last L lines of each trace, too\n"
         "  --log FILE     append the summary to FILE\n"
         "\n"
         "Exit code 0: nothing was violated; 1: something was, and what is said; 2: it could not "
         "run.\n";
}

base::Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--help" || word == "-h") {
      options.wants_help = true;
      return options;
    }
    const bool is_known = word == "--seed" || word == "--seeds" || word == "--from" ||
                          word == "--days" || word == "--minutes" || word == "--log" ||
                          word == "--lines";
    if (!is_known)
      return tl::unexpected(invalid("there is no option `" + word + "`", "see --help"));
    if (i + 1 == arguments.size()) {
      return tl::unexpected(invalid("`" + word + "` lacks its value", "see --help"));
    }
    const std::string& value = arguments[++i];
    if (auto read = read_word(options, word, value); !read) return tl::unexpected(read.error());
    if (word == "--from") options.last = std::numeric_limits<std::uint64_t>::max() - 1;
  }
  return options;
}

}  // namespace sojourn::sim

#include "tests/faults/options.h"

#include <charconv>
#include <fmt/format.h>
#include <regex>

namespace sojourn::faults {
namespace {

base::Status refuse(std::string what, std::string hint = "see --help") {
  return base::failure(base::Error::Kind::kInvalid, std::move(what), std::move(hint));
}

base::Status set_pattern(const std::string& text, Options& options) {
  try {
    const std::regex tried(text);
  } catch (const std::regex_error&) {
    return refuse(fmt::format("`--case` takes a regular expression, found `{}`", text));
  }
  options.case_pattern = text;
  return {};
}

base::Status set_seed(const std::string& text, Options& options) {
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, options.settings.seed);
  if (read.ec == std::errc{} && read.ptr == end) return {};
  return refuse(fmt::format("`--seed` takes a number from 0, found `{}`", text));
}

base::Status set(const std::string& name, const std::string& text, Options& options) {
  if (name == "--case") return set_pattern(text, options);
  if (name == "--seed") return set_seed(text, options);
  if (name == "--markdown") options.markdown_file = text;
  if (name == "--log") options.log_file = text;
  return {};
}

bool takes_a_value(const std::string& name) {
  return name == "--case" || name == "--seed" || name == "--markdown" || name == "--log";
}

}  // namespace

base::Result<Options> parse_options(const std::vector<std::string>& words) {
  Options out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& name = words[i];
    if (name == "--help") {
      out.wants_help = true;
    } else if (name == "--list") {
      out.only_lists = true;
    } else if (name == "--quick") {
      out.settings.is_quick = true;
    } else if (!takes_a_value(name)) {
      return tl::unexpected(refuse(fmt::format("there is no option `{}`", name)).error());
    } else if (i + 1 == words.size()) {
      return tl::unexpected(refuse(fmt::format("`{}` wants a value behind it", name)).error());
    } else if (auto done = set(name, words[++i], out); !done) {
      return tl::unexpected(done.error());
    }
  }
  return out;
}

std::string help_text() {
  return "injects faults into real processes, and joins at the end what the senders, the daemon\n"
         "and the sandbox know: ok, late, doubled (only what is listed in doubt), early, lost,\n"
         "unknown\n\n"
         "  --list            the cases, what each injects and what it needs of the machine\n"
         "  --case REGEX      only those whose whole name matches\n"
         "  --quick           only the quick ones, with few points of a sweep: as ./dev test does\n"
         "  --seed NUMBER     of what is left to chance (1)\n"
         "  --markdown FILE   also write the table to this file\n"
         "  --log FILE        also write a line for each run to this file\n\n"
         "ends with 1 when a case found a violation, with 2 when it could not be run\n";
}

}  // namespace sojourn::faults

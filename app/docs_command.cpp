#include "app/docs_command.h"

#include <algorithm>
#include <fmt/core.h>
#include <ostream>
#include <vector>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/doc_texts.h"
#include "base/text.h"
#include "dsl/explain.h"

namespace sojourn::app {
namespace {

// "# Title" without the sign.
std::string_view title_of(const DocText& page) {
  std::string_view line = page.text;
  line = line.substr(0, line.find('\n'));
  line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
  return line;
}

void write_list(std::ostream& out) {
  for (const DocText& page : doc_texts())
    out << fmt::format("{:<10} {}\n", page.name, title_of(page));
  out << "\n`sojourn docs PAGE` prints one, `sojourn docs --llm` all of them and every message.\n";
}

void write_whole(std::ostream& out) {
  for (const DocText& page : doc_texts()) out << page.text << '\n';
  out << dsl::messages_markdown();
}

base::Error unknown_page(const std::string& name) {
  std::vector<std::string_view> names;
  for (const DocText& page : doc_texts()) names.push_back(page.name);
  base::Error error{base::Error::Kind::kNotFound, fmt::format("no page is called `{}`", name),
                    "`sojourn docs` lists them"};
  if (const auto near = base::did_you_mean(name, names)) {
    error.hint = fmt::format("did you mean `{}`?", *near);
  }
  return error;
}

}  // namespace

int show_docs(const DocsOptions& options, std::ostream& out, std::ostream& err) {
  if (options.whole) {
    write_whole(out);
    return kClean;
  }
  if (options.page.empty()) {
    write_list(out);
    return kClean;
  }
  const auto& pages = doc_texts();
  const auto page = std::ranges::find(pages, options.page, &DocText::name);
  if (page == pages.end()) return report_error(unknown_page(options.page), err);
  out << page->text;
  return kClean;
}

}  // namespace sojourn::app

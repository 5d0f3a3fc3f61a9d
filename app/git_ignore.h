// Which paths git would leave out: the rules of .gitignore files, as gitignore(5)
// has them. Knows text only; who finds the files and reads them is project_files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sojourn::app {

class GitIgnore {
 public:
  // The rules of a .gitignore in `folder`: a path relative to the same root as
  // those given to `ignores`, without a slash at the end; empty for the root. A
  // folder's rules are added after those of the folders above it.
  void add_rules(std::string_view folder, std::string_view text);

  // The last rule that matches decides. `path` itself only: a file in an ignored
  // folder is not asked about, since the folder is not entered.
  bool ignores(std::string_view path, bool is_folder) const;

 private:
  struct Rule {
    std::string folder;
    std::string pattern;
    bool is_negated = false;
    bool only_folders = false;
    bool whole_path = false;  // the pattern has a slash: it speaks of the path, not the name
  };
  static bool matches(const Rule& rule, std::string_view path, bool is_folder);
  void add_rule(std::string_view folder, std::string_view line);

  std::vector<Rule> rules_;
};

// `*` and `?` stop at a slash, `**` between slashes stands for any folders,
// `[a-z]` and `[!a-z]` for one character.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace sojourn::app

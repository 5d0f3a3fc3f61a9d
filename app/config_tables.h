// The tables of sojourn.toml that have files of their own, and what several of them are read
// with. What is wrong goes to the reader's problem, the first fault counts. Pure.
#pragma once

#include <fmt/format.h>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "app/config.h"
#include "app/table_reader.h"

namespace sojourn::app {

// `key_file` or `key_env`; nothing when neither is given.
void read_secret_source(TableReader& table, std::optional<SecretSource>& into);

// A word of several, as what it stands for.
template <typename Meaning>
void read_choice(TableReader& table, std::string_view key,
                 std::initializer_list<std::pair<std::string_view, Meaning>> choices,
                 Meaning& into) {
  std::string word;
  table.text(key, word);
  if (word.empty()) return;
  std::string known;
  for (const auto& [name, meaning] : choices) {
    if (name == word) {
      into = meaning;
      return;
    }
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", name);
  }
  table.fail(key, "must be one of " + known);
}

// [intake] with [intake.workflows], [intake.segment] and [intake.events]; [forward].
void read_intake(const TomlTable& toml, Config& config, TomlProblem& problem);
void read_forward(const TomlTable& toml, ForwardConfig& forward, TomlProblem& problem);
// `where`: how the table is called in a problem, since an environment has one, too.
void read_workflows(const TomlTable& toml, const std::string& where, Config& config,
                    TomlProblem& problem);

// [iterable] with [iterable.webhooks], [iterable.budgets] and [iterable.bulk].
void read_iterable(const TomlTable& toml, Config& config, TomlProblem& problem);
NoticeConfig read_notices(const TomlTable& toml, const std::string& where, TomlProblem& problem);

}  // namespace sojourn::app

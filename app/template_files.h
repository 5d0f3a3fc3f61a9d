// Templates of Iterable kept as files of a project:
//
//   templates/welcome.toml    medium, message_type, and the fields of the medium
//   templates/welcome.html    `html` of an email or an in-app message
//   templates/welcome.txt     `plainText` of an email, `message` of an sms
//
// The key by which Iterable recognises a template (`clientTemplateId`) is the file's name without
// its ending, so it stays when anything else changes. Values; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "graph/catalog.h"

namespace sojourn::app {

inline constexpr const char* kTemplateFolder = "templates";
inline constexpr std::size_t kMaxTemplates = 10'000;
inline constexpr std::size_t kMaxTemplateBytes = 4U << 20U;  // of one file

struct TemplateFile {
  std::string key;
  std::string medium;  // as in Iterable's paths: email, sms, push, inapp
  std::string locale;  // empty: the default one
  // The triggered campaign that sends it, by its name in Iterable; empty: `push` makes none.
  std::string campaign;
  // What an upsert says beside the key, by Iterable's names.
  nlohmann::json fields;
};

// All of them, by key; none without the folder. `catalog` has the ids of the environment.
base::Result<std::vector<TemplateFile>> read_template_files(const std::string& root,
                                                            const graph::Catalog& catalog);

}  // namespace sojourn::app

#include "app/template_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "app/table_reader.h"
#include "base/text.h"

namespace sojourn::app {
namespace {

using base::Error;
namespace fs = std::filesystem;

// A text in the TOML file, and what Iterable calls it.
struct TextField {
  std::string_view key;
  const char* theirs;
};
struct MediumFacts {
  std::string_view ours;
  const char* theirs;
  std::vector<TextField> texts;
  const char* html;   // the field that the .html file is; null: there is none
  const char* plain;  // likewise the .txt file
};

const std::array<MediumFacts, 4>& media() {
  static const std::array<MediumFacts, 4> kMedia{{
      {"email",
       "email",
       {{"subject", "subject"},
        {"preheader", "preheaderText"},
        {"from_name", "fromName"},
        {"from_email", "fromEmail"},
        {"reply_to", "replyToEmail"}},
       "html",
       "plainText"},
      {"sms", "sms", {{"image_url", "imageUrl"}}, nullptr, "message"},
      {"push", "push", {{"title", "title"}, {"message", "message"}}, nullptr, nullptr},
      {"in_app", "inapp", {}, "html", nullptr},
  }};
  return kMedia;
}

base::Result<std::string> text_of(const fs::path& path) {
  std::error_code failed;
  const auto bytes = fs::file_size(path, failed);
  std::ifstream file(path, std::ios::binary);
  if (failed || !file) {
    return base::failure(Error::Kind::kInvalid, fmt::format("cannot read {}", path.string()));
  }
  if (bytes > kMaxTemplateBytes) {
    return base::failure(Error::Kind::kInvalid, fmt::format("{} is longer than {} bytes",
                                                            path.string(), kMaxTemplateBytes));
  }
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (base::first_invalid_utf8(text)) {
    return base::failure(Error::Kind::kInvalid, fmt::format("{} is not UTF-8 text", path.string()));
  }
  return text;
}

// Reads one template; its parts add to the fields, and the first problem is kept.
class Reading {
 public:
  Reading(const fs::path& path, const graph::Catalog& catalog)
      : path_(path), catalog_(catalog), name_(path.filename().string()) {}

  base::Result<TemplateFile> read() {
    const auto text = text_of(path_);
    if (!text) return tl::unexpected(text.error());
    const auto toml = parse_toml(*text, name_);
    if (!toml) return tl::unexpected(toml.error());
    TomlProblem problem{name_, std::nullopt};
    TableReader table(*toml, name_, problem);
    TemplateFile file;
    file.key = path_.stem().string();
    const MediumFacts* medium = this->medium(table);
    if (medium != nullptr) {
      file.medium = medium->theirs;
      fields(table, *medium, file);
    }
    if (problem.first) return tl::unexpected(*problem.first);
    for (const auto& [ending, field] :
         {std::pair{".html", medium->html}, std::pair{".txt", medium->plain}}) {
      if (const auto done = body(ending, field, file); !done) return tl::unexpected(done.error());
    }
    return file;
  }

 private:
  static const MediumFacts* medium(TableReader& table) {
    std::string word = "email";
    table.text("medium", word);
    for (const MediumFacts& known : media()) {
      if (known.ours == word) return &known;
    }
    table.fail("medium", "must be email, sms, push or in_app");
    return nullptr;
  }

  void fields(TableReader& table, const MediumFacts& medium, TemplateFile& file) {
    const auto text = [&](std::string_view key, const char* theirs) {
      std::string value;
      table.text(key, value);
      if (!value.empty()) file.fields[theirs] = value;
    };
    file.fields = nlohmann::json::object();
    text("name", "name");
    text("locale", "locale");
    for (const TextField& field : medium.texts) text(field.key, field.theirs);
    file.locale = file.fields.value("locale", "");
    table.text("campaign", file.campaign);
    // A template without one would get the default type of the project, which may be any.
    std::string type;
    table.text("message_type", type);
    const graph::MessageType* declared = catalog_.find_message_type(type);
    if (declared == nullptr) {
      table.fail("message_type", "must be a declared message type");
    } else if (!declared->id) {
      table.fail("message_type", "has no id in Iterable");
    } else {
      file.fields["messageTypeId"] = *declared->id;
    }
    table.finish();
  }

  // `field`: null when a file of that ending has no place in the medium.
  base::Status body(const char* ending, const char* field, TemplateFile& file) const {
    fs::path path = path_;
    path.replace_extension(ending);
    std::error_code failed;
    if (!fs::exists(path, failed)) return {};
    if (field == nullptr) {
      return base::failure(
          Error::Kind::kInvalid,
          fmt::format("{} has no place in a template of this medium", path.filename().string()),
          "remove it, or give the template another medium");
    }
    auto text = text_of(path);
    if (!text) return tl::unexpected(text.error());
    file.fields[field] = std::move(*text);
    return {};
  }

  const fs::path& path_;
  const graph::Catalog& catalog_;
  const std::string name_;
};

// A campaign sends one template.
base::Status check_campaigns(const std::vector<TemplateFile>& files) {
  std::map<std::string_view, std::string_view> keys;  // by campaign
  for (const TemplateFile& file : files) {
    if (file.campaign.empty()) continue;
    const auto [first, is_new] = keys.emplace(file.campaign, file.key);
    if (is_new) continue;
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("{}.toml and {}.toml name the same campaign `{}`",
                                     first->second, file.key, file.campaign),
                         "a campaign sends one template: give each a campaign of its own");
  }
  return {};
}

}  // namespace

base::Result<std::vector<TemplateFile>> read_template_files(const std::string& root,
                                                            const graph::Catalog& catalog) {
  const fs::path folder = fs::path(root) / kTemplateFolder;
  std::vector<fs::path> paths;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (entry->path().extension() == ".toml") paths.push_back(entry->path());
  }
  std::error_code unseen;
  if (failed && fs::exists(folder, unseen)) {
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("cannot read {}: {}", folder.string(), failed.message()));
  }
  if (paths.size() > kMaxTemplates) {
    return base::failure(Error::Kind::kInvalid, fmt::format("{} has more than {} templates",
                                                            folder.string(), kMaxTemplates));
  }
  std::ranges::sort(paths);
  std::vector<TemplateFile> files;
  for (const fs::path& path : paths) {
    auto file = Reading(path, catalog).read();
    if (!file) return tl::unexpected(file.error());
    files.push_back(std::move(*file));
  }
  if (const auto done = check_campaigns(files); !done) return tl::unexpected(done.error());
  return files;
}

}  // namespace sojourn::app

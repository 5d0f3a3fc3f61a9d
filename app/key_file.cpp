#include "app/key_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/replace_file.h"
#include "app/table_reader.h"

namespace sojourn::app {
namespace {

using base::Error;
namespace fs = std::filesystem;

// A file of this size has more keys than may be.
constexpr std::uintmax_t kMaxFileBytes = 64 * 1024;

tl::unexpected<Error> failed(std::string_view what, const std::string& path) {
  return base::failure(Error::Kind::kInvalid,
                       fmt::format("cannot {} {}: {}", what, path, std::strerror(errno)),
                       "look at the permissions of the file and its folder");
}

AccessKey read_key(const TomlTable& toml, const std::string& name, TomlProblem& problem) {
  AccessKey key;
  key.name = name;
  TableReader table(toml, fmt::format("[{}]", name), problem);
  if (!is_key_name(name)) {
    problem.first =
        Error{Error::Kind::kInvalid,
              fmt::format("{}:{}: `{:.64}` is no name of a key", problem.file, toml.line, name),
              "lower-case letters, digits, `_` and `-`, beginning with a letter; at most 64"};
  }
  std::optional<std::vector<std::string>> scopes;
  table.strings("scopes", scopes);
  const auto parsed =
      parse_scopes(fmt::format("{}", fmt::join(scopes.value_or(std::vector<std::string>{}), ",")));
  if (!parsed)
    table.fail("scopes", "must list some of \"ingest\", \"read\", \"operate\", \"erase\"");
  key.scopes = parsed.value_or(Scopes());
  std::string hex;
  table.text("sha256", hex);
  const auto digest = digest_from_hex(hex);
  if (!digest)
    table.fail("sha256", "must be 64 lower-case hex digits, as `sojourn key new` writes them");
  key.digest = digest.value_or(KeyDigest{});
  if (const TomlValue* made = table.take("made")) {
    const auto* day = made->as<base::CivilDay>();
    if (day == nullptr) table.fail("made", "must be a date such as 2026-03-01");
    if (day != nullptr) key.made = *day;
  }
  table.finish();
  return key;
}

// One that stands twice would be counted under either name.
std::optional<Error> find_twice(const AccessKeys& keys, const std::string& file) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t j = i + 1; j < keys.size(); ++j) {
      if (keys[i].digest != keys[j].digest) continue;
      return Error{
          Error::Kind::kInvalid,
          fmt::format("{}: `{}` and `{}` are the same key", file, keys[i].name, keys[j].name),
          "make a key for each: `sojourn key new`"};
    }
  }
  return std::nullopt;
}

std::optional<Error> too_many(std::size_t count, const std::string& file) {
  if (count <= kMaxKeys) return std::nullopt;
  return Error{Error::Kind::kInvalid,
               fmt::format("{}: {} keys, and at most {} are let in", file, count, kMaxKeys),
               "revoke those that nobody uses: `sojourn key list`, `sojourn key revoke`"};
}

// Between processes; held until it goes.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder)
      : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    is_held_ = folder_ >= 0 && ::flock(folder_, LOCK_EX) == 0;
  }
  ~FolderLock() {
    if (folder_ >= 0) ::close(folder_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  bool is_held() const { return is_held_; }

 private:
  int folder_;
  bool is_held_ = false;
};

// For everybody to read: the daemon's user has to, whoever makes it, and hashes of random keys give
// nothing away.
base::Status make_if_absent(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return failed("write", path);
  ::close(file);
  return {};
}

}  // namespace

base::Result<AccessKeys> parse_keys(const std::string& text, const std::string& file) {
  const auto table = parse_toml(text, file);
  if (!table) return tl::unexpected(table.error());
  TomlProblem problem{file, too_many(table->entries.size(), file)};
  TableReader all(*table, file, problem);
  AccessKeys keys;
  for (const TomlEntry& entry : table->entries) {
    const TomlTable* key = all.sub_table(entry.key);
    if (problem.first || key == nullptr) break;
    keys.push_back(read_key(*key, entry.key, problem));
  }
  if (!problem.first) problem.first = find_twice(keys, file);
  if (problem.first) return tl::unexpected(*problem.first);
  return keys;
}

std::string keys_text(const AccessKeys& keys) {
  std::string out =
      "# Who is let in, written by `sojourn key`. Of each key only the hash is here; the key "
      "itself\n"
      "# was said once, when it was made.\n";
  for (const AccessKey& key : keys) {
    out += fmt::format("\n[{}]\nscopes = [", key.name);
    const char* comma = "";
    for (const Scope scope : kScopes) {
      if (!key.scopes.has(scope)) continue;
      out += fmt::format("{}\"{}\"", comma, to_string(scope));
      comma = ", ";
    }
    out += fmt::format("]\nsha256 = \"{}\"\n", to_hex(key.digest));
    if (key.made) {
      out += fmt::format("made   = {:04}-{:02}-{:02}\n", key.made->year, key.made->month,
                         key.made->day);
    }
  }
  return out;
}

base::Result<AccessKeys> read_key_file(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) return AccessKeys{};
    return failed("read", path);
  }
  if (!S_ISREG(found.st_mode) || static_cast<std::uintmax_t>(found.st_size) > kMaxFileBytes) {
    return base::failure(
        Error::Kind::kInvalid,
        fmt::format("{} is no file of keys: no regular file, or one of more than {} bytes", path,
                    kMaxFileBytes),
        "`[keys] file` in sojourn.toml says where it is");
  }
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("others may write {}, and with it let themselves in", path),
                         fmt::format("take that from them: `chmod go-w {}`", path));
  }
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return failed("read", path);
  return parse_keys(text.str(), fs::path(path).filename().string());
}

base::Status change_key_file(const std::string& path,
                             const std::function<base::Status(AccessKeys&)>& change) {
  const FolderLock lock(fs::path(path).parent_path());
  if (!lock.is_held()) return failed("write", path);
  auto keys = read_key_file(path);
  if (!keys) return tl::unexpected(keys.error());
  if (base::Status changed = change(*keys); !changed) return changed;
  const std::string name = fs::path(path).filename().string();
  if (auto problem = too_many(keys->size(), name)) return tl::unexpected(*problem);
  if (auto made = make_if_absent(path); !made) return made;
  return replace_file(path, keys_text(*keys));
}

base::Result<AccessKeys> read_access_keys(const Config& config) {
  auto keys = read_key_file(config.keys_file);
  if (!keys) return keys;
  if (config.intake_key) {
    auto secret = read_secret(config, *config.intake_key);
    if (!secret) return tl::unexpected(secret.error());
    AccessKey key;
    key.name = kIntakeKeyName;
    key.scopes.add(Scope::kIngest);
    if (config.erase) key.scopes.add(Scope::kErase);
    key.digest = digest_of(*secret);
    key.self_made = true;
    keys->push_back(std::move(key));
  }
  return keys;
}

base::Status expect_senders(const Config& config, const AccessKeys& keys) {
  const bool ingests = std::ranges::any_of(
      keys, [](const AccessKey& key) { return key.scopes.has(Scope::kIngest); });
  if (ingests) return {};
  return base::failure(
      Error::Kind::kInvalid,
      fmt::format("no key may ingest: {} has none, and [intake] in sojourn.toml names none",
                  fs::path(config.keys_file).filename().string()),
      "make one: `sojourn key new NAME --scope ingest`");
}

}  // namespace sojourn::app

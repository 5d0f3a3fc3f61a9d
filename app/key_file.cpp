#include "app/key_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "app/folder_lock.h"
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

class OpenFile {
 public:
  // A pipe in its place is not waited for.
  explicit OpenFile(const std::string& path)
      : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~OpenFile() {
    if (file_ >= 0) ::close(file_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int get() const { return file_; }

 private:
  int file_;
};

// Whoever owns a file may write it, whatever its mode says. Root reads what is another user's only
// where that user could put another file in its place anyway.
bool is_owned_well(const struct stat& file, const std::string& path) {
  if (file.st_uid == 0 || file.st_uid == ::geteuid()) return true;
  struct stat folder{};
  return ::geteuid() == 0 && ::stat(fs::path(path).parent_path().c_str(), &folder) == 0 &&
         folder.st_uid == file.st_uid;
}

// Of the file that was opened, so that no other can take its place after the look.
std::optional<Error> wrong_with(const struct stat& file, const std::string& path) {
  if (!S_ISREG(file.st_mode) || static_cast<std::uintmax_t>(file.st_size) > kMaxFileBytes) {
    return Error{Error::Kind::kInvalid,
                 fmt::format("{} is no file of keys: no regular file, or one of more than {} bytes",
                             path, kMaxFileBytes),
                 "`[keys] file` in sojourn.toml says where it is"};
  }
  if (!is_owned_well(file, path)) {
    return Error{
        Error::Kind::kInvalid,
        fmt::format("{} belongs to user {}, who can let themselves in with it", path, file.st_uid),
        fmt::format("give it to root or to the daemon's user: `chown root {}`", path)};
  }
  if ((file.st_mode & (S_IWGRP | S_IWOTH)) == 0) return std::nullopt;
  return Error{Error::Kind::kInvalid,
               fmt::format("others may write {}, and with it let themselves in", path),
               fmt::format("take that from them: `chmod go-w {}`", path)};
}

// False with errno set, also when it has grown beyond the limit since the look.
bool read_all(int file, std::string& text) {
  text.resize(kMaxFileBytes + 1);
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  errno = EFBIG;
  return size <= kMaxFileBytes;
}

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
  const OpenFile file(path);
  struct stat found{};
  if (file.get() < 0 && errno == ENOENT) return AccessKeys{};
  if (file.get() < 0 || ::fstat(file.get(), &found) != 0) return failed("read", path);
  if (auto wrong = wrong_with(found, path)) return tl::unexpected(std::move(*wrong));
  std::string text;
  if (!read_all(file.get(), text)) return failed("read", path);
  return parse_keys(text, fs::path(path).filename().string());
}

base::Status change_key_file(const std::string& path,
                             const std::function<base::Status(AccessKeys&)>& change,
                             base::Millis wait) {
  const auto lock = FolderLock::take(fs::path(path).parent_path(), wait);
  if (!lock) return tl::unexpected(lock.error());
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
    const std::string file = fs::path(config.keys_file).filename().string();
    if (auto twice = find_twice(*keys, file)) return tl::unexpected(std::move(*twice));
  }
  return keys;
}

std::optional<std::string> doubt_about_intake_key(const Config& config) {
  if (!config.intake_key) return std::nullopt;
  const auto secret = read_secret(config, *config.intake_key);
  if (!secret || secret->size() >= kLeastIntakeKeyBytes) return std::nullopt;
  return fmt::format(
      "the key under [intake] has fewer than {} characters, and may be guessed: put a longer one "
      "there (`openssl rand -hex 32`), or let senders bring one that `sojourn key new` makes",
      kLeastIntakeKeyBytes);
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

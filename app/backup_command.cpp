#include "app/backup_command.h"

#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "app/backup_manifest.h"
#include "app/check_command.h"
#include "app/command_error.h"
#include "base/text.h"
#include "runtime/fsck.h"
#include "runtime/held_store.h"
#include "runtime/last_lived.h"
#include "runtime/store/new_life.h"
#include "runtime/store/survey.h"

namespace sojourn::app {
namespace {

namespace files = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kPart = ".part";
// Whoever goes while the daemon lives cannot know when it ends to write the copy.
constexpr base::Millis kAsLongAsItLives{0};

// Without a slash at its end: names are made by adding to it.
std::string absolute(const std::string& path) {
  const files::path normal = files::absolute(path).lexically_normal();
  return (normal.has_filename() ? normal : normal.parent_path()).string();
}

base::Status expect_free(const std::string& path) {
  std::error_code error;
  if (!files::exists(path, error)) return {};
  return base::failure(base::Error::Kind::kConflict, fmt::format("`{}` is there already", path),
                       "name a new one: a backup is never overwritten");
}

base::Status make_folder(const std::string& path) {
  std::error_code error;
  files::create_directories(path, error);
  if (!error) return {};
  return base::failure(base::Error::Kind::kInvalid,
                       fmt::format("cannot make the folder `{}`: {}", path, error.message()),
                       "look at the permissions of the folder above");
}

// A backup until it is whole: a folder that was not there before, and goes with all that is in it
// unless it has been moved.
class PartFolder {
 public:
  explicit PartFolder(std::string path) : path_(std::move(path)) {}
  ~PartFolder() {
    std::error_code error;
    if (is_ours_) files::remove_all(path_, error);
  }
  PartFolder(const PartFolder&) = delete;
  PartFolder& operator=(const PartFolder&) = delete;

  // As private as the store: it has the same in it.
  base::Status make() {
    if (auto made = make_folder(files::path(path_).parent_path().string()); !made) return made;
    std::error_code error;
    is_ours_ = files::create_directory(path_, error);
    if (error) return cannot("make", error);
    if (!is_ours_) {
      return base::failure(base::Error::Kind::kConflict,
                           fmt::format("`{}` is there already", path_),
                           "a backup is being made there, or was stopped: then remove it");
    }
    files::permissions(path_, files::perms::owner_all, error);
    return error ? cannot("close to others", error) : base::Status();
  }
  // Once it has been moved: what is there from then on is somebody else's.
  void leave() { is_ours_ = false; }
  std::string file(const char* name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  tl::unexpected<base::Error> cannot(const char* what, const std::error_code& why) const {
    return base::failure(base::Error::Kind::kInvalid,
                         fmt::format("cannot {} the folder `{}`: {}", what, path_, why.message()),
                         "name a folder of a file system with permissions, where you may write");
  }

  const std::string path_;
  bool is_ours_ = false;
};

// The database as a new file: by the daemon that has it open, or without one. With an error nobody
// writes the file any more: a daemon answers when it has ended to, and hangs up when it ends
// itself.
base::Status copy_database(const BackupOptions& options, const std::string& to) {
  const auto path = store_file(options);
  if (!path) return tl::unexpected(path.error());
  const auto survey = store::Survey::open(*path);
  if (survey) return (*survey)->copy_to(to);
  const bool is_open = survey.error().kind == base::Error::Kind::kUnavailable;
  if (!is_open || !options.store.empty()) return tl::unexpected(survey.error());
  if (base::first_invalid_utf8(to)) {
    return base::failure(base::Error::Kind::kInvalid,
                         "the folder's name is not UTF-8, so the daemon cannot be told of it",
                         "name another folder");
  }
  const auto answer = ask_daemon({options.project, options.environment}, "/backup",
                                 Json{{"to", to}}.dump(), kAsLongAsItLives);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

// What a copy says of itself, if it is sound.
base::Result<BackupManifest> look_through(const std::string& path) {
  const auto survey = store::Survey::open(path);
  if (!survey) return tl::unexpected(survey.error());
  const runtime::FsckReport report = runtime::check_store(**survey);
  if (!report.is_clean()) {
    const runtime::FsckFinding& first = report.findings.front();
    return base::failure(base::Error::Kind::kFatal,
                         fmt::format("the store in `{}` is not sound: {} findings, the first: {}: "
                                     "{}: {}",
                                     path, report.found, first.kind, first.where, first.what),
                         "`sojourn fsck --store FILE` shows them all");
  }
  BackupManifest manifest;
  manifest.sequence = report.sequence;
  manifest.bytes = files::file_size(path);
  const auto lived = (*survey)->row({{0, 0}, store::RowKind::kLastLived, 0});
  if (lived) {
    const auto as_of = runtime::decode_last_lived(*lived);
    if (!as_of) return tl::unexpected(as_of.error());
    manifest.as_of = *as_of;
  }
  return manifest;
}

// In a folder under another name until it is whole.
base::Result<BackupManifest> make_backup(const BackupOptions& options, const std::string& folder) {
  if (auto is_free = expect_free(folder); !is_free) return tl::unexpected(is_free.error());
  PartFolder part(folder + kPart);
  if (auto made = part.make(); !made) return tl::unexpected(made.error());
  const std::string copy = part.file(kStoreFile);
  if (auto copied = copy_database(options, copy); !copied) return tl::unexpected(copied.error());
  auto manifest = look_through(copy);
  if (!manifest) return manifest;
  auto sum = sha256_of(copy);
  if (!sum) return tl::unexpected(sum.error());
  manifest->sha256 = std::move(*sum);
  const auto written = store::write_synced(part.file(kManifestFile), encode(*manifest));
  if (!written) return tl::unexpected(written.error());
  if (auto moved = store::move_into_place(part.path(), folder); !moved) {
    return tl::unexpected(moved.error());
  }
  part.leave();
  return manifest;
}

// The copy in a backup is what the backup was made of.
base::Result<BackupManifest> expect_whole(const std::string& folder) {
  auto manifest = read_manifest(folder);
  if (!manifest) return manifest;
  auto sum = sha256_of(folder + "/" + kStoreFile);
  if (!sum) return tl::unexpected(sum.error());
  if (*sum == manifest->sha256) return manifest;
  return base::failure(base::Error::Kind::kFatal,
                       fmt::format("`{}/{}` is not the file that was backed up: its checksum is "
                                   "another",
                                   folder, kStoreFile),
                       "use another backup");
}

base::Result<BackupManifest> make_store(const RestoreOptions& options, const std::string& path) {
  auto manifest = expect_whole(absolute(options.from));
  if (!manifest) return manifest;
  const std::string part = path + kPart;
  for (const std::string& taken : {path, path + "-wal"}) {
    if (auto is_free = expect_free(taken); !is_free) return tl::unexpected(is_free.error());
  }
  if (auto made = make_folder(files::path(path).parent_path().string()); !made) {
    return tl::unexpected(made.error());
  }
  // Of a restore that was stopped on the way.
  std::error_code error;
  for (const std::string& rest : {part, part + "-wal"}) files::remove(rest, error);
  const std::string copy = absolute(options.from) + "/" + kStoreFile;
  if (auto copied = store::copy_file(copy, part); !copied) return tl::unexpected(copied.error());
  const runtime::HeldRecord held{manifest->as_of, manifest->sequence};
  if (auto begun = store::begin_new_life(part, runtime::kHeldSetting, encode(held)); !begun) {
    return tl::unexpected(begun.error());
  }
  if (auto sound = look_through(part); !sound) return sound;
  if (auto moved = store::move_into_place(part, path); !moved) {
    return tl::unexpected(moved.error());
  }
  return manifest;
}

int report(const base::Error& error, std::ostream& err) {
  const int code = report_error(error, err);
  return error.kind == base::Error::Kind::kFatal ? kFindings : code;
}

}  // namespace

int backup(const BackupOptions& options, std::ostream& out, std::ostream& err) {
  const std::string folder = absolute(options.to);
  const auto manifest = make_backup(options, folder);
  if (!manifest) return report(manifest.error(), err);
  out << fmt::format("{}: commit {}, as of {}, {} bytes, checked\n", folder, manifest->sequence,
                     base::to_iso8601(manifest->as_of), manifest->bytes);
  return kClean;
}

int restore(const RestoreOptions& options, std::ostream& out, std::ostream& err) {
  const auto path = store_file(options);
  if (!path) return report_error(path.error(), err);
  const auto manifest = make_store(options, absolute(*path));
  if (!manifest) return report(manifest.error(), err);
  out << fmt::format(
      "{}: restored, as of {}; it is held: a daemon that is started on it takes events in and\n"
      "sends nothing until `sojourn release`\n",
      *path, base::to_iso8601(manifest->as_of));
  return kClean;
}

int release(const ReleaseOptions& options, std::ostream& out, std::ostream& err) {
  const auto status = ask_daemon(options, "/status");
  if (!status) return report_error(status.error(), err);
  const Json held = status->value("held", Json());
  if (!held.is_object()) {
    out << "the store is not held: there is nothing to release\n";
    return kClean;
  }
  out << fmt::format("held: a backup of commit {}, as of {}; it is {} now\n",
                     held.at("commit").get<std::uint64_t>(),
                     held.at("backup_at").get<std::string>(), status->at("now").get<std::string>());
  if (!options.yes) {
    out << "what left after the backup was made is not known, and may leave a second time\n"
           "nothing was done; --timers --yes works on what fell due and lets nothing leave,\n"
           "--yes lets everything go on\n";
    return kClean;
  }
  const Json order{{"timers", options.timers}, {"by", options.by.empty() ? caller() : options.by}};
  const auto done =
      ask_daemon(options, "/release", order.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (!done) return report_error(done.error(), err);
  out << (options.timers ? "its timers run; nothing leaves yet\n" : "released\n");
  return kClean;
}

}  // namespace sojourn::app

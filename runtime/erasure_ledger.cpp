#include "runtime/erasure_ledger.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "runtime/keyed_hash.h"
#include "runtime/store/sync_folder.h"

namespace sojourn::runtime {
namespace {

using store::Identity;
using What = LedgerEntry::What;

// Format: lines of words with a blank between. The first: "sojourn-erasures 1 KEY CHECK"; each
// other: "TIME WHAT KIND HASH CHECK", where TIME is ISO 8601, WHAT a letter of LedgerEntry::What,
// KIND `email` or `userId`, HASH 64 hex digits, and CHECK the first 16 digits of the keyed hash of
// the check before and the line up to here.
constexpr std::string_view kTitle = "sojourn-erasures 1 ";
constexpr std::size_t kKeyDigits = 64;
constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kCheckDigits = 16;
constexpr std::size_t kReadAtOnce = std::size_t{1} << 20;
constexpr std::size_t kLongestLine = 256;
// At least as long as what is appended and synced at once: a line for each of four names.
constexpr std::int64_t kLongestTear = 1024;

std::string check_of(const std::string& key, std::string_view before, std::string_view line) {
  return keyed_hash(key, fmt::format("{} {}", before, line)).substr(0, kCheckDigits);
}

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string line_of(const LedgerEntry& entry, base::Instant now) {
  const bool is_email = entry.name.kind == Identity::Kind::kForgottenEmail;
  return fmt::format("{} {} {} {}", base::to_iso8601(now), static_cast<char>(entry.what),
                     is_email ? "email" : "userId", entry.name.value);
}

// Takes the first word off the text.
std::string_view next_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::optional<LedgerEntry> entry_in(std::string_view line) {
  next_word(line);
  const std::string_view what = next_word(line);
  const std::string_view kind = next_word(line);
  const bool is_known = what == "e" || what == "f" || what == "u";
  if (!is_known || (kind != "email" && kind != "userId") || !is_hex(line, kHashDigits)) {
    return std::nullopt;
  }
  LedgerEntry entry;
  entry.what = static_cast<What>(what[0]);
  entry.name.kind =
      kind == "email" ? Identity::Kind::kForgottenEmail : Identity::Kind::kForgottenUserId;
  entry.name.value = line;
  return entry;
}

base::Error file_error(const std::string& path, std::string_view doing) {
  return {
      base::Error::Kind::kInvalid,
      fmt::format("cannot {} the ledger of erasures `{}`: {}", doing, path, std::strerror(errno)),
      "its folder must be there, and this user must be able to read and write it; [store] "
      "erasure_ledger names it"};
}

}  // namespace

base::Result<std::unique_ptr<ErasureLedger>> ErasureLedger::open(std::string path,
                                                                 std::function<void()> goes_on) {
  std::unique_ptr<ErasureLedger> ledger(new ErasureLedger(std::move(path), std::move(goes_on)));
  ledger->file_ = ::open(ledger->path_.c_str(), O_RDWR | O_CLOEXEC);
  if (ledger->file_ < 0) {
    if (errno == ENOENT) return ledger;
    return tl::unexpected(file_error(ledger->path_, "open"));
  }
  if (auto locked = ledger->lock(); !locked) return tl::unexpected(locked.error());
  auto end = ledger->read([](const LedgerEntry&) {});
  if (!end) return tl::unexpected(end.error());
  ledger->end_ = std::move(*end);
  return ledger;
}

ErasureLedger::~ErasureLedger() {
  if (file_ >= 0) ::close(file_);
}

base::Error ErasureLedger::broken(const std::string& where) const {
  return {base::Error::Kind::kInvalid,
          fmt::format("the ledger of erasures `{}` is damaged at {}", path_, where),
          "put back a whole copy of it; without it a backup may bring back who was erased"};
}

base::Status ErasureLedger::lock() const {
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return {};
  return base::failure(
      base::Error::Kind::kUnavailable,
      fmt::format("the ledger of erasures `{}` is in use by another process", path_),
      "one store has one ledger; [store] erasure_ledger names it");
}

base::Result<ErasureLedger::End> ErasureLedger::read(const Visit& visit) const {
  End end;
  std::string text;
  std::string piece(kReadAtOnce, '\0');
  std::int64_t offset = 0;
  // A power cut may leave a file as long as it was to be, with zeros where the data never came.
  const auto is_torn = [&](std::string_view line) {
    struct stat found{};
    return line.find('\0') != std::string_view::npos && ::fstat(file_, &found) == 0 &&
           found.st_size - end.bytes <= kLongestTear;
  };
  while (true) {
    const ssize_t got = ::pread(file_, piece.data(), piece.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(file_error(path_, "read"));
    if (got == 0) return end;
    offset += got;
    text.append(piece, 0, static_cast<std::size_t>(got));
    std::size_t from = 0;
    for (std::size_t to = text.find('\n'); to != std::string::npos; to = text.find('\n', from)) {
      const std::string_view line(text.data() + from, to - from);
      if (is_torn(line)) return end;
      if (auto taken = take_line(line, end, visit); !taken) return tl::unexpected(taken.error());
      end.bytes += static_cast<std::int64_t>(to + 1 - from);
      from = to + 1;
    }
    text.erase(0, from);
    if (goes_on_) goes_on_();
    if (is_torn(text)) return end;
    if (text.size() > kLongestLine) return tl::unexpected(broken("its end"));
  }
}

base::Status ErasureLedger::take_line(std::string_view line, End& end, const Visit& visit) const {
  const bool is_first = end.key.empty();
  const auto damaged = [&] {
    return tl::unexpected(broken(fmt::format("line {}", is_first ? 1 : end.lines + 2)));
  };
  const std::size_t blank = line.rfind(' ');
  if (blank == std::string_view::npos) return damaged();
  const std::string_view said = line.substr(0, blank);
  const std::string_view check = line.substr(blank + 1);
  if (is_first) {
    const std::string_view key = said.starts_with(kTitle) ? said.substr(kTitle.size()) : "";
    if (!is_hex(key, kKeyDigits)) return damaged();
    end.key = key;
  }
  if (check != check_of(end.key, end.check, said)) return damaged();
  end.check = check;
  if (is_first) return {};
  auto entry = entry_in(said);
  if (!entry) return damaged();
  ++end.lines;
  visit(std::move(*entry));
  return {};
}

// All of it or, as far as can be told, nothing.
base::Status ErasureLedger::write(std::string_view text) {
  if (is_lost_) {
    return base::failure(base::Error::Kind::kUnavailable,
                         fmt::format("the ledger of erasures `{}` could not be synced", path_),
                         "look at its disk, then restart the daemon");
  }
  // Behind a whole line: what was torn goes.
  bool is_written = ::ftruncate(file_, end_.bytes) == 0;
  std::int64_t offset = end_.bytes;
  for (std::string_view rest = text; is_written && !rest.empty();) {
    const ssize_t put = ::pwrite(file_, rest.data(), rest.size(), offset);
    if (put < 0 && errno == EINTR) continue;
    is_written = put > 0;
    if (!is_written) break;
    offset += put;
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  if (!is_written) {
    const base::Error error = file_error(path_, "write");
    if (::ftruncate(file_, end_.bytes) != 0) is_lost_ = true;
    return tl::unexpected(error);
  }
  if (::fsync(file_) != 0) {
    is_lost_ = true;
    return tl::unexpected(file_error(path_, "sync"));
  }
  end_.bytes = offset;
  return {};
}

// All of it, byte for byte: a sync alone may leave out what an earlier one failed to write (0049).
bool ErasureLedger::write_again() const {
  std::string piece(kReadAtOnce, '\0');
  for (std::int64_t offset = 0; offset < end_.bytes;) {
    const auto rest = static_cast<std::size_t>(end_.bytes - offset);
    const ssize_t got = ::pread(file_, piece.data(), std::min(piece.size(), rest), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    const ssize_t put = ::pwrite(file_, piece.data(), static_cast<std::size_t>(got), offset);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    offset += put;
    if (goes_on_) goes_on_();
  }
  return ::fsync(file_) == 0 && store::sync_folder_of(path_);
}

base::Status ErasureLedger::renew(std::uint64_t count) {
  // Without a line there may be a key already, which the first line builds on.
  const bool is_on_disk = file_ < 0 || (count > 0 && count >= end_.lines);
  if (is_on_disk || write_again()) return {};
  is_lost_ = true;
  return tl::unexpected(file_error(path_, "write again"));
}

base::Status ErasureLedger::begin(const std::string& key) {
  if (file_ < 0) {
    // Nobody else may have begun it since we looked.
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file_ < 0) return tl::unexpected(file_error(path_, "make"));
    if (auto locked = lock(); !locked) return locked;
  }
  const std::string said = fmt::format("{}{}", kTitle, key);
  std::string check = check_of(key, {}, said);
  if (auto written = write(fmt::format("{} {}\n", said, check)); !written) return written;
  if (!store::sync_folder_of(path_)) {
    is_lost_ = true;
    return tl::unexpected(file_error(path_, "sync the folder of"));
  }
  end_.key = key;
  end_.check = std::move(check);
  return {};
}

base::Status ErasureLedger::append(std::span<const LedgerEntry> entries, const std::string& key,
                                   base::Instant now) {
  if (end_.key.empty()) {
    if (auto begun = begin(key); !begun) return begun;
  }
  std::string text;
  std::string check = end_.check;
  for (const LedgerEntry& entry : entries) {
    const std::string said = line_of(entry, now);
    check = check_of(end_.key, check, said);
    text += fmt::format("{} {}\n", said, check);
  }
  if (auto written = write(text); !written) return written;
  end_.check = std::move(check);
  end_.lines += entries.size();
  return {};
}

base::Result<std::vector<LedgerEntry>> ErasureLedger::after(std::uint64_t count) const {
  std::vector<LedgerEntry> entries;
  if (file_ < 0) return entries;
  std::uint64_t line = 0;
  const auto end = read([&](LedgerEntry entry) {
    if (++line > count) entries.push_back(std::move(entry));
  });
  if (!end) return tl::unexpected(end.error());
  return entries;
}

}  // namespace sojourn::runtime

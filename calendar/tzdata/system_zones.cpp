#include "calendar/tzdata/system_zones.h"

#include <algorithm>
#include <array>
#include <cctz/time_zone.h>
#include <cstdlib>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/hash.h"

namespace sojourn::tzdata {
namespace {

using Seconds = cctz::time_point<cctz::seconds>;

// Every real name is shorter.
constexpr std::size_t kMaxNameSize = 64;
// Unknown names are remembered so that a wrong profile does not ask the file system
// again and again; beyond this many they are forgotten.
constexpr std::size_t kMaxUnknown = 1'024;

constexpr std::int64_t kFirstSecond = -2'208'988'800;  // 1900-01-01
constexpr std::int64_t kLastSecond = 7'258'118'400;    // 2200-01-01

Seconds to_seconds(std::int64_t since_1970) {
  return Seconds(cctz::seconds(since_1970));
}

std::int64_t since_1970(Seconds t) {
  return t.time_since_epoch().count();
}

// The folder that cctz reads.
std::string zoneinfo_directory() {
  const char* tzdir = std::getenv("TZDIR");
  return tzdir != nullptr && *tzdir != '\0' ? tzdir : "/usr/share/zoneinfo";
}

// "2026a" from the first line of tzdata.zi ("# version 2026a") or from +VERSION.
std::optional<std::string> read_version(const std::string& directory) {
  std::string line;
  if (std::ifstream in(directory + "/tzdata.zi"); std::getline(in, line)) {
    constexpr std::string_view kPrefix = "# version ";
    if (line.starts_with(kPrefix)) return line.substr(kPrefix.size());
  }
  if (std::ifstream in(directory + "/+VERSION"); std::getline(in, line) && !line.empty()) {
    return line;
  }
  return std::nullopt;
}

bool is_letter_or_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Letters, digits, `_`, `+`, `-`; parts between single slashes; each begins with a
// capital. So no dots, no absolute paths, and none of the database's own files and
// folders (`posix/`, `right/`, `localtime`, `zone.tab`), which begin small.
bool has_form_of_name(std::string_view name) {
  if (name.size() > kMaxNameSize || name.empty() || name.back() == '/') return false;
  bool at_start = true;
  for (const char c : name) {
    if (at_start && (c < 'A' || c > 'Z')) return false;
    if (c != '/' && c != '_' && c != '+' && c != '-' && !is_letter_or_digit(c)) return false;
    at_start = c == '/';
  }
  // The zone of a machine that nobody has set up.
  return name != "Factory";
}

// cctz remembers every name that it was ever asked for, so it is asked only for
// files that are there.
bool is_zone_file(const std::string& path) {
  std::array<char, 4> magic{};
  std::ifstream in(path, std::ios::binary);
  return in.read(magic.data(), magic.size()) && std::string_view(magic.data(), 4) == "TZif";
}

std::unique_ptr<const calendar::Zone> read_zone(const std::string& directory,
                                                const std::string& name) {
  cctz::time_zone zone;
  if (!has_form_of_name(name) || !is_zone_file(directory + "/" + name) ||
      !cctz::load_time_zone(name, &zone)) {
    return nullptr;
  }
  Seconds at = to_seconds(kFirstSecond);
  std::int32_t offset = zone.lookup(at).offset;
  const std::int32_t first_offset = offset;
  std::vector<calendar::Zone::Transition> transitions;
  cctz::time_zone::civil_transition change;
  while (zone.next_transition(at, &change)) {
    at = zone.lookup(change.to).trans;
    if (since_1970(at) >= kLastSecond) break;
    // A change of abbreviation alone changes no clock.
    if (zone.lookup(at).offset == offset) continue;
    offset = zone.lookup(at).offset;
    transitions.push_back({base::Instant{since_1970(at) * 1000}, offset});
  }
  return std::make_unique<calendar::Zone>(name, first_offset, std::move(transitions));
}

}  // namespace

SystemZones::SystemZones(std::string directory, std::string version)
    : directory_(std::move(directory)), version_(std::move(version)) {}

base::Result<std::unique_ptr<SystemZones>> SystemZones::open() {
  std::string directory = zoneinfo_directory();
  std::optional<std::string> version = read_version(directory);
  if (version) {
    std::unique_ptr<SystemZones> zones(new SystemZones(directory, *std::move(version)));
    // One that every database has; without it the folder is not what it says.
    if (zones->find("America/New_York") != nullptr) return zones;
  }
  return base::failure(base::Error::Kind::kNotFound,
                       fmt::format("no time zone database in {}", directory),
                       "install the package `tzdata`, or set TZDIR to the folder that holds it");
}

std::uint64_t SystemZones::rules_fingerprint() const {
  namespace fs = std::filesystem;
  std::map<std::string, std::uint64_t> zones;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(directory_, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().lexically_relative(directory_).generic_string();
    const bool is_folder = entry->is_directory(error);
    if (!has_form_of_name(name)) {
      if (is_folder) entry.disable_recursion_pending();
    } else if (!is_folder && is_zone_file(entry->path().string())) {
      std::ifstream in(entry->path(), std::ios::binary);
      zones[name] = base::stable_hash64(std::string(std::istreambuf_iterator<char>(in), {}));
    }
  }
  std::string all = version_;
  for (const auto& [name, hash] : zones) all += fmt::format("\n{} {:016x}", name, hash);
  return base::stable_hash64(all);
}

const calendar::Zone* SystemZones::find(std::string_view iana_name) {
  if (const auto known = zones_.find(iana_name); known != zones_.end()) return known->second.get();
  // Too long for any name, and so not worth remembering.
  if (iana_name.size() > kMaxNameSize) return nullptr;
  std::string name(iana_name);
  std::unique_ptr<const calendar::Zone> zone = read_zone(directory_, name);
  if (zone == nullptr) {
    if (unknown_count_ == kMaxUnknown) {
      std::erase_if(zones_, [](const auto& entry) { return entry.second == nullptr; });
      unknown_count_ = 0;
    }
    ++unknown_count_;
  }
  return zones_.emplace(std::move(name), std::move(zone)).first->second.get();
}

}  // namespace sojourn::tzdata

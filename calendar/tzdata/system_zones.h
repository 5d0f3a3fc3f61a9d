// The machine's time zones: the IANA database as installed under TZDIR, or else
// /usr/share/zoneinfo, read through cctz. Zones are read when first asked for and
// kept; their rules are those of the file between 1900 and 2200. An edition that
// is installed later is seen by the next process.
//
// Owned by one thread, which makes all calls. The zones themselves are immutable.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "calendar/zone.h"

namespace sojourn::tzdata {

class SystemZones final : public calendar::ZoneSource {
 public:
  // An error when there is no database, or none that says which edition it is.
  static base::Result<std::unique_ptr<SystemZones>> open();

  // Names are exact (`Europe/Berlin`). What is no name of a zone is nullptr, however
  // hostile: names come from people's profiles.
  const calendar::Zone* find(std::string_view iana_name) override;
  std::string_view tz_version() const override { return version_; }
  // Of the files of all zones: an edition may be patched under its name. Reads them.
  std::uint64_t rules_fingerprint() const override;

 private:
  SystemZones(std::string directory, std::string version);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
      return std::hash<std::string_view>{}(name);
    }
  };

  std::string directory_;
  std::string version_;
  // No zone: the name was looked for and is unknown.
  std::unordered_map<std::string, std::unique_ptr<const calendar::Zone>, Hash, std::equal_to<>>
      zones_;
  std::size_t unknown_count_ = 0;
};

}  // namespace sojourn::tzdata

#include "calendar/tzdata/system_zones.h"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <stdexcept>
#include <unistd.h>
#include <vector>

#include "base/civil.h"
#include "base/random.h"
#include "calendar/arithmetic.h"

namespace sojourn::tzdata {
namespace {

using calendar::LocalTime;
using calendar::Zone;

constexpr const char* kDirectory = "/usr/share/zoneinfo";

base::Instant utc(const char* text) {
  return base::parse_timestamp(text).value();
}

std::int32_t day(std::int64_t year, int month, int day_of_month) {
  return static_cast<std::int32_t>(base::days_from_civil({year, month, day_of_month}));
}

LocalTime local(std::int32_t day_number, int hour, int minute) {
  return LocalTime{day_number, (hour * 60 + minute) * 60'000};
}

class SystemZonesTest : public testing::Test {
 protected:
  const Zone& zone(const char* name) {
    const Zone* found = zones_->find(name);
    if (found == nullptr) throw std::invalid_argument(name);
    return *found;
  }

  std::unique_ptr<SystemZones> zones_ = SystemZones::open().value();
};

TEST_F(SystemZonesTest, SaysWhichEditionItReads) {
  const std::string version(zones_->tz_version());
  ASSERT_GE(version.size(), 5u);
  EXPECT_EQ(version.find_first_not_of("0123456789"), 4u) << version;
}

TEST_F(SystemZonesTest, NewYorkSpringsForwardAndFallsBack) {
  const Zone& new_york = zone("America/New_York");
  EXPECT_EQ(new_york.to_instant(local(day(2026, 3, 8), 2, 30)), utc("2026-03-08T07:00Z"));
  EXPECT_EQ(new_york.to_instant(local(day(2026, 11, 1), 1, 30)), utc("2026-11-01T05:30Z"));
}

TEST_F(SystemZonesTest, BerlinHasSummerTimeIn2045AndIn2199) {
  const Zone& berlin = zone("Europe/Berlin");
  EXPECT_EQ(berlin.to_instant(local(day(2045, 7, 1), 12, 0)), utc("2045-07-01T10:00Z"));
  EXPECT_EQ(berlin.to_instant(local(day(2045, 3, 26), 2, 30)), utc("2045-03-26T01:00Z"));
  EXPECT_EQ(berlin.to_instant(local(day(2199, 7, 1), 12, 0)), utc("2199-07-01T10:00Z"));
}

TEST_F(SystemZonesTest, LordHoweMovesByHalfAnHour) {
  const Zone& lord_howe = zone("Australia/Lord_Howe");
  // 2026-10-04: 02:00 becomes 02:30.
  EXPECT_EQ(lord_howe.to_instant(local(day(2026, 10, 4), 2, 15)), utc("2026-10-03T15:30Z"));
  EXPECT_EQ(lord_howe.to_local(utc("2026-10-03T15:30Z")), local(day(2026, 10, 4), 2, 30));
}

TEST_F(SystemZonesTest, SaoPaulo2018HasADayWithoutMidnight) {
  const Zone& sao_paulo = zone("America/Sao_Paulo");
  const std::int32_t changed = day(2018, 11, 4);
  EXPECT_TRUE(sao_paulo.day_exists(changed));
  EXPECT_EQ(sao_paulo.to_instant(local(changed, 0, 0)), utc("2018-11-04T03:00Z"));
  EXPECT_EQ(calendar::add(sao_paulo, utc("2018-11-03T03:00Z"), 0, 1, 0), utc("2018-11-04T03:00Z"));
}

TEST_F(SystemZonesTest, ApiaHadNo30December2011) {
  const Zone& apia = zone("Pacific/Apia");
  EXPECT_TRUE(apia.day_exists(day(2011, 12, 29)));
  EXPECT_FALSE(apia.day_exists(day(2011, 12, 30)));
  EXPECT_TRUE(apia.day_exists(day(2011, 12, 31)));
}

TEST_F(SystemZonesTest, CasablancaLeavesItsSummerTimeForRamadan) {
  const Zone& casablanca = zone("Africa/Casablanca");
  EXPECT_EQ(casablanca.to_instant(local(day(2025, 1, 15), 12, 0)), utc("2025-01-15T11:00Z"));
  EXPECT_EQ(casablanca.to_instant(local(day(2025, 3, 10), 12, 0)), utc("2025-03-10T12:00Z"));
}

TEST_F(SystemZonesTest, AZoneIsReadOnceAndKept) {
  EXPECT_EQ(zones_->find("Europe/Berlin"), zones_->find("Europe/Berlin"));
  EXPECT_EQ(zones_->find("Europe/Berlin")->name(), "Europe/Berlin");
}

TEST_F(SystemZonesTest, WhatIsNoNameOfAZoneIsNotFound) {
  for (const char* name : {"",
                           "/",
                           "Europe",
                           "Europe/",
                           "Europe/Atlantis",
                           "europe/berlin",
                           "../zoneinfo/Europe/Berlin",
                           "/usr/share/zoneinfo/Europe/Berlin",
                           "Europe//Berlin",
                           "./Europe/Berlin",
                           "Europe/../UTC",
                           "zone.tab",
                           "tzdata.zi",
                           "localtime",
                           "posixrules",
                           "posix/Europe/Berlin",
                           "right/Europe/Berlin",
                           "Factory",
                           "Fixed/UTC+05:00:00",
                           "UTC0",
                           "EST5",
                           "Europe/Berlin\n",
                           "Europe/Ber\xC3\xA4lin"}) {
    EXPECT_EQ(zones_->find(name), nullptr) << name;
  }
  EXPECT_EQ(zones_->find(std::string_view("Europe/Berlin\0", 14)), nullptr);
  EXPECT_EQ(zones_->find(std::string(100'000, 'A')), nullptr);
}

TEST_F(SystemZonesTest, ManyUnknownNamesDoNotDisturbTheKnownOnes) {
  const Zone* berlin = zones_->find("Europe/Berlin");
  for (int i = 0; i < 5'000; ++i) {
    ASSERT_EQ(zones_->find("Nowhere/Place" + std::to_string(i)), nullptr);
  }
  EXPECT_EQ(zones_->find("Europe/Berlin"), berlin);
}

TEST(SystemZonesWithoutDatabase, IsAClearErrorAndNotUtc) {
  const std::filesystem::path empty =
      std::filesystem::temp_directory_path() / ("no-zoneinfo-" + std::to_string(::getpid()));
  std::filesystem::create_directories(empty);
  ::setenv("TZDIR", empty.c_str(), 1);
  const auto zones = SystemZones::open();
  ::unsetenv("TZDIR");
  std::filesystem::remove_all(empty);
  ASSERT_FALSE(zones);
  EXPECT_EQ(zones.error().message, "no time zone database in " + empty.string());
  EXPECT_NE(zones.error().hint.find("tzdata"), std::string::npos);
}

TEST(SystemZonesFingerprint, IsOfTheRulesOfAllZonesAndOfTheEdition) {
  namespace fs = std::filesystem;
  const fs::path folder =
      fs::temp_directory_path() / ("zone-fingerprint-" + std::to_string(::getpid()));
  for (const char* part : {"America", "Europe", "posix"}) fs::create_directories(folder / part);
  const auto put = [&](const char* zone, const char* like) {
    fs::copy_file(fs::path(kDirectory) / like, folder / zone, fs::copy_options::overwrite_existing);
  };
  put("America/New_York", "America/New_York");
  put("Europe/Berlin", "Europe/Berlin");
  std::ofstream(folder / "tzdata.zi") << "# version 2026a\n";
  ::setenv("TZDIR", folder.c_str(), 1);
  const auto fingerprint = [] { return SystemZones::open().value()->rules_fingerprint(); };
  const std::uint64_t first = fingerprint();
  EXPECT_EQ(fingerprint(), first);
  put("posix/Berlin", "Europe/London");
  EXPECT_EQ(fingerprint(), first) << "no zone that anybody can name";
  put("Europe/Berlin", "Europe/London");
  const std::uint64_t patched = fingerprint();
  EXPECT_NE(patched, first);
  put("Europe/Berlin", "Europe/Berlin");
  EXPECT_EQ(fingerprint(), first);
  std::ofstream(folder / "tzdata.zi") << "# version 2026b\n";
  EXPECT_NE(fingerprint(), first);
  ::unsetenv("TZDIR");
  fs::remove_all(folder);
}

// The names of tzdata.zi: `Z NAME …` and `L TARGET NAME`.
std::vector<std::string> names_in_database() {
  std::vector<std::string> names;
  std::ifstream in(std::string(kDirectory) + "/tzdata.zi");
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string kind;
    std::string first;
    std::string second;
    words >> kind >> first >> second;
    if (kind == "Z") names.push_back(first);
    if (kind == "L") names.push_back(second);
  }
  return names;
}

cctz::time_point<cctz::seconds> seconds_of(base::Instant t) {
  return cctz::time_point<cctz::seconds>(cctz::seconds(t.millis / 1000));
}

LocalTime reading(const cctz::civil_second& civil) {
  const auto since =
      static_cast<std::int32_t>(cctz::civil_day(civil) - cctz::civil_day(1970, 1, 1));
  return LocalTime{since, ((civil.hour() * 60 + civil.minute()) * 60 + civil.second()) * 1000};
}

// Our zone and cctz's must agree on what the clock shows at `t`, and on which
// instant that reading and the reading an hour later mean.
void expect_agreement(const Zone& ours, const cctz::time_zone& theirs, base::Instant t) {
  const cctz::civil_second civil = theirs.lookup(seconds_of(t)).cs;
  ASSERT_EQ(ours.to_local(t), reading(civil)) << ours.name() << " at " << base::to_iso8601(t);
  for (const cctz::civil_second& asked : {civil, civil + 3599}) {
    const auto found = theirs.lookup(asked);
    const bool gap = found.kind == cctz::time_zone::civil_lookup::SKIPPED;
    const auto expected = (gap ? found.trans : found.pre).time_since_epoch().count() * 1000;
    ASSERT_EQ(ours.to_instant(reading(asked)), base::Instant{expected})
        << ours.name() << " near " << base::to_iso8601(t);
  }
}

TEST_F(SystemZonesTest, EveryZoneAgreesWithCctzAroundItsTransitions) {
  base::SeededRandom random(1884);
  std::size_t compared = 0;
  for (const std::string& name : names_in_database()) {
    const Zone* ours = zones_->find(name);
    cctz::time_zone theirs;
    if (ours == nullptr || !cctz::load_time_zone(name, &theirs)) continue;
    ++compared;
    // Twelve stretches of a random start, and the next change after each.
    for (int i = 0; i < 12; ++i) {
      const std::int64_t second =
          -2'208'988'800 + static_cast<std::int64_t>(base::random_below(random, 9'400'000'000));
      const base::Instant t{second * 1000};
      expect_agreement(*ours, theirs, t);
      cctz::time_zone::civil_transition change;
      if (!theirs.next_transition(seconds_of(t), &change)) continue;
      const std::int64_t at = theirs.lookup(change.to).trans.time_since_epoch().count();
      if (at >= 7'258'000'000) continue;  // 2200: beyond what is read
      for (const std::int64_t near : {at - 1, at, at + 1}) {
        expect_agreement(*ours, theirs, base::Instant{near * 1000});
      }
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GT(compared, 400u);
}

}  // namespace
}  // namespace sojourn::tzdata

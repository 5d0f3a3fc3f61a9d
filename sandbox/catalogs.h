// The project's catalogs and their items, in memory, with every change kept in the inbox. One
// thread.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::sandbox {

class Inbox;
class Project;

class Catalogs {
 public:
  struct Item {
    nlohmann::json value;  // an object
    base::Instant modified;
  };
  using Items = std::map<std::string, Item, std::less<>>;
  static constexpr std::size_t kMaxItems = 200'000;  // of all catalogs
  static constexpr std::size_t kMaxItemBytes = 30'000;

  // Those that the project declares, then what earlier runs changed.
  static base::Result<Catalogs> load(const Project& project, Inbox& inbox);

  const std::map<std::string, Items, std::less<>>& all() const { return catalogs_; }
  // Null when there is no such catalog.
  const Items* find(std::string_view catalog) const;

  base::Status make(Inbox& inbox, const std::string& catalog, base::Instant now);
  base::Status drop(Inbox& inbox, const std::string& catalog, base::Instant now);
  // Of a catalog that is there. False when there is no room for one more item.
  bool has_room() const { return items_ < kMaxItems; }
  base::Status put(Inbox& inbox, const std::string& catalog, const std::string& item,
                   nlohmann::json value, base::Instant now);
  base::Status remove(Inbox& inbox, const std::string& catalog, const std::string& item,
                      base::Instant now);

 private:
  // What a record says; an item without a name is the catalog itself.
  void apply(const std::string& catalog, const std::string& item, const std::string& text,
             base::Instant when);
  base::Status change(Inbox& inbox, const std::string& catalog, const std::string& item,
                      const std::string& text, base::Instant now);

  std::map<std::string, Items, std::less<>> catalogs_;
  std::size_t items_ = 0;
};

}  // namespace sojourn::sandbox

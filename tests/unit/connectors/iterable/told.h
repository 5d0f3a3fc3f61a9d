// What a `by` line tells an action, member by member. A member that is not there is what the
// command has without it; one that nobody asks for is a mistake of the transcript.
#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "connectors/recipient.h"
#include "graph/value.h"

namespace sojourn::connectors::iterable {

inline graph::Value value_of(const nlohmann::json& json) {
  if (json.is_null()) return graph::Value();
  if (json.is_boolean()) return graph::Value(json.get<bool>());
  if (json.is_number_integer()) return graph::Value(json.get<std::int64_t>());
  if (json.is_number()) return graph::Value(json.get<double>());
  if (json.is_string()) return graph::Value(json.get<std::string>());
  if (json.is_array()) {
    graph::List list;
    for (const auto& item : json) list.push_back(value_of(item));
    return graph::Value(std::move(list));
  }
  graph::Object object;
  for (const auto& [name, value] : json.items()) object.emplace_back(name, value_of(value));
  return graph::Value(std::move(object));
}

class Told {
 public:
  explicit Told(nlohmann::json object) : object_(std::move(object)) {}
  ~Told() {
    for (const auto& [name, value] : object_.items()) {
      EXPECT_TRUE(asked_.contains(name)) << "`" << name << "` says nothing to the action";
    }
  }
  Told(const Told&) = delete;
  Told& operator=(const Told&) = delete;

  bool has(const std::string& name) const { return object_.contains(name); }

  template <typename T>
  T get(const std::string& name, T otherwise = {}) {
    asked_.insert(name);
    return has(name) ? object_.at(name).get<T>() : otherwise;
  }
  template <typename T>
  std::optional<T> if_there(const std::string& name) {
    return has(name) ? std::optional(get<T>(name)) : std::nullopt;
  }
  std::string text(const std::string& name) { return get<std::string>(name); }
  std::int64_t integer(const std::string& name) { return get<std::int64_t>(name); }

  // One of `words`, by their places.
  std::size_t choice(const std::string& name, const std::vector<std::string_view>& words) {
    const std::string word = text(name);
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i] == word) return i;
    }
    ADD_FAILURE() << "`" << name << "` is `" << word << "`, which is none of its words";
    return 0;
  }

  // "2026-03-01 09:00:00 +00:00"; the moment that transcripts begin at without it.
  base::Instant instant(const std::string& name) {
    const auto at = base::parse_timestamp(get<std::string>(name, "2026-03-01 09:00:00 +00:00"));
    EXPECT_TRUE(at) << "`" << name << "` is no time";
    return at.value_or(base::Instant{});
  }

  std::vector<graph::Field> fields(const std::string& name) {
    std::vector<graph::Field> out;
    const auto object = get<nlohmann::json>(name, nlohmann::json::object());
    for (const auto& [field, value] : object.items()) {
      out.emplace_back(field, value_of(value));
    }
    return out;
  }

  Recipient user(const std::string& name = "user") {
    EXPECT_TRUE(has(name)) << "`" << name << "` is missing";
    Told user(get<nlohmann::json>(name, nlohmann::json::object()));
    Recipient out{user.text("email"), user.text("userId")};
    if (user.has("identity")) {
      out.identity =
          static_cast<ProjectIdentity>(user.choice("identity", {"email", "user_id", "hybrid"}));
    }
    return out;
  }

  // Calls `use` with each object of a list.
  template <typename Use>
  void each(const std::string& name, Use use) {
    const auto list = get<nlohmann::json>(name, nlohmann::json::array());
    for (const auto& object : list) {
      Told item(object);
      use(item);
    }
  }

 private:
  nlohmann::json object_;
  std::set<std::string> asked_;
};

}  // namespace sojourn::connectors::iterable

// The request schemas of the operations that the sandbox serves, compiled once.
// Owned by the service; one thread.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::sandbox {

struct Problem {
  enum class Kind {
    kType,     // another JSON type
    kMissing,  // a member that must be there is not
    kNoUser,   // neither of the two members that could name a user is there
    kForm,     // the right type, but too long, too short or of another form
  };
  Kind kind = Kind::kType;
  std::string path;   // "events[1].createdAt"; empty: the body itself
  std::string words;  // "Number value expected"
};

class Schemas {
 public:
  Schemas();
  ~Schemas();
  Schemas(const Schemas&) = delete;
  Schemas& operator=(const Schemas&) = delete;

  // Everything that is wrong with the body of a request; empty for a good one. `path` is that of
  // a request or, from those who know it, the pattern of an operation. It must be an operation of
  // schemas/iterable.json, as `known` says.
  std::vector<Problem> check(std::string_view method, std::string_view path,
                             const nlohmann::json& body);
  // Of a POST.
  std::vector<Problem> check(std::string_view path, const nlohmann::json& body) {
    return check("POST", path, body);
  }
  bool known(std::string_view method, std::string_view path) const {
    return find(method, path) != nullptr;
  }

 private:
  struct Operation;
  const Operation* find(std::string_view method, std::string_view path) const;
  std::vector<std::unique_ptr<Operation>> operations_;
  struct Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace sojourn::sandbox

// Requests as readers see them, held against the schemas that the sandbox serves.
#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

#include "connectors/request.h"
#include "sandbox/schemas.h"

namespace sojourn::connectors::iterable {

// "POST /api/email/target" and below it the body, one member to a line.
inline std::string shown(const HttpRequest& request) {
  static sandbox::Schemas schemas;
  if (request.body.empty()) return request.method + " " + request.path + "\n";
  const nlohmann::ordered_json body = nlohmann::ordered_json::parse(request.body);
  EXPECT_TRUE(schemas.known(request.method, request.path)) << request.method << request.path;
  if (schemas.known(request.method, request.path)) {
    const nlohmann::json checked = nlohmann::json::parse(request.body);
    for (const auto& problem : schemas.check(request.method, request.path, checked)) {
      ADD_FAILURE() << request.path << ": " << problem.path << ": " << problem.words;
    }
  }
  std::string out = request.method + " " + request.path + "\n";
  for (const auto& [name, value] : body.items()) out += name + ": " + value.dump() + "\n";
  return out;
}

}  // namespace sojourn::connectors::iterable

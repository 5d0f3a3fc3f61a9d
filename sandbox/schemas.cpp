#include "sandbox/schemas.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "base/check.h"
#include "sandbox/path_pattern.h"

extern "C" {
extern const char sojourn_sandbox_schemas_begin[];  // NOLINT(modernize-avoid-c-arrays)
extern const char sojourn_sandbox_schemas_end[];    // NOLINT(modernize-avoid-c-arrays)
}

namespace sojourn::sandbox {
namespace {

using nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

constexpr auto kUserMembers =
    std::to_array<std::string_view>({"email", "userId", "recipientEmail", "recipientUserId"});

// What the validator's places look like: "<root>", "[events]", "[1]".
struct Place {
  std::string path;
  const json* schema;  // the schema that holds there
};

bool is_index(std::string_view step) {
  return std::all_of(step.begin(), step.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// That of a member which has a name of its own, or of all the others.
const json& member_schema(const json& schema, const std::string& name) {
  static const json kAny = json::object();
  const auto named = schema.find("properties");
  if (named != schema.end() && named->contains(name)) return named->at(name);
  const auto others = schema.find("additionalProperties");
  return others != schema.end() && others->is_object() ? *others : kAny;
}

Place place_of(const std::vector<std::string>& context, const json& schema) {
  Place place{{}, &schema};
  for (std::size_t i = 1; i < context.size(); ++i) {
    const std::string_view step = std::string_view(context[i]).substr(1, context[i].size() - 2);
    // A member of an object may be called as the place in a list is.
    if (place.schema->contains("items") && is_index(step)) {
      place.path.append("[").append(step).append("]");
      place.schema = &place.schema->at("items");
    } else {
      if (!place.path.empty()) place.path += '.';
      place.path += step;
      place.schema = &member_schema(*place.schema, std::string(step));
    }
  }
  return place;
}

std::string expected(const json& schema) {
  const std::string type = schema.value("type", "");
  if (type == "integer" || type == "number") return "Number value expected";
  if (type == "string") return "String value expected";
  if (type == "boolean") return "Boolean value expected";
  if (type == "array") return "Array value expected";
  return "Object value expected";
}

// The validator tells kinds of findings apart only by their wording.
constexpr std::string_view kWrongType = "Value type not permitted";
constexpr std::string_view kMissing = "Missing required property '";
// What only sums up findings that were reported before it.
constexpr std::string_view kSummary = "Failed to validate";

void add_problem(std::vector<Problem>& out, const std::vector<std::string>& context,
                 std::string_view finding, const json& schema) {
  if (finding.starts_with(kSummary)) return;
  Place place = place_of(context, schema);
  if (finding.starts_with(kWrongType)) {
    out.push_back({Problem::Kind::kType, place.path, expected(*place.schema)});
    return;
  }
  if (!finding.starts_with(kMissing)) {
    out.push_back({Problem::Kind::kForm, place.path, std::string(finding)});
    return;
  }
  std::string_view name = finding.substr(kMissing.size());
  name = name.substr(0, name.find('\''));
  if (std::find(kUserMembers.begin(), kUserMembers.end(), name) != kUserMembers.end()) {
    // Either of the two would do, and each is reported missing.
    const Problem problem{Problem::Kind::kNoUser, place.path, "a user must be named"};
    if (out.empty() || out.back().kind != problem.kind || out.back().path != problem.path) {
      out.push_back(problem);
    }
    return;
  }
  if (!place.path.empty()) place.path += '.';
  place.path += name;
  out.push_back({Problem::Kind::kMissing, place.path, "Value expected"});
}

}  // namespace

struct Schemas::Operation {
  std::string method;
  std::string path;  // a pattern, see path_pattern.h
  json schema;
  valijson::Schema compiled;
};

struct Schemas::Machine {
  valijson::Validator validator{valijson::Validator::kStrongTypes};
};

Schemas::Schemas() : machine_(std::make_unique<Machine>()) {
  const json file = json::parse(sojourn_sandbox_schemas_begin, sojourn_sandbox_schemas_end);
  for (const json& entry : file.at("operations")) {
    auto operation = std::make_unique<Operation>();
    operation->method = entry.at("method").get<std::string>();
    operation->path = entry.at("path").get<std::string>();
    operation->schema = entry.at("request");
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.populateSchema(NlohmannJsonAdapter(operation->schema), operation->compiled);
    operations_.push_back(std::move(operation));
  }
}

Schemas::~Schemas() = default;

const Schemas::Operation* Schemas::find(std::string_view method, std::string_view path) const {
  const Operation* fitting = nullptr;
  for (const auto& operation : operations_) {
    if (operation->method != method) continue;
    if (operation->path == path) return operation.get();
    if (fitting == nullptr && has_names(operation->path) && fits_pattern(operation->path, path)) {
      fitting = operation.get();
    }
  }
  return fitting;
}

std::vector<Problem> Schemas::check(std::string_view method, std::string_view path,
                                    const json& body) {
  const Operation* found = find(method, path);
  SOJOURN_CHECK(found != nullptr, "only bodies of known operations are checked");
  const Operation& operation = *found;
  const NlohmannJsonAdapter target(body);
  // Without a place for results the validator stops at the first finding and
  // keeps no account of where it is: the usual, good body is cheap.
  if (machine_->validator.validate(operation.compiled, target, nullptr)) return {};
  valijson::ValidationResults results;
  machine_->validator.validate(operation.compiled, target, &results);
  std::vector<Problem> problems;
  for (const auto& finding : results) {
    add_problem(problems, finding.context, finding.description, operation.schema);
  }
  // A finding that sums up others which nobody reported.
  if (problems.empty())
    problems.push_back({Problem::Kind::kForm, {}, "Value of another form expected"});
  return problems;
}

}  // namespace sojourn::sandbox

// Catalogs and their items. Writes are taken with 202 and are seen after the reading lag.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "sandbox/answers.h"
#include "sandbox/calls.h"
#include "sandbox/query.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxName = 255;

// Letters, digits and dashes.
bool is_name(std::string_view name) {
  return name.size() <= kMaxName && std::ranges::all_of(name, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '-';
         });
}

// These endpoints have a shape of their own for it.
Reply nothing_there(const char* code, const std::string& message, const std::string& name) {
  const nlohmann::ordered_json body{{"error", "NotFound"},
                                    {"message", message},
                                    {"code", code},
                                    {"data", {{"args", json::array({name})}}}};
  return {.status = 404, .body = body.dump()};
}

Reply no_catalog(const std::string& name) {
  return nothing_there("error.catalogs.notFound", "No catalog found with name: " + name, name);
}

Reply no_item(const std::string& name) {
  return nothing_there("error.catalogItems.notFound", "No catalog item found with id: " + name,
                       name);
}

Reply taken(const std::string& words) {
  return envelope(202, "Success", words);
}

json shown(const std::string& catalog, const std::string& id, const Catalogs::Item& item) {
  return {{"catalogName", catalog},
          {"itemId", id},
          {"size", item.value.dump().size()},
          {"lastModified", item.modified.millis},
          {"value", item.value}};
}

// What is wrong with a value; empty: nothing.
std::string fault_of_value(const json& value) {
  for (const auto& [name, one] : value.items()) {
    if (name.find('.') != std::string::npos) {
      return fmt::format("Field names must not contain periods: {}", name);
    }
  }
  if (value.dump().size() > Catalogs::kMaxItemBytes) return "The item is larger than 30 kB";
  return {};
}

// A value to put, or why it cannot be.
std::optional<Reply> put(Desk& desk, const Call& call, const std::string& item, json value) {
  if (!is_name(item)) return bad_member("itemId");
  if (const std::string fault = fault_of_value(value); !fault.empty()) {
    return envelope(400, "BadParams", fault);
  }
  const std::string& catalog = call.names.at(0);
  const Catalogs::Items& items = *desk.catalogs.find(catalog);
  if (!items.contains(item) && !desk.catalogs.has_room()) {
    return envelope(400, "BadParams", "The project has too many catalog items");
  }
  if (!desk.catalogs.put(desk.inbox, catalog, item, std::move(value), call.now)) {
    return database_error();
  }
  return std::nullopt;
}

// `update` over what is there, member by member.
json patched(const Catalogs::Items& items, const std::string& item, const json& update) {
  const auto found = items.find(item);
  json value = found == items.end() ? json::object() : found->second.value;
  value.update(update);
  return value;
}

}  // namespace

Reply make_catalog(Desk& desk, const Call& call) {
  const std::string& name = call.names.at(0);
  if (!is_name(name)) return bad_member("catalogName");
  if (desk.catalogs.find(name) != nullptr) {
    return envelope(400, "BadParams", fmt::format("Catalog {} already exists", name));
  }
  if (!desk.catalogs.make(desk.inbox, name, call.now)) return database_error();
  return envelope(201, "Success", "");
}

Reply delete_catalog(Desk& desk, const Call& call) {
  const std::string& name = call.names.at(0);
  if (desk.catalogs.find(name) == nullptr) return no_catalog(name);
  if (!desk.catalogs.drop(desk.inbox, name, call.now)) return database_error();
  return success("");
}

Reply catalogs_page(Desk& desk, const Call& call) {
  std::vector<json> rows;
  for (const auto& [name, items] : desk.catalogs.all()) rows.push_back({{"name", name}});
  return paged({call.path, "catalogNames", "totalCatalogsCount", 10, 100}, call.query,
               std::move(rows));
}

Reply catalog_items_page(Desk& desk, const Call& call) {
  const std::string& name = call.names.at(0);
  const Catalogs::Items* items = desk.catalogs.find(name);
  if (items == nullptr) return no_catalog(name);
  std::vector<json> rows;
  for (const auto& [id, item] : *items) {
    if (item.modified <= call.now - desk.options.read_lag) rows.push_back(shown(name, id, item));
  }
  return paged({call.path, "catalogItemsWithProperties", "totalItemsCount", 10, 1000}, call.query,
               std::move(rows));
}

Reply catalog_item(Desk& desk, const Call& call) {
  const Catalogs::Items* items = desk.catalogs.find(call.names.at(0));
  if (items == nullptr) return no_catalog(call.names.at(0));
  const auto found = items->find(call.names.at(1));
  const bool seen =
      found != items->end() && found->second.modified <= call.now - desk.options.read_lag;
  if (!seen) return no_item(call.names.at(1));
  return {.body = shown(call.names.at(0), found->first, found->second).dump()};
}

Reply put_catalog_item(Desk& desk, const Call& call) {
  if (desk.catalogs.find(call.names.at(0)) == nullptr) return no_catalog(call.names.at(0));
  auto refusal = put(desk, call, call.names.at(1), call.body.at("value"));
  return refusal ? *refusal : taken("");
}

Reply patch_catalog_item(Desk& desk, const Call& call) {
  const Catalogs::Items* items = desk.catalogs.find(call.names.at(0));
  if (items == nullptr) return no_catalog(call.names.at(0));
  auto refusal =
      put(desk, call, call.names.at(1), patched(*items, call.names.at(1), call.body.at("update")));
  return refusal ? *refusal : taken("");
}

Reply delete_catalog_item(Desk& desk, const Call& call) {
  const std::string& catalog = call.names.at(0);
  if (desk.catalogs.find(catalog) == nullptr) return no_catalog(catalog);
  if (!desk.catalogs.remove(desk.inbox, catalog, call.names.at(1), call.now)) {
    return database_error();
  }
  return taken("");
}

// All are looked at before one is put.
Reply put_catalog_items(Desk& desk, const Call& call) {
  const std::string& catalog = call.names.at(0);
  const Catalogs::Items* items = desk.catalogs.find(catalog);
  if (items == nullptr) return no_catalog(catalog);
  const bool patch = call.body.at("replaceUploadedFieldsOnly").get<bool>();
  for (const auto& [id, value] : call.body.at("documents").items()) {
    if (!is_name(id)) return bad_member("itemId");
    const std::string fault = fault_of_value(value);
    if (!fault.empty()) return envelope(400, "BadParams", fault);
  }
  for (const auto& [id, value] : call.body.at("documents").items()) {
    auto refusal = put(desk, call, id, patch ? patched(*items, id, value) : value);
    if (refusal) return *refusal;
  }
  return taken(
      fmt::format("Request to bulk-upload documents into {} processed successfully", catalog));
}

Reply delete_catalog_items(Desk& desk, const Call& call) {
  const std::string& catalog = call.names.at(0);
  if (desk.catalogs.find(catalog) == nullptr) return no_catalog(catalog);
  for (const json& id : call.body.at("itemIds")) {
    if (!desk.catalogs.remove(desk.inbox, catalog, id.get<std::string>(), call.now)) {
      return database_error();
    }
  }
  return taken("");
}

}  // namespace sojourn::sandbox

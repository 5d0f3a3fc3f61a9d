// The catalog.journey that `sojourn pull` writes: what an Iterable project has, as declarations.
// Whatever another file of the project declares is left out, so that an author takes a declaration
// over by writing it elsewhere. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "dsl/compile.h"
#include "dsl/ids_lock.h"

namespace sojourn::app {

inline constexpr const char* kCatalogFile = "catalog.journey";

// What files declare of one kind.
struct DeclaredKind {
  std::map<std::int64_t, std::string> by_id;
  std::set<std::string> names;
};

struct Declared {
  DeclaredKind message_types;
  DeclaredKind campaigns;
  DeclaredKind lists;
  std::set<std::string> events;                    // names
  std::map<std::string, std::string> event_names;  // by wire name
  std::set<std::string> user_fields;
};

// Of the texts that can be read as far as they can; faults are no matter here.
Declared declared_in(std::span<const dsl::SourceText> sources);

struct CatalogText {
  std::string text;                   // in the style of `sojourn fmt`
  std::vector<std::string> left_out;  // what could not be declared, and why; for people
};

// `elsewhere`: what the other files declare. `before`: what the catalog declared until now; what
// is there under an id keeps its name.
base::Result<CatalogText> catalog_text(const dsl::IdsLock& lock, const Declared& elsewhere,
                                       const Declared& before);

}  // namespace sojourn::app

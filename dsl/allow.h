// `allow NAME "reason"` on the line above a statement or declaration: takes back one
// warning of that name there. "There" is what stands below it, without the statements
// in its blocks, which have lines of their own to put an `allow` above.
#pragma once

#include <memory>
#include <vector>

#include "dsl/diagnostic.h"
#include "dsl/parse.h"

namespace sojourn::dsl {

using ParsedFiles = std::vector<std::shared_ptr<const ParsedFile>>;

// Removes what is allowed from `diagnostics` (sorted), and adds what is wrong with the
// allows. Whether one is used is asked only when there is no error: the warning it is
// about may be silent because of the error.
void apply_allows(const ParsedFiles& parsed, const std::vector<SourceFile>& files,
                  std::vector<Diagnostic>& diagnostics);

}  // namespace sojourn::dsl

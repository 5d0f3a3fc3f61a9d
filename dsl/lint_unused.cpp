#include "dsl/lint_unused.h"

#include <string_view>
#include <unordered_map>
#include <variant>

namespace sojourn::dsl {
namespace {

struct Candidate {
  std::string_view kind;
  const ast::Name* name = nullptr;
  const ast::Declaration* declaration = nullptr;
  bool removable = false;
};

struct Chooser {
  const ast::Declaration* at;

  // Nothing else than its value can be lost with a constant.
  Candidate operator()(const ast::Constant& node) const {
    return {"the constant", &node.name, at, true};
  }
  Candidate operator()(const ast::Segment& node) const {
    return {"the segment", &node.name, at, false};
  }
  Candidate operator()(const ast::Fragment& node) const {
    return {"the fragment", &node.name, at, false};
  }
  template <typename Other>
  Candidate operator()(const Other&) const {
    return {};
  }
};

}  // namespace

void lint_unused(const ParsedFiles& parsed, const std::vector<SourceFile>& files,
                 std::vector<Diagnostic>& diagnostics) {
  std::vector<Candidate> candidates;
  std::unordered_map<std::string_view, int> occurrences;
  for (const auto& file : parsed) {
    for (const ast::Declaration& declaration : file->ast.declarations) {
      const Candidate candidate = std::visit(Chooser{&declaration}, declaration.node);
      if (candidate.name == nullptr || !*candidate.name) continue;
      candidates.push_back(candidate);
      occurrences.emplace(candidate.name->text, 0);
    }
  }
  for (const auto& file : parsed) {
    const std::string_view text = files[file->ast.index].text();
    for (const Token& token : file->tokens) {
      if (token.kind != TokenKind::kIdentifier && !is_keyword(token.kind)) continue;
      const auto found = occurrences.find(token.text(text));
      if (found != occurrences.end()) ++found->second;
    }
  }
  for (const Candidate& candidate : candidates) {
    if (occurrences[candidate.name->text] > 1) continue;
    Diagnostic unused =
        diagnose(messages::kUnusedDeclaration, candidate.name->span, candidate.kind,
                 candidate.name->text)
            .help("remove it, or write `allow unused-declaration \"why\"` above it");
    // What an author wrote about it is not ours to remove.
    if (candidate.removable && candidate.declaration->docs.empty()) {
      const Span span = candidate.declaration->span;
      unused.fix.push_back({removal(files[span.file].text(), span), ""});
    }
    diagnostics.push_back(std::move(unused));
  }
}

}  // namespace sojourn::dsl

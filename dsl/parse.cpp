#include "dsl/parse.h"

#include <utility>

#include "dsl/ast_build.h"
#include "dsl/lexer.h"
#include "dsl/syntax.h"

namespace sojourn::dsl {
namespace {

constexpr std::string_view kSplitIt = "split it: the files of a project form one program";

// The first token that is one too many; nullptr when there is none.
const Token* first_beyond_limit(const std::vector<Token>& tokens) {
  std::size_t count = 0;
  for (const Token& token : tokens) {
    if (token.kind != TokenKind::kSpace && ++count > kMaxFileTokens) return &token;
  }
  return nullptr;
}

ParsedFile refused(FileIndex file, Diagnostic why) {
  ParsedFile result;
  result.ast.index = file;
  result.diagnostics.push_back(std::move(why));
  return result;
}

}  // namespace

ParsedFile parse(std::string_view text, FileIndex file) {
  if (text.size() > kMaxFileBytes) {
    return refused(file,
                   diagnose(messages::kFileTooLong, {file, 0, 0}, kMaxFileBytes).help(kSplitIt));
  }
  ParsedFile result;
  result.ast.index = file;
  Faults faults;
  result.tokens = lex(text, file, faults);
  if (const Token* beyond = first_beyond_limit(result.tokens)) {
    const Span place{file, beyond->offset, beyond->offset};
    return refused(file, diagnose(messages::kTooManyWords, place, kMaxFileTokens).help(kSplitIt));
  }
  result.cst = read_syntax(text, file, result.tokens, faults);
  result.ast = build_ast({text, file, result.tokens, result.cst}, faults);
  result.diagnostics = std::move(faults).take();
  sort_diagnostics(result.diagnostics);
  return result;
}

}  // namespace sojourn::dsl

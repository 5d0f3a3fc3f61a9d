#include "dsl/parse.h"

#include "dsl/ast_build.h"
#include "dsl/lexer.h"
#include "dsl/syntax.h"

namespace sojourn::dsl {

ParsedFile parse(std::string_view text, FileIndex file) {
  ParsedFile result;
  result.ast.index = file;
  Faults faults;
  if (text.size() > kMaxFileBytes) {
    faults.add(diagnose(messages::kFileTooLong, {file, 0, 0}, kMaxFileBytes)
                   .help("split it: the files of a project form one program"));
  } else {
    result.tokens = lex(text, file, faults);
    result.cst = read_syntax(text, file, result.tokens, faults);
    result.ast = build_ast({text, file, result.tokens, result.cst}, faults);
  }
  result.diagnostics = std::move(faults).take();
  sort_diagnostics(result.diagnostics);
  return result;
}

}  // namespace sojourn::dsl

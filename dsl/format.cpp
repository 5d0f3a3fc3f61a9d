#include "dsl/format.h"

#include <optional>
#include <utility>

#include "base/check.h"
#include "dsl/format_writer.h"
#include "dsl/lexer.h"
#include "dsl/parse.h"

namespace sojourn::dsl {
namespace {

// The tokens and comments of a text one by one, without the white space.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text), tokens_(lex(text, 0, faults_)) {}

  // The next one, without white space at its end; nothing after the last.
  std::optional<std::string_view> next() {
    while (at_ < tokens_.size()) {
      const Token& token = tokens_[at_++];
      if (token.kind == TokenKind::kSpace || token.kind == TokenKind::kBom) continue;
      std::string_view word = token.text(text_);
      while (word.ends_with(' ') || word.ends_with('\t') || word.ends_with('\r')) {
        word.remove_suffix(1);
      }
      return word;
    }
    return std::nullopt;
  }

 private:
  std::string_view text_;
  Faults faults_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

bool same_words(std::string_view a, std::string_view b) {
  Words left(a);
  Words right(b);
  while (true) {
    const auto word = left.next();
    if (word != right.next()) return false;
    if (!word) return true;
  }
}

std::optional<std::string> lay_out(std::string_view text, const ParsedFile& parsed) {
  const FormatTokens tokens(text, parsed.tokens, parsed.cst);
  const FormatTree tree(parsed.cst, tokens);
  Layout layout(text);
  FormatWriter(tree, tokens, layout).file();
  return layout.print(kLineWidth, kMaxFileBytes);
}

}  // namespace

Formatted format(std::string_view text, FileIndex file) {
  ParsedFile parsed = parse(text, file);
  if (!parsed.diagnostics.empty()) return {{}, std::move(parsed.diagnostics)};
  parsed.ast = {};
  std::optional<std::string> laid_out = lay_out(text, parsed);
  if (!laid_out) {
    Formatted result;
    result.diagnostics.push_back(diagnose(messages::kFileTooLong, {file, 0, 0}, kMaxFileBytes)
                                     .label("once its lines are indented")
                                     .help("split it: the files of a project form one program"));
    return result;
  }
  SOJOURN_CHECK(same_words(text, *laid_out), "formatting moves white space and nothing else");
  return {std::move(*laid_out), {}};
}

}  // namespace sojourn::dsl

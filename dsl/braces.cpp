#include "dsl/braces.h"

#include <algorithm>

namespace sojourn::dsl {
namespace {

// Words that open a declaration with a block when they stand at the left margin.
bool opens_declaration(TokenKind kind) {
  switch (kind) {
    case TokenKind::kwJourney:
    case TokenKind::kwTest:
    case TokenKind::kwCampaign:
    case TokenKind::kwEvent:
    case TokenKind::kwFragment:
    case TokenKind::kwMessageType:
    case TokenKind::kwPolicy:
    case TokenKind::kwSegment:
    case TokenKind::kwUser:
    case TokenKind::kwWebhook:
      return true;
    default:
      return false;
  }
}

class BraceMatcher {
 public:
  BraceMatcher(std::string_view text, FileIndex file, const std::vector<Token>& tokens,
               Faults& faults)
      : text_(text), file_(file), tokens_(tokens), faults_(faults) {
    input_.token_count = static_cast<std::uint32_t>(tokens.size());
    count_surplus();
  }

  GrammarInput match() && {
    for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (token.kind == TokenKind::kSpace) {
        const std::size_t line_feed = token.text(text_).rfind('\n');
        if (line_feed != std::string_view::npos) {
          indent_ = token.length - 1 - static_cast<std::uint32_t>(line_feed);
          line_start_ = true;
        } else if (line_start_) {
          indent_ = token.length;  // white space at the very beginning of the file
        }
      } else if (token.kind == TokenKind::kComment) {
        line_start_ = false;
      } else if (!is_trivia(token.kind)) {
        take(i);
        line_start_ = false;
      }
    }
    while (!open_.empty()) supply_close();
    return std::move(input_);
  }

 private:
  struct Open {
    std::uint32_t token;
    std::uint32_t indent;  // of the line it stands on
    std::uint32_t line;
  };

  // How many braces of each kind have no partner, layout aside. A string without an
  // end may have swallowed braces: it is the fault then, and was reported.
  void count_surplus() {
    std::uint32_t open = 0;
    for (const Token& token : tokens_) {
      if (token.kind == TokenKind::kOpenBrace) ++open;
      if (token.kind == TokenKind::kCloseBrace) open > 0 ? --open : ++surplus_close_;
      if (token.kind == TokenKind::kUnterminatedString &&
          token.text(text_).find_first_of("{}") != std::string_view::npos) {
        silent_ = true;
      }
    }
    surplus_open_ = open;
  }

  void take(std::uint32_t index) {
    const TokenKind kind = tokens_[index].kind;
    if (line_start_) {
      line_indent_ = indent_;
      ++line_;
    }
    if (kind == TokenKind::kOpenBrace) {
      open_.push_back({index, line_indent_, line_});
    } else if (kind == TokenKind::kCloseBrace) {
      if (surplus_open_ > 0 && line_start_) close_deeper_than(indent_);
      if (is_stray(index)) return report_stray(index);
      open_.pop_back();
    } else if (surplus_open_ > 0 && line_start_ && indent_ == 0 && opens_declaration(kind)) {
      while (!open_.empty() && surplus_open_ > 0) supply_close();
    }
    push(kind, index);
    if (kind == TokenKind::kUnterminatedString) supply_swallowed(tokens_[index].text(text_));
  }

  // The braces that a string without an end has swallowed close what its line opened.
  void supply_swallowed(std::string_view swallowed) {
    auto braces = std::count(swallowed.begin(), swallowed.end(), '}');
    while (braces-- > 0 && surplus_open_ > 0 && !open_.empty() && open_.back().line == line_) {
      supply_close();
    }
  }

  // A `}` at `indent` does not close what was opened further to the right.
  void close_deeper_than(std::uint32_t indent) {
    while (surplus_open_ > 0 && open_.size() > 1 && open_.back().indent > indent) supply_close();
  }

  // Nothing is open; or the last open brace would close although the text goes on
  // indented, in a file that has one `}` too many.
  bool is_stray(std::uint32_t index) const {
    if (open_.empty()) return true;
    if (surplus_close_ == 0 || open_.size() > 1) return false;
    bool new_line = false;
    for (std::uint32_t i = index + 1; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (!is_trivia(token.kind)) {
        const bool indented = i > 0 && tokens_[i - 1].kind == TokenKind::kSpace &&
                              !tokens_[i - 1].text(text_).ends_with('\n');
        return new_line && indented;
      }
      if (token.text(text_).find('\n') != std::string_view::npos) new_line = true;
    }
    return false;
  }

  void report_stray(std::uint32_t index) {
    if (surplus_close_ > 0) --surplus_close_;
    if (silent_) return;
    const Token& token = tokens_[index];
    faults_.add(diagnose(messages::kStrayBrace, {file_, token.offset, token.end()})
                    .help("remove it, or open its block"));
  }

  void supply_close() {
    const Token& token = tokens_[open_.back().token];
    open_.pop_back();
    --surplus_open_;
    input_.kinds.push_back(static_cast<char>(TokenKind::kMissingClose));
    input_.token_indices.push_back(input_.token_indices.back());
    input_.indents.push_back(GrammarInput::kNotFirst);
    if (silent_) return;
    faults_.add(diagnose(messages::kUnclosedBrace, {file_, token.offset, token.end()})
                    .label("opened here")
                    .note(span_of(input_.token_indices.back()), "its block seems to end here"));
  }

  Span span_of(std::uint32_t index) const {
    return {file_, tokens_[index].offset, tokens_[index].end()};
  }

  void push(TokenKind kind, std::uint32_t index) {
    input_.kinds.push_back(static_cast<char>(kind));
    input_.token_indices.push_back(index);
    input_.indents.push_back(line_start_ ? indent_ : GrammarInput::kNotFirst);
  }

  std::string_view text_;
  FileIndex file_;
  const std::vector<Token>& tokens_;
  Faults& faults_;
  GrammarInput input_;
  std::vector<Open> open_;
  std::uint32_t surplus_open_ = 0;
  std::uint32_t surplus_close_ = 0;
  bool silent_ = false;
  bool line_start_ = true;         // nothing but space on this line so far
  std::uint32_t indent_ = 0;       // of the latest line start
  std::uint32_t line_ = 0;         // counts lines that have tokens
  std::uint32_t line_indent_ = 0;  // of the line that the current token stands on
};

}  // namespace

GrammarInput grammar_input(std::string_view text, FileIndex file, const std::vector<Token>& tokens,
                           Faults& faults) {
  return BraceMatcher(text, file, tokens, faults).match();
}

}  // namespace sojourn::dsl

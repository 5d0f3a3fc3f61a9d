#include "dsl/syntax.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "base/text.h"
#include "dsl/braces.h"
#include "dsl/grammar_file.h"

namespace sojourn::dsl {
namespace {

// Faults of one file in terms of its text.
class FaultReporter {
 public:
  FaultReporter(std::string_view text, FileIndex file, const std::vector<Token>& tokens,
                const GrammarInput& input, Faults& faults)
      : text_(text), file_(file), tokens_(tokens), input_(input), faults_(faults) {}

  void report(const SyntaxFault& fault) {
    if (follows_reported(fault.at)) return;
    const bool item = fault.kind == SyntaxFault::Kind::kNoItem;
    if (item && took_next_line(fault)) {
      const std::string wanted = "a name after " + quoted(token(fault.at - 2));
      faults_.add(diagnose(messages::kExpected, behind(fault.at - 1), wanted, kEndOfLine));
      return;
    }
    const bool ended = at_end(fault.at) || (!item && line_ended(fault.at));
    const Span span = ended ? behind(fault.at) : span_of(token(fault.at));
    if (fault.kind == SyntaxFault::Kind::kTooDeep) {
      faults_.add(diagnose(messages::kTooDeep, span, kMaxNesting)
                      .help("move the inner part into a `let` or a `fragment`"));
      return;
    }
    const std::string found = !ended             ? quoted(token(fault.at))
                              : at_end(fault.at) ? "the end of the file"
                                                 : std::string(kEndOfLine);
    Diagnostic diagnostic = diagnose(messages::kExpected, span, fault.expected, found);
    if (const auto meant = ended ? std::nullopt : suggestion(fault)) {
      diagnostic.primary.text = "did you mean `" + std::string(*meant) + "`?";
      if (item) diagnostic.fix.push_back({span, std::string(*meant)});
    }
    if (!ended && kind(fault.at) == TokenKind::kAssign && fault.expected == kCompare) {
      diagnostic.fix.push_back({span, "=="});
    }
    faults_.add(std::move(diagnostic));
  }

 private:
  TokenKind kind(std::uint32_t at) const {
    return static_cast<TokenKind>(static_cast<unsigned char>(input_.kinds[at]));
  }
  bool at_end(std::uint32_t at) const { return at >= input_.kinds.size(); }
  const Token& token(std::uint32_t at) const { return tokens_[input_.token_indices[at]]; }

  // What stands before this place was reported already, and is the likely cause.
  bool follows_reported(std::uint32_t at) const {
    if (!at_end(at) && kind(at) == TokenKind::kMissingClose) return true;
    if (!at_end(at) && kind(at) == TokenKind::kUnterminatedString) return true;
    if (at > 0 && kind(at - 1) == TokenKind::kUnterminatedString) return true;
    const std::uint32_t begin = at > 0 ? input_.token_of(at - 1) : 0;
    const std::uint32_t end = input_.token_of(at);
    return std::any_of(tokens_.begin() + begin, tokens_.begin() + end,
                       [](const Token& t) { return t.kind == TokenKind::kJunk; });
  }

  bool line_ended(std::uint32_t at) const { return at > 0 && input_.starts_line(at); }

  Span span_of(const Token& t) const { return {file_, t.offset, t.end()}; }

  // Where the missing piece would have stood: behind the token before.
  Span behind(std::uint32_t at) const {
    const std::uint32_t end = at > 0 ? token(at - 1).end() : 0;
    return {file_, end, end};
  }

  std::string quoted(const Token& t) const {
    if (t.kind == TokenKind::kStringOpen) return "a string with `${…}`";
    const bool resumes = t.kind == TokenKind::kStringMiddle || t.kind == TokenKind::kStringClose;
    if (resumes) return "`}`";
    if (t.length > kLongestQuote) return "a long text";
    return "`" + std::string(t.text(text_)) + "`";
  }

  // `send`, and on the next line `wait 1d`: `wait` was taken for the campaign, and
  // only `1d` fits nowhere.
  bool took_next_line(const SyntaxFault& fault) const {
    if (fault.at < 2 || at_end(fault.at) || line_ended(fault.at)) return false;
    const bool keyword = std::find(fault.starters.begin(), fault.starters.end(),
                                   kind(fault.at - 1)) != fault.starters.end();
    return keyword && line_ended(fault.at - 1) && is_keyword(kind(fault.at - 2));
  }

  std::optional<std::string_view> suggestion(const SyntaxFault& fault) const {
    if (kind(fault.at) != TokenKind::kIdentifier || token(fault.at).length > kLongestQuote) {
      return std::nullopt;
    }
    std::vector<std::string_view> words;
    for (const TokenKind starter : fault.starters) words.push_back(keyword_text(starter));
    return base::did_you_mean(token(fault.at).text(text_), words);
  }

  static constexpr std::uint32_t kLongestQuote = 40;
  static constexpr std::string_view kEndOfLine = "the end of the line";
  static constexpr std::string_view kCompare = "`==` to compare";

  std::string_view text_;
  FileIndex file_;
  const std::vector<Token>& tokens_;
  const GrammarInput& input_;
  Faults& faults_;
};

}  // namespace

Cst read_syntax(std::string_view text, FileIndex file, const std::vector<Token>& tokens,
                Faults& faults) {
  const GrammarInput input = grammar_input(text, file, tokens, faults);
  grammar::State state{input, {}, {}};
  tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy, tao::pegtl::eol::lf> in(
      input.kinds.data(), input.kinds.size(), "");
  const bool complete = tao::pegtl::parse<grammar::file>(in, state);
  SOJOURN_CHECK(complete && in.empty(), "the grammar recovers from every error");
  FaultReporter reporter(text, file, tokens, input, faults);
  if (state.faults.size() > Faults::kMaxFaults) state.faults.resize(Faults::kMaxFaults);
  for (const SyntaxFault& fault : state.faults) reporter.report(fault);
  return std::move(state.cst);
}

}  // namespace sojourn::dsl

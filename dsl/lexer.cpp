#include "dsl/lexer.h"

#include <string>

#include "base/check.h"
#include "base/text.h"
#include "dsl/lexer_rules.h"

namespace sojourn::dsl {
namespace {

// Length of the string that opens `text`, to its closing quote, or 0 when it has no
// end on its line or nests too deep.
std::size_t whole_string(std::string_view text) {
  // Strings and interpolations in turn, outermost first; a level of an
  // interpolation counts its open braces.
  std::vector<int> levels{0};
  const auto in_string = [&] { return levels.size() % 2 == 1; };
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') return 0;
    if (in_string()) {
      if (c == '\\') {
        ++i;
        if (i < text.size() && text[i] == '\n') return 0;
      } else if (c == '"') {
        levels.pop_back();
        if (levels.empty()) return i + 1;
      } else if (c == '$' && text.substr(i + 1).starts_with('{')) {
        levels.push_back(0);
        ++i;
      }
    } else if (c == '#') {
      return 0;
    } else if (c == '"') {
      if (levels.size() >= 2 * kMaxStringNesting) return 0;
      levels.push_back(0);
    } else if (c == '{') {
      ++levels.back();
    } else if (c == '}' && levels.back()-- == 0) {
      levels.pop_back();
    }
  }
  return 0;
}

// Length of a piece whose end is known to exist: up to and including `"` or `${`.
std::size_t piece_of_string(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    } else if (text[i] == '$' && text.substr(i + 1).starts_with('{')) {
      return i + 2;
    }
  }
  SOJOURN_CHECK(false, "the end of the string was found before");
  return text.size();
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  void push(TokenKind kind, std::size_t offset, std::size_t length) {
    const bool more_junk =
        kind == TokenKind::kJunk && !tokens_.empty() && tokens_.back().kind == TokenKind::kJunk;
    if (more_junk) {
      tokens_.back().length += static_cast<std::uint32_t>(length);
      return;
    }
    if (kind == TokenKind::kIdentifier) kind = keyword_kind(text_.substr(offset, length));
    if (!interpolations_.empty() && kind == TokenKind::kOpenBrace) ++interpolations_.back();
    if (!interpolations_.empty() && kind == TokenKind::kCloseBrace) --interpolations_.back();
    tokens_.push_back(
        {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length), kind});
  }

  // `begin` points into the text.
  void push(TokenKind kind, const char* begin, std::size_t length) {
    push(kind, static_cast<std::size_t>(begin - text_.data()), length);
  }

  // The length of the piece of a string that starts at `begin`, pushed as a token;
  // 0 when none starts there.
  std::size_t string_piece(const char* begin, std::size_t size) {
    const std::string_view rest(begin, size);
    if (rest.starts_with('"')) return open_string(begin, rest);
    const bool resumes =
        rest.starts_with('}') && !interpolations_.empty() && interpolations_.back() == 0;
    if (!resumes) return 0;
    const std::size_t length = piece_of_string(rest);
    const bool closes = rest[length - 1] == '"';
    if (closes) interpolations_.pop_back();
    push(closes ? TokenKind::kStringClose : TokenKind::kStringMiddle, begin, length);
    return length;
  }

  std::vector<Token> take() && { return std::move(tokens_); }

 private:
  std::size_t open_string(const char* begin, std::string_view rest) {
    if (whole_string(rest) == 0) {
      std::size_t length = std::min(rest.find('\n'), rest.size());
      if (rest[length - 1] == '\r') --length;
      push(TokenKind::kUnterminatedString, begin, length);
      return length;
    }
    const std::size_t length = piece_of_string(rest);
    const bool closes = rest[length - 1] == '"';
    push(closes ? TokenKind::kString : TokenKind::kStringOpen, begin, length);
    if (!closes) interpolations_.push_back(0);
    return length;
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  // Of each string whose interpolation is being read: the braces open in it.
  std::vector<int> interpolations_;
};

template <typename Rule>
struct action {};

template <TokenKind Kind, typename... Rules>
struct action<lexis::token<Kind, Rules...>> {
  template <typename Input>
  static void apply(const Input& in, Lexer& lexer) {
    lexer.push(Kind, in.begin(), in.size());
  }
};

Diagnostic junk(std::string_view text, Span span) {
  Diagnostic fault = diagnose(messages::kJunk, span, text);
  if (text.starts_with(';')) {
    return std::move(fault)
        .help("statements need no mark at their end")
        .edit({span.file, span.begin, span.begin + 1}, "");
  }
  if (text.starts_with('\'') || text.starts_with("\xE2\x80")) {
    return std::move(fault).help("strings stand between straight double quotes: `\"…\"`");
  }
  return fault;
}

// `word` in place of a span, with the spaces that a word needs around it.
std::string as_word(std::string_view word, std::string_view file_text, Span span) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto is_blank = [&](char c) { return kBlank.find(c) != kBlank.npos; };
  const bool before =
      span.begin > 0 && !is_blank(file_text[span.begin - 1]) && file_text[span.begin - 1] != '(';
  const bool after = span.end < file_text.size() && !is_blank(file_text[span.end]);
  return (before ? " " : "") + std::string(word) + (after ? " " : "");
}

// Words of other languages, which the lexer took for ours.
void report_foreign(const Token& token, std::string_view file_text, Span span, Faults& faults) {
  const std::string_view text = token.text(file_text);
  if (token.kind == TokenKind::kComment && text.starts_with("//")) {
    const Span slashes{span.file, span.begin, span.begin + 2};
    faults.add(diagnose(messages::kForeign, slashes, "//")
                   .help("a comment starts with `#`")
                   .edit(slashes, "#"));
  } else if (is_keyword(token.kind) && text != keyword_text(token.kind)) {
    const std::string_view ours = keyword_text(token.kind);
    faults.add(diagnose(messages::kForeign, span, text)
                   .help("write `" + std::string(ours) + "`")
                   .edit(span, as_word(ours, file_text, span)));
  }
}

void report_token(const Token& token, std::string_view file_text, FileIndex file, Faults& faults) {
  const std::string_view text = token.text(file_text);
  const Span span{file, token.offset, token.end()};
  switch (token.kind) {
    case TokenKind::kJunk:
      // Broken bytes are reported once for the whole file.
      if (text[0] != '\0' && !base::first_invalid_utf8(text)) faults.add(junk(text, span));
      return;
    case TokenKind::kUnterminatedString:
      faults.add(diagnose(messages::kUnterminatedString, {file, span.begin, span.begin + 1})
                     .label("opened here")
                     .help("a string ends on its own line; write a line break as `\\n`"));
      return;
    case TokenKind::kBadNumber:
      faults.add(diagnose(messages::kBadNumber, span, text)
                     .help("a duration is made of whole parts: `1h30m`, `2d`, `1mo`"));
      return;
    default:
      report_foreign(token, file_text, span, faults);
  }
}

void report_bytes(std::string_view text, FileIndex file, Faults& faults) {
  if (const auto at = base::first_invalid_utf8(text)) {
    const auto offset = static_cast<std::uint32_t>(*at);
    faults.add(diagnose(messages::kInvalidUtf8, {file, offset, offset + 1})
                   .help("save the file as UTF-8"));
  }
  if (const auto at = text.find('\0'); at != text.npos) {
    const auto offset = static_cast<std::uint32_t>(at);
    faults.add(diagnose(messages::kNulByte, {file, offset, offset + 1}));
  }
}

}  // namespace

std::vector<Token> lex(std::string_view text, FileIndex file, Faults& faults) {
  Lexer lexer(text);
  tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy, tao::pegtl::eol::lf> in(
      text.data(), text.size(), "");
  const bool complete = tao::pegtl::parse<lexis::file, action>(in, lexer);
  SOJOURN_CHECK(complete, "every text has tokens");
  std::vector<Token> tokens = std::move(lexer).take();
  report_bytes(text, file, faults);
  bool junk_on_line = false;  // more of it on one line has one cause: a pair of quotes
  for (const Token& token : tokens) {
    if (faults.is_full()) break;
    const bool junk = token.kind == TokenKind::kJunk;
    if (!junk || !junk_on_line) report_token(token, text, file, faults);
    const bool ends_line =
        token.kind == TokenKind::kSpace && token.text(text).find('\n') != text.npos;
    junk_on_line = (junk_on_line || junk) && !ends_line;
  }
  return tokens;
}

}  // namespace sojourn::dsl

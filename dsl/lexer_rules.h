// The lexical grammar, in PEGTL. Included by lexer.cpp and by the test that proves
// it free of endless loops; nobody else sees PEGTL.
#pragma once

#include <tao/pegtl.hpp>

#include "dsl/token.h"

namespace sojourn::dsl::lexis {

using namespace tao::pegtl;  // NOLINT: a grammar reads as one vocabulary
using K = TokenKind;

// The text that Rules match becomes one token of kind `Kind`.
template <TokenKind Kind, typename... Rules>
struct token : seq<Rules...> {};

// Matches a piece of a string: from the quote, or from the `}` that ends an
// interpolation. Defined in lexer.cpp, because it needs the lexer's state.
struct string_piece {
  using rule_t = string_piece;
  using subs_t = empty_list;

  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class,
            typename Input, typename State>
  static bool match(Input& in, State& state) {
    const std::size_t length = state.string_piece(in.current(), in.size());
    if (length == 0) return false;
    in.bump(length);
    return true;
  }
};

struct word_char : ranges<'a', 'z', 'A', 'Z', '0', '9', '_'> {};
struct word : seq<ranges<'a', 'z', 'A', 'Z', '_'>, star<word_char>> {};
struct word_ends : not_at<word_char> {};

struct digits : seq<digit, star<sor<digit, seq<one<'_'>, at<digit>>>>> {};
struct decimals : seq<digits, one<'.'>, digits> {};
struct unit : sor<string<'m', 'o'>, one<'s', 'm', 'h', 'd', 'w', 'y'>> {};

struct date : seq<rep<4, digit>, one<'-'>, rep<2, digit>, one<'-'>, rep<2, digit>> {};
struct clock : star<sor<digit, one<':'>, seq<one<'.'>, digit>>> {};
struct offset : seq<one<'+', '-'>, digit, star<sor<digit, one<':'>>>> {};
struct zone_name
    : seq<one<'['>, star<ranges<'a', 'z', 'A', 'Z', '0', '9', '_', '_', '+', '+', '-', '-', '/'>>,
          one<']'>> {};

struct numeric
    : sor<token<K::kTimestamp, date, one<'T'>, clock, opt<sor<one<'Z'>, offset, zone_name>>,
                word_ends>,
          token<K::kDate, date, word_ends>,
          token<K::kTimeOfDay, digit, opt<digit>, one<':'>, rep<2, digit>, word_ends>,
          token<K::kPercent, sor<decimals, digits>, one<'%'>>,
          token<K::kDuration, plus<digits, unit>, word_ends>,
          token<K::kNumber, decimals, word_ends>, token<K::kBadNumber, decimals, plus<word_char>>,
          token<K::kInteger, digits, word_ends>, token<K::kBadNumber, plus<word_char>>> {};

struct punctuation
    : sor<token<K::kDotDot, two<'.'>>, token<K::kArrow, string<'-', '>'>>,
          token<K::kEqual, two<'='>>, token<K::kNotEqual, string<'!', '='>>,
          token<K::kLessEqual, string<'<', '='>>, token<K::kGreaterEqual, string<'>', '='>>,
          token<K::kOpenBrace, one<'{'>>, token<K::kCloseBrace, one<'}'>>,
          token<K::kOpenParen, one<'('>>, token<K::kCloseParen, one<')'>>,
          token<K::kOpenBracket, one<'['>>, token<K::kCloseBracket, one<']'>>,
          token<K::kComma, one<','>>, token<K::kColon, one<':'>>, token<K::kDot, one<'.'>>,
          token<K::kAssign, one<'='>>, token<K::kLess, one<'<'>>, token<K::kGreater, one<'>'>>,
          token<K::kPlus, one<'+'>>, token<K::kMinus, one<'-'>>, token<K::kStar, one<'*'>>,
          token<K::kSlash, one<'/'>>, token<K::kPipe, one<'|'>>, token<K::kQuestion, one<'?'>>> {};

// What authors bring from other languages. Read as what was meant, and reported.
struct foreign : sor<token<K::kComment, two<'/'>, star<not_one<'\n'>>>, token<K::kwAnd, two<'&'>>,
                     token<K::kwOr, two<'|'>>, token<K::kwNot, one<'!'>, not_at<one<'='>>>> {};

struct trivia : sor<token<K::kSpace, plus<one<' ', '\t', '\r', '\n'>>>,
                    token<K::kComment, one<'#'>, star<not_one<'\n'>>>> {};

struct file : seq<opt<token<K::kBom, string<'\xEF', '\xBB', '\xBF'>>>,
                  until<eof, sor<trivia, token<K::kIdentifier, word>, string_piece,
                                 if_then_else<at<digit>, numeric, sor<foreign, punctuation>>,
                                 token<K::kJunk, any>>>> {};

}  // namespace sojourn::dsl::lexis

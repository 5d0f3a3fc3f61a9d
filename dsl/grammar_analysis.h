// Proves both grammars free of endless loops: PEGTL's analysis, told what our own
// rules do. For a unit test; costs compile time that the product does not pay.
#pragma once

#include <cstddef>
#include <tao/pegtl/contrib/analyze.hpp>

#include "dsl/grammar_file.h"
#include "dsl/lexer_rules.h"

namespace TAO_PEGTL_NAMESPACE {
namespace rules = sojourn::dsl::grammar;

template <typename Name>
struct analyze_traits<Name, rules::any_name> : analyze_any_traits<> {};
template <typename Name, typename Region>
struct analyze_traits<Name, rules::unexpected<Region>> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, sojourn::dsl::lexis::string_piece> : analyze_any_traits<> {};
template <typename Name, rules::Words Expected, typename... Rules>
struct analyze_traits<Name, rules::need<Expected, Rules...>>
    : analyze_traits<Name, typename seq<Rules...>::rule_t> {};
template <typename Name, rules::C Kind, typename... Rules>
struct analyze_traits<Name, rules::node<Kind, Rules...>>
    : analyze_traits<Name, typename seq<Rules...>::rule_t> {};
template <typename Name, typename... Rules>
struct analyze_traits<Name, rules::nested<Rules...>>
    : analyze_traits<Name, typename seq<Rules...>::rule_t> {};
template <typename Name, typename Region, typename... Rules>
struct analyze_traits<Name, rules::guarded<Region, Rules...>>
    : analyze_traits<Name, typename seq<Rules...>::rule_t> {};
template <typename Name, typename... Rules>
struct analyze_traits<Name, rules::attempt<Rules...>>
    : analyze_traits<Name, typename seq<Rules...>::rule_t> {};
template <typename Name, typename... Rules>
struct analyze_traits<Name, rules::ahead<Rules...>>
    : analyze_traits<Name, typename at<Rules...>::rule_t> {};
template <typename Name, rules::Words Body, typename... Rules>
struct analyze_traits<Name, rules::header<Body, Rules...>>
    : analyze_traits<Name, typename rules::header<Body, Rules...>::head::rule_t> {};
}  // namespace TAO_PEGTL_NAMESPACE

namespace sojourn::dsl {

inline std::size_t lexical_grammar_problems() {
  return tao::pegtl::analyze<lexis::file>(1);
}
inline std::size_t grammar_problems() {
  return tao::pegtl::analyze<grammar::file>(1);
}

}  // namespace sojourn::dsl

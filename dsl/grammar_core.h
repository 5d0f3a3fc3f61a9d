// What the grammar is written in: PEGTL over one byte per token (its TokenKind),
// and a few rules of our own that build the tree, say what was expected and go on
// after an error. Included only by syntax.cpp, through the grammar_*.h files, and
// by the test that proves the grammar free of endless loops.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <tao/pegtl.hpp>
#include <vector>

#include "dsl/cst.h"
#include "dsl/syntax.h"

namespace sojourn::dsl::grammar {

using namespace tao::pegtl;  // NOLINT: a grammar reads as one vocabulary
using C = CstKind;
using K = TokenKind;

// Thrown where nothing can match any more; caught by the nearest rule that can go on.
struct Failure {
  SyntaxFault fault;
};

// The parser's state: the input, and the tree and the faults so far.
struct State {
  const GrammarInput& input;
  Cst cst;
  std::vector<SyntaxFault> faults;
  int depth = 0;

  template <typename Input>
  std::uint32_t position(const Input& in) const {
    return static_cast<std::uint32_t>(in.current() - input.kinds.data());
  }
  K kind(std::uint32_t at) const {
    return static_cast<K>(static_cast<unsigned char>(input.kinds[at]));
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(input.kinds.size()); }
  // Token range of grammar positions [begin, end).
  void set_range(CstNode& node, std::uint32_t begin, std::uint32_t end) const {
    node.first = input.token_of(begin);
    node.last = end > begin ? input.token_of(end - 1) + 1 : node.first;
  }
  void close(std::size_t at, std::uint32_t begin, std::uint32_t end, bool incomplete) {
    set_range(cst[at], begin, end);
    cst[at].incomplete = incomplete;
    cst[at].end = static_cast<std::uint32_t>(cst.size());
  }
};

template <typename Rule, apply_mode A, rewind_mode M, template <typename...> class Action,
          template <typename...> class Control, typename Input>
bool run(Input& in, State& state) {
  return TAO_PEGTL_NAMESPACE::match<Rule, A, M, Action, Control>(in, state);
}

// --- Atoms ----------------------------------------------------------------------

template <K Kind>
struct sym : one<static_cast<char>(Kind)> {};

// A keyword. Before a colon every word is a label or a key instead.
template <K... Kinds>
struct kw : seq<one<static_cast<char>(Kinds)...>, not_at<sym<K::kColon>>> {};

struct any_name {
  using rule_t = any_name;
  using subs_t = empty_list;

  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, const State&) {
    if (in.empty() || !may_be_name(static_cast<K>(in.peek_uint8()))) return false;
    in.bump(1);
    return true;
  }
};

// --- Rules of our own -----------------------------------------------------------

// Text as a template argument.
template <std::size_t N>
struct Words {
  char text[N]{};
  constexpr Words(const char (&from)[N]) { std::copy_n(from, N, text); }  // NOLINT
  constexpr std::string_view view() const { return {text, N - 1}; }
};

// Rules must match here; if not, `Expected` says in the author's terms what was due.
template <Words Expected, typename... Rules>
struct need {
  using rule_t = need;
  using subs_t = type_list<seq<Rules...>>;

  template <apply_mode A, rewind_mode, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, State& state) {
    if (run<seq<Rules...>, A, rewind_mode::required, Action, Control>(in, state)) return true;
    throw Failure{{state.position(in), SyntaxFault::Kind::kExpected, Expected.view(), {}}};
  }
};

// What Rules match becomes a node.
template <C Kind, typename... Rules>
struct node {
  using rule_t = node;
  using subs_t = type_list<seq<Rules...>>;

  template <apply_mode A, rewind_mode, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, State& state) {
    const std::size_t at = state.cst.size();
    const std::uint32_t begin = state.position(in);
    state.cst.push_back({Kind});
    try {
      if (run<seq<Rules...>, A, rewind_mode::required, Action, Control>(in, state)) {
        state.close(at, begin, state.position(in), false);
        return true;
      }
    } catch (const Failure& failure) {
      state.close(at, begin, std::max(begin, failure.fault.at), true);
      throw;
    }
    state.cst.resize(at);
    return false;
  }
};

// An alternative whose first parts are nodes: takes them back when the rest fails.
// (A node takes back what is inside it by itself.)
template <typename... Rules>
struct attempt {
  using rule_t = attempt;
  using subs_t = type_list<seq<Rules...>>;

  template <apply_mode A, rewind_mode, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, State& state) {
    const std::size_t size = state.cst.size();
    if (run<seq<Rules...>, A, rewind_mode::required, Action, Control>(in, state)) return true;
    state.cst.resize(size);
    return false;
  }
};

// Looks ahead; makes no nodes.
template <typename... Rules>
struct ahead {
  using rule_t = ahead;
  using subs_t = type_list<at<Rules...>>;

  template <apply_mode A, rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, State& state) {
    const std::size_t size = state.cst.size();
    const bool found = run<at<Rules...>, A, M, Action, Control>(in, state);
    state.cst.resize(size);
    return found;
  }
};

// Rules that may contain themselves: bounds how deep.
template <typename... Rules>
struct nested {
  using rule_t = nested;
  using subs_t = type_list<seq<Rules...>>;

  template <apply_mode A, rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, State& state) {
    if (state.depth >= kMaxNesting) {
      throw Failure{{state.position(in), SyntaxFault::Kind::kTooDeep, {}, {}}};
    }
    struct Level {
      int& depth;
      explicit Level(int& d) : depth(d) { ++depth; }
      ~Level() { --depth; }
      Level(const Level&) = delete;
      Level& operator=(const Level&) = delete;
    } level(state.depth);
    return run<seq<Rules...>, A, M, Action, Control>(in, state);
  }
};

// --- Going on after an error ------------------------------------------------------

inline bool is_close(K kind) {
  return kind == K::kCloseBrace || kind == K::kMissingClose;
}

// A Region is a kind of list: of steps, of declarations. It has `expected` (what an
// item is called), `starters` (the keywords that begin one) and `open` (whether any
// word or value may begin one).
// In doubt the layout tells: a word on a line of its own that is indented like the
// broken item, which began at `begin`, begins the next one.
template <typename Region>
bool starts_item(const State& state, std::uint32_t begin, std::uint32_t at) {
  const bool fresh = state.input.starts_line(at) || is_close(state.kind(at - 1)) ||
                     state.kind(at - 1) == K::kOpenBrace;
  if (!fresh) return false;
  const K kind = state.kind(at);
  const bool labelled = at + 1 < state.size() && state.kind(at + 1) == K::kColon;
  if (Region::open) return may_be_name(kind) || kind < K::kOpenBrace;
  if (labelled) return may_be_name(kind);
  const bool aligned = state.input.starts_line(at) && may_be_name(kind) &&
                       state.input.indents[at] == state.input.indents[begin] && kind != K::kwElse &&
                       kind != K::kwTimeout;
  return aligned || std::find(Region::starters.begin(), Region::starters.end(), kind) !=
                        Region::starters.end();
}

// Where the list that an item of `begin` stands in goes on: the next item at its
// own depth, or the brace that closes the list.
template <typename Region>
std::uint32_t next_item(const State& state, std::uint32_t begin, std::uint32_t fault_at) {
  int depth = 0;
  for (std::uint32_t at = begin; at < state.size(); ++at) {
    const K kind = state.kind(at);
    const bool may_stop = depth <= 0 && at >= fault_at && at > begin;
    if (may_stop && (is_close(kind) || starts_item<Region>(state, begin, at))) return at;
    if (kind == K::kOpenBrace) ++depth;
    if (is_close(kind)) --depth;
  }
  return state.size();
}

// An item of a list: an error in it is noted, and the list goes on after it.
template <typename Region, typename... Rules>
struct guarded {
  using rule_t = guarded;
  using subs_t = type_list<seq<Rules...>>;

  template <apply_mode A, rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, State& state) {
    const std::uint32_t begin = state.position(in);
    try {
      return run<seq<Rules...>, A, M, Action, Control>(in, state);
    } catch (const Failure& failure) {
      state.faults.push_back(failure.fault);
      const std::uint32_t from = std::max(begin, failure.fault.at);
      const std::uint32_t next = next_item<Region>(state, begin, from);
      if (next > from) {
        state.cst.push_back({C::kSkipped});
        state.close(state.cst.size() - 1, from, next, false);
      }
      // The input stands at a marker before the error.
      in.bump(next - state.position(in));
      return true;
    }
  }
};

// No item begins here.
template <typename Region>
struct unexpected {
  using rule_t = unexpected;
  using subs_t = empty_list;

  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class,
            typename Input>
  static bool match(Input& in, State& state) {
    throw Failure{
        {state.position(in), SyntaxFault::Kind::kNoItem, Region::expected, Region::starters}};
  }
};

// The head of a construct, up to the brace of its body: after an error in the head the
// body is still read, if its brace stands on the same line.
template <Words Body, typename... Rules>
struct header {
  using head = seq<Rules..., need<Body, at<sym<K::kOpenBrace>>>>;
  using rule_t = header;
  using subs_t = type_list<head>;

  template <apply_mode A, rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, State& state) {
    try {
      return run<head, A, M, Action, Control>(in, state);
    } catch (const Failure& failure) {
      std::uint32_t at = failure.fault.at;
      while (at < state.size() && state.kind(at) != K::kOpenBrace && !is_close(state.kind(at)) &&
             (at == failure.fault.at || !state.input.starts_line(at))) {
        ++at;
      }
      const bool brace = at < state.size() && state.kind(at) == K::kOpenBrace &&
                         (at == failure.fault.at || !state.input.starts_line(at));
      if (!brace || failure.fault.kind == SyntaxFault::Kind::kTooDeep) throw;
      state.faults.push_back(failure.fault);
      in.bump(at - state.position(in));
      return true;
    }
  }
};

// --- Shapes -----------------------------------------------------------------------

struct close_brace : sor<sym<K::kCloseBrace>, sym<K::kMissingClose>> {};

template <typename Region, typename... Items>
struct items
    : star<not_at<sor<close_brace, eof>>, guarded<Region, sor<Items..., unexpected<Region>>>> {};

// `{ items }`
template <typename Region, typename... Items>
struct braced : seq<sym<K::kOpenBrace>, items<Region, Items...>, need<"`}`", close_brace>> {};

template <typename Item>
struct comma_list : seq<Item, star<sym<K::kComma>, Item>> {};

struct name : node<C::kName, any_name> {};
struct field_name : node<C::kName, sor<any_name, sym<K::kString>>> {};
// A string that is text and nothing else.
struct text : node<C::kText, sor<sym<K::kString>, sym<K::kUnterminatedString>>> {};

template <K... Kinds>
struct word : node<C::kWord, kw<Kinds...>> {};

}  // namespace sojourn::dsl::grammar

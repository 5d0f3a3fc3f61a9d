// What a question is about: the events of one name (engagement too), or the items of a list; and
// the scope in which its `where` reads them, as `event` or as `it`.
#pragma once

#include <optional>
#include <vector>

#include "dsl/expression_context.h"
#include "graph/catalog.h"
#include "graph/expression.h"

namespace sojourn::dsl {

struct Subject {
  // One of the two, or neither when the collection is wrong or not carried out, which
  // has been reported.
  const graph::EventType* event = nullptr;
  std::optional<Typed> list;
  // Of a list that a `collect` fills: the local that counts what it no longer keeps, too.
  std::optional<std::uint32_t> count_slot = std::nullopt;
  // The fields behind it that an aggregate names: of one of its events or items.
  std::vector<const ast::Name*> path;

  explicit operator bool() const { return event != nullptr || list.has_value(); }
};

// `has_field`: the last field of the path is a field of the items where the rest is a
// list, as in `sum(entry.items.price)`.
Subject check_subject(ExpressionContext& context, const Scope& scope,
                      const ast::Collection& collection, bool has_field);

// May the history be asked in this scope? Reports when not; `words` say what is asked.
bool can_ask_history(ExpressionContext& context, const Scope& scope, std::string_view words,
                     Span span);

// What `where`, and the value to add up, are read in.
Scope inside(const Scope& scope, const Subject& subject);

graph::Window check_window(ExpressionContext& context, const Scope& scope,
                           const ast::Window& window);

}  // namespace sojourn::dsl

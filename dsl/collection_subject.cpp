#include "dsl/collection_subject.h"

#include <memory>
#include <string>
#include <variant>

#include "dsl/check_expression.h"
#include "dsl/engagement.h"
#include "dsl/narrowing.h"
#include "dsl/step_context.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

// The word that the path begins with, and the fields behind it, in order.
const ast::Name* take_apart(const ast::Expr& expr, std::vector<const ast::Name*>& fields) {
  if (const auto* name = std::get_if<ast::NameRef>(&expr.node)) return &name->name;
  const auto* ref = std::get_if<ast::FieldRef>(&expr.node);
  if (ref == nullptr || !ref->object) return nullptr;
  const ast::Name* root = take_apart(*ref->object, fields);
  fields.push_back(&ref->field);
  return root;
}

// What the root of a path holds; nullptr when it is unknown or has no fields.
const std::vector<graph::TypedField>* fields_of_root(const ExpressionContext& context,
                                                     const Scope& scope, std::string_view root) {
  if (root == "entry") return &context.entry.fields;
  if (root == "event") return scope.event_type == nullptr ? nullptr : &scope.event_type->fields;
  if (root == "it") return scope.item ? &scope.item->fields : nullptr;
  const Local* local = context.find_local(root);
  return local == nullptr ? nullptr : &local->type.fields;
}

// Is the path a list, as far as its declaration tells? Nothing is reported.
bool is_list(const ExpressionContext& context, const Scope& scope, const ast::Expr& path) {
  std::vector<const ast::Name*> names;
  const ast::Name* root = take_apart(path, names);
  if (root == nullptr || names.empty()) {
    const Local* local = root == nullptr ? nullptr : context.find_local(root->text);
    return local != nullptr && local->type.kind == Kind::kList;
  }
  const graph::Type* type = nullptr;
  std::size_t next = 0;
  if (root->text == "user") {
    const graph::UserField* field = context.world.find_user_field(names[next++]->text);
    type = field == nullptr ? nullptr : &field->type;
  }
  const auto* fields = type == nullptr ? fields_of_root(context, scope, root->text) : &type->fields;
  for (; next < names.size(); ++next) {
    const graph::TypedField* field =
        fields == nullptr ? nullptr : find_field(*fields, names[next]->text);
    if (field == nullptr) return false;
    type = &field->type;
    fields = &type->fields;
  }
  return type != nullptr && type->kind == Kind::kList;
}

Subject list_subject(ExpressionContext& context, const Scope& scope,
                     const ast::Collection& collection, bool has_field) {
  Subject subject;
  const ast::Expr* path = collection.path.get();
  const auto* ref = std::get_if<ast::FieldRef>(&path->node);
  if (has_field && ref != nullptr && ref->object && is_list(context, scope, *ref->object)) {
    path = ref->object.get();
    subject.path.push_back(&ref->field);
  }
  if (const auto* name = std::get_if<ast::NameRef>(&path->node)) {
    const Local* local = context.find_local(name->name.text);
    if (local != nullptr) subject.count_slot = local->count_slot;
  }
  Typed list = check_expression(context, scope, *path);
  if (!list.known) return {};
  if (list.type.kind != Kind::kList && list.type.kind != Kind::kAny) {
    context.report.add(
        diagnose(messages::kTypeMismatch, path->span, "a list or an event", quoted(list.type)));
    return {};
  }
  subject.list = std::move(list);
  return subject;
}

}  // namespace

// The history is part of what is known of the user, and goes by the time.
bool can_ask_history(ExpressionContext& context, const Scope& scope, std::string_view words,
                     Span span) {
  if (scope.user && scope.now) return true;
  context.report.add(diagnose(messages::kNotHere, span, words, scope.place));
  return false;
}

Subject check_subject(ExpressionContext& context, const Scope& scope,
                      const ast::Collection& collection, bool has_field) {
  Subject subject;
  if (collection.kind == ast::Collection::Kind::kEngagement) {
    if (can_ask_history(context, scope, words_of(context, collection.engagement),
                        collection.span)) {
      subject.event = &event_of(collection.engagement);
    }
    return subject;
  }
  if (!collection.path) return {};
  const ast::Name* root = take_apart(*collection.path, subject.path);
  if (root == nullptr || !*root) return {};
  const std::string& name = root->text;
  const bool is_value =
      name == "user" || name == "entry" || name == "event" || name == "it" ||
      context.find_local(name) != nullptr ||
      (!context.world.events.contains(name) && context.world.constants.contains(name));
  if (is_value) return list_subject(context, scope, collection, has_field);
  subject.event = find_event(context.world, *root, context.report);
  if (subject.event != nullptr && !can_ask_history(context, scope, name, root->span)) return {};
  return subject;
}

Scope inside(const Scope& scope, const Subject& subject) {
  Scope inner = scope;
  inner.dates_may_be_missing = false;
  if (subject.event != nullptr) {
    inner.event = true;
    inner.event_type = subject.event;
    forget_path(inner.facts, "event");
    return inner;
  }
  const graph::Type& type = subject.list->type;
  inner.item = type.element != nullptr ? type.element
                                       : std::make_shared<const graph::Type>(type_of(Kind::kAny));
  forget_path(inner.facts, "it");
  return inner;
}

graph::Window check_window(ExpressionContext& context, const Scope& scope,
                           const ast::Window& window) {
  using AstKind = ast::Window::Kind;
  const auto in_enrollment = [&](std::string_view words, graph::Window::Kind kind) {
    if (!scope.entry) {
      context.report.add(diagnose(messages::kNotHere, window.span, words, scope.place));
    }
    return graph::Window{kind, {}, {}};
  };
  switch (window.kind) {
    case AstKind::kNone:
    case AstKind::kEver:
      return {};
    case AstKind::kWithin: {
      if (!window.within) return {};
      const auto within = check_elapsed(context, *window.within, "`within`");
      return {graph::Window::Kind::kWithin, within.value_or(base::Millis{}), {}};
    }
    case AstKind::kSinceEntry:
      return in_enrollment("since entry", graph::Window::Kind::kSinceEntry);
    case AstKind::kBeforeEntry:
      return in_enrollment("before entry", graph::Window::Kind::kBeforeEntry);
    case AstKind::kSinceStep: {
      context.step_references.push_back(window.step);
      graph::Window out =
          in_enrollment("since " + window.step.text, graph::Window::Kind::kSinceStep);
      out.since_step = window.step.text;
      return out;
    }
  }
  return {};
}

}  // namespace sojourn::dsl

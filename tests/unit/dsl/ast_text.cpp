#include "tests/unit/dsl/ast_text.h"

namespace sojourn::dsl {
namespace {

constexpr const char* kOps[] = {
    "or",       "and",    "==",   "!=",      "<", "<=", ">", ">=", "in",
    "contains", "starts", "ends", "matches", "+", "-",  "*", "/",  "default"};
constexpr const char* kVerbs[] = {"received", "sent",       "opened",      "clicked",
                                  "bounced",  "complained", "unsubscribed"};
constexpr const char* kQuantifiers[] = {"any", "no", "every", "at-least", "at-most", "exactly"};
constexpr const char* kWindows[] = {"", "within", "ever", "since-entry", "since", "before-entry"};
constexpr const char* kMemberships[] = {"in-list", "in-segment", "subscribed-to", "in-journey",
                                        "left"};

std::string when(const ast::ExprPtr& where, const ast::Window& window) {
  std::string out;
  if (where) out += " where " + shape(where);
  if (window.kind == ast::Window::Kind::kNone) return out;
  out += std::string(" ") + kWindows[static_cast<int>(window.kind)];
  if (window.within) out += " " + shape(window.within);
  if (!window.step.text.empty()) out += " " + window.step.text;
  return out;
}

std::string text(const ast::Engagement& engagement) {
  return std::string(kVerbs[static_cast<int>(engagement.verb)]) + ":" + engagement.target.text;
}

std::string text(const ast::Collection& over) {
  const bool path = over.kind == ast::Collection::Kind::kPath;
  return (path ? shape(over.path) : text(over.engagement)) + when(over.where, over.window);
}

std::string duration(const ast::Duration& d) {
  return std::to_string(d.months) + "mo" + std::to_string(d.days) + "d" + std::to_string(d.millis);
}

struct Shape {
  std::string operator()(const ast::Invalid&) const { return "<invalid>"; }
  std::string operator()(const ast::StringLiteral& s) const {
    std::string out = "\"";
    for (const auto& part : s.parts) out += part.value ? "${" + shape(part.value) + "}" : part.text;
    return out + "\"";
  }
  std::string operator()(const ast::IntegerLiteral& i) const { return std::to_string(i.value); }
  std::string operator()(const ast::NumberLiteral& n) const { return std::to_string(n.value); }
  std::string operator()(const ast::PercentLiteral& p) const {
    return std::to_string(p.basis_points) + "bp";
  }
  std::string operator()(const ast::BooleanLiteral& b) const { return b.value ? "true" : "false"; }
  std::string operator()(const ast::MissingLiteral&) const { return "missing"; }
  std::string operator()(const ast::DurationLiteral& d) const { return duration(d.value); }
  std::string operator()(const ast::TimeOfDayLiteral& t) const {
    return "time:" + std::to_string(t.value.minute);
  }
  std::string operator()(const ast::DateLiteral& d) const {
    return "date:" + std::to_string(d.value.year) + "/" + std::to_string(d.value.month) + "/" +
           std::to_string(d.value.day);
  }
  std::string operator()(const ast::TimestampLiteral& t) const {
    return "stamp:" + std::to_string(t.value.millis_of_day) + t.value.zone_name.text +
           std::to_string(t.value.offset_minutes);
  }
  std::string operator()(const ast::NameRef& n) const { return n.name.text; }
  std::string operator()(const ast::FieldRef& f) const {
    return shape(f.object) + "." + f.field.text;
  }
  std::string operator()(const ast::ListLiteral& l) const {
    std::string out = "[";
    for (const auto& item : l.items) out += (out.size() > 1 ? " " : "") + shape(item);
    return out + "]";
  }
  std::string operator()(const ast::MapLiteral& m) const {
    std::string out = "{";
    for (const auto& e : m.map.entries) {
      out += (out.size() > 1 ? " " : "") + e.key.text + ":" + shape(e.value);
    }
    return out + "}";
  }
  std::string operator()(const ast::Not& n) const { return "(not " + shape(n.operand) + ")"; }
  std::string operator()(const ast::Negate& n) const { return "(- " + shape(n.operand) + ")"; }
  std::string operator()(const ast::Binary& b) const {
    return std::string("(") + kOps[static_cast<int>(b.op)] + " " + shape(b.left) + " " +
           shape(b.right) + ")";
  }
  std::string operator()(const ast::IsTest& t) const {
    return std::string(t.missing ? "(missing? " : "(set? ") + shape(t.operand) + ")";
  }
  std::string operator()(const ast::IfExpr& i) const {
    return "(if " + shape(i.condition) + " " + shape(i.then_value) + " " + shape(i.else_value) +
           ")";
  }
  std::string operator()(const ast::Call& c) const {
    std::string out = c.function.text + "(";
    for (const auto& argument : c.arguments) {
      out += (out.ends_with('(') ? "" : " ") + shape(argument);
    }
    return out + ")";
  }
  std::string operator()(const ast::Question& q) const {
    return std::string("(") + kQuantifiers[static_cast<int>(q.quantifier)] +
           (q.count ? " " + shape(q.count) : "") + " " + text(q.collection) + ")";
  }
  std::string operator()(const ast::EngagementTest& t) const {
    return "(" + text(t.engagement) + when(t.where, t.window) + ")";
  }
  std::string operator()(const ast::Aggregate& a) const {
    return "(" + a.function.text + "! " + text(a.collection) +
           (a.first ? " first " + shape(a.first) : "") + ")";
  }
  std::string operator()(const ast::Membership& m) const {
    return std::string("(") + kMemberships[static_cast<int>(m.kind)] + " " + m.target.text +
           (m.reason ? " as " + m.reason->text : "") +
           (m.within ? " within " + shape(m.within) : "") + ")";
  }
};

}  // namespace

std::string shape(const ast::ExprPtr& expr) {
  return expr ? std::visit(Shape{}, expr->node) : "<null>";
}

}  // namespace sojourn::dsl

#include "dsl/allow.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "dsl/cst_view.h"
#include "dsl/explain.h"
#include "dsl/report.h"

namespace sojourn::dsl {
namespace {

bool is_error(const Diagnostic& diagnostic) {
  return diagnostic.severity == Severity::kError;
}

// What an `allow` can stand above.
bool is_item(CstRef node, CstRef parent) {
  return parent.is(CstKind::kFile) || parent.is(CstKind::kPolicy) || node.is(CstKind::kStep) ||
         node.is(CstKind::kClause);
}

// The items of a file in order, each with the one it stands in.
class Items {
 public:
  explicit Items(const CstView& view) {
    struct Open {
      std::uint32_t node;
      std::size_t item;
    };
    std::vector<Open> open;  // the nodes around the next one
    for (std::uint32_t index = 0; index < view.cst.size(); ++index) {
      while (!open.empty() && view.cst[open.back().node].end <= index) open.pop_back();
      const CstRef node(view, index);
      std::size_t item = open.empty() ? kNone : open.back().item;
      const Span span = node.span();
      if (!open.empty() && span.begin < span.end && is_item(node, {view, open.back().node})) {
        items_.push_back({span, item});
        item = items_.size() - 1;
      }
      open.push_back({index, item});
    }
  }

  // The innermost around a byte; empty when there is none.
  Span around(std::uint32_t offset) const {
    const auto behind = std::ranges::upper_bound(items_, offset, {}, &Item::begin);
    std::size_t at =
        behind == items_.begin() ? kNone : static_cast<std::size_t>(behind - items_.begin() - 1);
    while (at != kNone && items_[at].span.end <= offset) at = items_[at].around;
    return at == kNone ? Span{} : items_[at].span;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct Item {
    Span span;
    std::size_t around;
    std::uint32_t begin() const { return span.begin; }
  };
  std::vector<Item> items_;
};

class AllowsOfFile {
 public:
  // `diagnostics` are those of this file.
  AllowsOfFile(const ParsedFile& file, const SourceFile& source,
               std::span<const Diagnostic> diagnostics, std::vector<bool>& taken, std::size_t first)
      : file_(file), taken_(taken) {
    const CstView view{source.text(), file.ast.index, file.tokens, file.cst};
    const Items items(view);
    for (std::size_t i = 0; i < diagnostics.size(); ++i) {
      if (is_error(diagnostics[i])) continue;
      const Span item = items.around(diagnostics[i].primary.span.begin);
      warnings_.emplace(Key{item, message_info(diagnostics[i].id).name}, first + i);
    }
  }

  void apply() {
    for (const ast::Allow& allow : file_.ast.allows) {
      if (allow.message && is_sound(allow) && !take(allow)) unused_.push_back(&allow);
    }
  }
  // Those that took nothing back.
  const std::vector<const ast::Allow*>& unused() const { return unused_; }
  std::vector<Diagnostic> faults() && { return std::move(faults_); }

 private:
  using Key = std::pair<Span, std::string_view>;

  bool is_sound(const ast::Allow& allow) {
    const ast::Name& name = allow.message;
    if (allow.reason.text.find_first_not_of(" \t") == std::string::npos) {
      faults_.push_back(diagnose(messages::kReasonNeeded, allow.reason.span)
                            .help("say why it is meant, to whoever reads this next year"));
      return false;
    }
    const MessageInfo* info = find_message(name.text);
    if (info == nullptr || info->name != name.text) {
      faults_.push_back(diagnose(messages::kUnknownMessage, name.span, name.text)
                            .label(info != nullptr ? "its name is `" + std::string(info->name) + "`"
                                                   : suggestion(name.text, message_words())));
      return false;
    }
    if (info->severity != Severity::kError) return true;
    faults_.push_back(diagnose(messages::kCannotBeAllowed, name.span, name.text));
    return false;
  }

  // The first such warning there that no other allow has taken.
  bool take(const ast::Allow& allow) {
    const auto found = warnings_.lower_bound(Key{allow.target, allow.message.text});
    if (found == warnings_.end() || found->first != Key{allow.target, allow.message.text}) {
      return false;
    }
    taken_[found->second] = true;
    warnings_.erase(found);
    return true;
  }

  const ParsedFile& file_;
  std::vector<bool>& taken_;
  std::multimap<Key, std::size_t> warnings_;  // by item and name; the index among all findings
  std::vector<const ast::Allow*> unused_;
  std::vector<Diagnostic> faults_;
};

Diagnostic unused(const ast::Allow& allow, const SourceFile& source) {
  return diagnose(messages::kUnusedAllow, allow.span, allow.message.text)
      .note({allow.target.file, allow.target.begin, allow.target.begin + 1}, "it would be here")
      .help("remove the line")
      .edit(removal(source.text(), allow.span), "");
}

FileIndex file_of(const Diagnostic& diagnostic) {
  return diagnostic.primary.span.file;
}

void remove_taken(const std::vector<bool>& taken, std::vector<Diagnostic>& diagnostics) {
  std::size_t index = 0;
  std::erase_if(diagnostics, [&](const Diagnostic&) { return taken[index++]; });
}

}  // namespace

void apply_allows(const ParsedFiles& parsed, const std::vector<SourceFile>& files,
                  std::vector<Diagnostic>& diagnostics) {
  const bool without_errors = std::ranges::none_of(diagnostics, is_error);
  std::vector<Diagnostic> faults;
  std::vector<bool> taken(diagnostics.size());
  for (const auto& file : parsed) {
    if (file->ast.allows.empty()) continue;
    const SourceFile& source = files[file->ast.index];
    const auto here = std::ranges::equal_range(diagnostics, file->ast.index, {}, file_of);
    const auto first = static_cast<std::size_t>(here.begin() - diagnostics.begin());
    AllowsOfFile allows(*file, source, here, taken, first);
    allows.apply();
    if (without_errors) {
      for (const ast::Allow* allow : allows.unused()) faults.push_back(unused(*allow, source));
    }
    std::ranges::move(std::move(allows).faults(), std::back_inserter(faults));
  }
  remove_taken(taken, diagnostics);
  std::ranges::move(faults, std::back_inserter(diagnostics));
}

}  // namespace sojourn::dsl

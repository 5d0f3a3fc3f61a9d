#include "dsl/fix.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "base/check.h"
#include "graph/encode.h"

namespace sojourn::dsl {
namespace {

// A fix can make another one possible; this often.
constexpr int kMaxRounds = 64;

// The edits of one round. Those of a file neither overlap nor touch.
class Round {
  using ByBegin = std::map<std::uint32_t, Edit>;

 public:
  // All edits of a fix, or none.
  void take(const std::vector<Edit>& fix) {
    if (!std::ranges::all_of(fix, [&](const Edit& edit) { return is_free(edit.span); })) return;
    for (const Edit& edit : fix) edits_[edit.span.file].emplace(edit.span.begin, edit);
    ++count_;
  }

  std::size_t count() const { return count_; }
  std::vector<FileIndex> files() const {
    std::vector<FileIndex> all;
    all.reserve(edits_.size());
    for (const auto& [file, edits] : edits_) all.push_back(file);
    return all;
  }
  std::vector<Edit> edits_of(FileIndex file) const {
    const ByBegin& edits = edits_.at(file);
    std::vector<Edit> all;
    all.reserve(edits.size());
    for (const auto& [begin, edit] : edits) all.push_back(edit);
    return all;
  }

 private:
  bool is_free(Span span) const {
    const auto taken = edits_.find(span.file);
    if (taken == edits_.end()) return true;
    const auto next = taken->second.upper_bound(span.end);
    return next == taken->second.begin() || std::prev(next)->second.span.end < span.begin;
  }

  std::map<FileIndex, ByBegin> edits_;
  std::size_t count_ = 0;
};

bool same_graphs(const Program& a, const Program& b) {
  return std::ranges::equal(
      a.journeys, b.journeys, {}, [](const CompiledJourney& j) { return graph::encode(j.graph); },
      [](const CompiledJourney& j) { return graph::encode(j.graph); });
}

}  // namespace

std::string edited(std::string_view text, std::vector<Edit> edits) {
  std::ranges::sort(edits, {}, &Edit::span);
  std::string out;
  std::uint32_t done = 0;
  for (const Edit& edit : edits) {
    SOJOURN_CHECK(edit.span.begin >= done && edit.span.end <= text.size(),
                  "edits lie in the text and do not overlap");
    out += text.substr(done, edit.span.begin - done);
    out += edit.text;
    done = edit.span.end;
  }
  out += text.substr(done);
  return out;
}

FixOutcome fix_all(std::span<const SourceText> sources, calendar::ZoneSource& zones,
                   const std::function<bool(std::string_view)>& wanted) {
  std::vector<SourceText> texts(sources.begin(), sources.end());
  CompileCache cache;
  FixOutcome out;
  out.compilation = compile(texts, zones, &cache);
  std::map<std::string, std::string> changed;
  for (int rounds = 0; rounds < kMaxRounds; ++rounds) {
    Round round;
    for (const Diagnostic& diagnostic : out.compilation.diagnostics) {
      const std::string& path = out.compilation.files[diagnostic.primary.span.file].path();
      if (!diagnostic.fix.empty() && wanted(path)) round.take(diagnostic.fix);
    }
    if (round.count() == 0) break;
    for (const FileIndex index : round.files()) {
      const SourceFile& file = out.compilation.files[index];
      changed[file.path()] = edited(file.text(), round.edits_of(index));
    }
    for (SourceText& text : texts) {
      const auto found = changed.find(text.path);
      if (found != changed.end()) text.text = found->second;
    }
    Compilation after = compile(texts, zones, &cache);
    if (out.compilation.program) {
      SOJOURN_CHECK(after.program && same_graphs(*out.compilation.program, *after.program),
                    "a fix changes nothing that anybody receives");
    }
    out.compilation = std::move(after);
    out.fixes += round.count();
  }
  for (auto& [path, text] : changed) out.changed.push_back({path, std::move(text)});
  return out;
}

}  // namespace sojourn::dsl

// Journeys as text to a program: the one door to the language.
//
//   texts -> parse (per file, cached) -> world (joined) -> checks and graphs
//
// Pure: takes texts, not paths; reads no clock and no file. All faults of all
// files are found in one run, and there is a program only if there is no error.
// Checking an expression or a step and making its part of the graph are one walk.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dsl/diagnostic.h"
#include "dsl/program.h"
#include "dsl/source.h"

namespace sojourn::calendar {
class ZoneSource;
}

namespace sojourn::dsl {

// A file to compile. `path` is what messages show; it carries no meaning.
struct SourceText {
  std::string path;
  std::string text;
};

struct Compilation {
  // In order of path; Span::file counts in it.
  std::vector<SourceFile> files;
  std::vector<Diagnostic> diagnostics;  // sorted
  std::optional<Program> program;
};

// What was learned of each file by itself, by its content, from one compile() to
// the next. It keeps the files of the last compile() only, so it is as large as
// one program. One thread at a time.
class CompileCache {
 public:
  CompileCache();
  ~CompileCache();
  CompileCache(const CompileCache&) = delete;
  CompileCache& operator=(const CompileCache&) = delete;

  // How many files the last compile() did not have to parse.
  std::size_t hits() const;

  struct Contents;

 private:
  friend Compilation compile(std::span<const SourceText> sources, calendar::ZoneSource& zones,
                             CompileCache* cache);
  std::unique_ptr<Contents> contents_;
};

// `zones` knows which zone names exist, and what `…[Europe/Berlin]` means.
Compilation compile(std::span<const SourceText> sources, calendar::ZoneSource& zones,
                    CompileCache* cache = nullptr);

}  // namespace sojourn::dsl

// What formatting makes of whole files: the pairs of tests/golden/format, and what
// holds of every journey text in the tree, as it stands and with other white space.
#include "dsl/format.h"

#include <algorithm>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/parse.h"
#include "dsl/render.h"
#include "graph/encode.h"
#include "tests/golden/golden.h"
#include "tests/golden/journey_texts.h"

namespace sojourn::dsl {
namespace {

// A file without its white space: tokens, comments, and which tokens make which node.
struct Shape {
  std::vector<std::string> words;
  std::vector<std::string> nodes;
  friend bool operator==(const Shape&, const Shape&) = default;
};

Shape shape_of(const std::string& text) {
  const ParsedFile parsed = parse(text, 0);
  Shape shape;
  std::vector<std::size_t> positions;
  for (const Token& token : parsed.tokens) {
    positions.push_back(shape.words.size());
    if (token.kind == TokenKind::kSpace || token.kind == TokenKind::kBom) continue;
    std::string word(token.text(text));
    word.erase(word.find_last_not_of(" \t\r") + 1);
    shape.words.push_back(word);
  }
  positions.push_back(shape.words.size());
  for (const CstNode& node : parsed.cst) {
    shape.nodes.push_back(fmt::format("{} {} {} {}", cst_kind_name(node.kind),
                                      positions[node.first], positions[node.last], node.end));
  }
  return shape;
}

// Formats, and expects of it what holds for every text that parses.
std::string expect_kept(const std::string& text) {
  const Formatted once = format(text, 0);
  EXPECT_TRUE(once.diagnostics.empty());
  EXPECT_EQ(shape_of(once.text), shape_of(text)) << text;
  EXPECT_EQ(format(once.text, 0).text, once.text) << "a second time, of:\n" << text;
  return once.text;
}

bool parses(const std::string& text) {
  return parse(text, 0).diagnostics.empty();
}

TEST(FormatGolden, EveryFileComesOutAsExpected) {
  for (const golden::Case& file : golden::read_cases("format")) {
    SCOPED_TRACE(file.name);
    const Formatted formatted = format(file.text, 0);
    EXPECT_TRUE(formatted.diagnostics.empty());
    golden::expect_golden(file, formatted.text);
  }
}

TEST(FormatGolden, EveryTextOfTheTreeIsKept) {
  int kept = 0;
  for (const golden::JourneyText& text : golden::journey_texts()) {
    SCOPED_TRACE(text.place);
    if (!parses(text.text)) {
      EXPECT_FALSE(format(text.text, 0).diagnostics.empty());
      EXPECT_TRUE(format(text.text, 0).text.empty());
      continue;
    }
    expect_kept(text.text);
    ++kept;
  }
  EXPECT_GE(kept, 70);
}

// --- Other white space ----------------------------------------------------------------

std::string random_gap(base::Random& random, bool must_separate) {
  static constexpr std::string_view kGaps[] = {" ",  " ",    " ",      "\n",     "\n\n",
                                               "\t", "\r\n", "\n\n\n", "\n    ", "     "};
  const std::uint64_t roll = base::random_below(random, 40);
  if (roll == 0) return " # behind\n";
  if (roll == 1) return "\n  # above, \xC3\xA4\n\n# and more  \n";
  if (roll == 2) return "\n\n#\n";
  if (!must_separate && roll < 20) return "";
  return std::string(kGaps[base::random_below(random, std::size(kGaps))]);
}

// A name or string of another length makes other lines too long.
std::string random_word(const Token& token, std::string_view text, base::Random& random) {
  std::string word(token.text(text));
  if (base::random_below(random, 6) > 0) return word;
  const std::size_t more = base::random_below(random, 45);
  if (token.kind == TokenKind::kIdentifier) return word + std::string(more, 'x');
  if (token.kind == TokenKind::kString) return word.insert(1, std::string(more, 'y'));
  return word;
}

// The same tokens with other white space, comments and names between them. Strings
// end on their line, so nothing changes inside `${…}`.
std::string respaced(const std::string& text, base::Random& random) {
  const ParsedFile parsed = parse(text, 0);
  std::string result;
  bool space_stood_here = true;
  int strings = 0;
  for (const Token& token : parsed.tokens) {
    if (token.kind == TokenKind::kStringClose) --strings;
    if (token.kind == TokenKind::kStringOpen && strings++ == 0) {
      result += random_gap(random, space_stood_here);
      result += token.text(text);
    } else if (strings > 0 || token.kind == TokenKind::kStringClose) {
      result += token.text(text);
    } else if (token.kind == TokenKind::kComment) {
      result += std::string(token.text(text)) + "\n";
    } else if (!is_trivia(token.kind)) {
      result += random_gap(random, space_stood_here);
      result += random_word(token, text, random);
    }
    space_stood_here = is_trivia(token.kind);
  }
  return result;
}

TEST(FormatGolden, EveryTextOfTheTreeIsKeptHoweverItIsSpaced) {
  constexpr std::uint64_t kSeeds = 12;
  int kept = 0;
  int tried = 0;
  for (const golden::JourneyText& text : golden::journey_texts()) {
    if (!parses(text.text)) continue;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      base::SeededRandom random(seed);
      const std::string other = respaced(text.text, random);
      ++tried;
      // A longer name may be one that means nothing there.
      if (!parses(other)) continue;
      ++kept;
      SCOPED_TRACE(fmt::format("{} seed {}", text.place, seed));
      expect_kept(other);
      if (::testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GE(kept, tried * 9 / 10);
}

// --- Other programs -------------------------------------------------------------------

// The constructs of all texts, as they are written there.
using Constructs = std::map<CstKind, std::vector<std::string>>;

struct Range {
  std::size_t begin = 0;
  std::size_t length = 0;
};

Range range_of(const CstNode& node, const ParsedFile& parsed) {
  if (node.first == node.last) return {};
  const std::size_t begin = parsed.tokens[node.first].offset;
  return {begin, parsed.tokens[node.last - 1].end() - begin};
}

Constructs constructs_of(const std::vector<golden::JourneyText>& texts) {
  Constructs constructs;
  for (const golden::JourneyText& text : texts) {
    const ParsedFile parsed = parse(text.text, 0);
    if (!parsed.diagnostics.empty()) continue;
    for (const CstNode& node : parsed.cst) {
      const Range range = range_of(node, parsed);
      constructs[node.kind].push_back(text.text.substr(range.begin, range.length));
    }
  }
  return constructs;
}

// The text with constructs of other texts in the place of some of its own.
std::string spliced(std::string text, const Constructs& constructs, base::Random& random) {
  constexpr int kTries = 8;
  constexpr std::size_t kMaxBytes = 20'000;
  for (int i = 0; i < kTries; ++i) {
    const ParsedFile parsed = parse(text, 0);
    const CstNode& node = parsed.cst[base::random_below(random, parsed.cst.size())];
    const Range range = range_of(node, parsed);
    const auto others = constructs.find(node.kind);
    if (node.kind == CstKind::kFile || range.length == 0 || others == constructs.end()) continue;
    std::string other = text;
    other.replace(range.begin, range.length,
                  others->second[base::random_below(random, others->second.size())]);
    if (other.size() <= kMaxBytes && parses(other)) text = std::move(other);
  }
  return text;
}

TEST(FormatGolden, ProgramsMadeOfPiecesOfOthersAreKept) {
  constexpr std::uint64_t kSeeds = 3;
  const std::vector<golden::JourneyText> texts = golden::journey_texts();
  const Constructs constructs = constructs_of(texts);
  int others = 0;
  for (const golden::JourneyText& text : texts) {
    if (!parses(text.text)) continue;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      base::SeededRandom random(seed);
      const std::string other = spliced(text.text, constructs, random);
      others += other == text.text ? 0 : 1;
      SCOPED_TRACE(fmt::format("{} seed {}", text.place, seed));
      const std::string laid_out = expect_kept(other);
      const std::string loose = respaced(laid_out, random);
      if (parses(loose)) expect_kept(loose);
      if (::testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GE(others, 150);
}

// --- Meaning --------------------------------------------------------------------------

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

// What compile() makes of a file: its findings without their places, its graphs.
std::vector<std::string> meaning_of(const std::string& text) {
  const std::vector<SourceText> sources{{"x.journey", text}};
  const Compilation result = compile(sources, zones());
  std::vector<std::string> meaning;
  for (const Diagnostic& found : result.diagnostics) meaning.push_back(found.message);
  if (!result.program) return meaning;
  for (const CompiledJourney& journey : result.program->journeys) {
    meaning.push_back(journey.docs);
    meaning.push_back(graph::encode(journey.graph));
  }
  return meaning;
}

TEST(FormatGolden, NoTextChangesItsMeaning) {
  int graphs = 0;
  for (const golden::JourneyText& text : golden::journey_texts()) {
    if (!parses(text.text)) continue;
    SCOPED_TRACE(text.place);
    const auto meaning = meaning_of(text.text);
    EXPECT_EQ(meaning_of(format(text.text, 0).text), meaning);
    graphs += meaning.empty() ? 0 : 1;
  }
  EXPECT_GE(graphs, 40);
}

}  // namespace
}  // namespace sojourn::dsl

// Holds the `expect` and `always` lines of one test against what happens. `expect`
// lines speak of what has happened since the last line that let something happen,
// in order; sends of the journey under test are exact: none may be passed over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dsl/test_plan.h"
#include "testing/timeline.h"
#include "testing/world.h"

namespace sojourn::testing {

struct Mismatch {
  std::string message;
  Difference difference;
};

class Expectations {
 public:
  // Sends that are more than this apart are never counted together.
  Expectations(const TestProgram& program, JourneyIndex journey, World& world);

  using Result = std::optional<Mismatch>;
  using Fields = std::vector<graph::Field>;

  // What has happened so far is behind, unless a send of it was not expected.
  Result next_stretch();

  Result meet(const dsl::ExpectSend& line, const Fields& data);
  Result meet(const dsl::ExpectSkip& line, const Fields& none);
  Result meet(const dsl::ExpectUpdate& line, const Fields& fields);
  Result meet(const dsl::ExpectTrack& line, const Fields& fields);
  Result meet(const dsl::ExpectAt& line, const Fields& none);
  Result meet(const dsl::ExpectExit& line, const Fields& none);
  Result meet(const dsl::ExpectGoal& line, const Fields& none);
  Result meet(const dsl::ExpectIn& line, const Fields& none);

  void hold(dsl::AlwaysAtMost line) { at_most_.push_back(line); }
  void hold(dsl::AlwaysNotSend line) { not_send_.push_back(std::move(line)); }
  // Looks at what has happened since it was last called.
  Result check_always();

 private:
  // An occurrence to be found; empty texts and fields fit everything.
  struct Wanted {
    Occurrence::Kind kind;
    JourneyIndex journey;
    std::string subject;
    std::string detail;
    const Fields& fields;
    std::string words;  // as the author said it
  };

  Result find(const Wanted& wanted);
  Result passed_over(std::size_t at, const Wanted& wanted) const;
  Result not_found(std::optional<std::size_t> near, const Wanted& wanted) const;
  bool is_candidate(const Occurrence& occurrence, const Wanted& wanted) const;
  bool is_own_send(const Occurrence& occurrence) const;
  std::string whereabouts() const;
  const std::vector<Occurrence>& journal() const { return world_.journal(); }

  const TestProgram& program_;
  JourneyIndex journey_;
  World& world_;
  std::size_t next_ = 0;  // in the journal
  std::vector<dsl::AlwaysAtMost> at_most_;
  std::vector<dsl::AlwaysNotSend> not_send_;
  std::size_t always_seen_ = 0;
  std::vector<base::Instant> sent_at_;
};

}  // namespace sojourn::testing

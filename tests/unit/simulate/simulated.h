// A journey, written as an author would, with people sent through it.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "simulate/figures.h"
#include "simulate/model.h"
#include "simulate/tally.h"

#include "dsl/compile.h"

namespace sojourn::simulate {

class Simulated {
 public:
  static constexpr std::uint64_t kUsers = 2000;
  static constexpr std::size_t kDays = 60;

  // The text, put behind kWorld, must be without faults and have one journey.
  explicit Simulated(std::string_view text);

  const graph::Graph& graph() const { return compilation_.program->journeys.front().graph; }
  const graph::Catalog& catalog() const { return compilation_.program->catalog; }
  // As derived; to be changed before the people live.
  Model& model() { return model_; }
  FieldModel& field(std::string_view name);
  EventModel& event(std::string_view name);

  // Those from `first` on; the same each time.
  Tally lives(std::uint64_t first, std::uint64_t count, std::uint64_t seed = 1) const;
  Figures figures(std::uint64_t users = kUsers, std::uint64_t seed = 1) const;

  static constexpr std::string_view kWorld = R"(
user { plan "free" | "pro", seats integer, stage string, endsAt timestamp }
event signup { plan string, seats integer? }
event login { plan string? }
event purchase { amount number, plan string? }
webhook crm = "https://crm.example/score" { returns { score integer } }
message_type news    = 1 marketing opt_in
message_type account = 2 transactional opt_out
campaign welcome email account
campaign tips    email news
campaign text    sms   account
policy { timezone user.timeZone default "Europe/Berlin" }
)";

 private:
  dsl::Compilation compilation_;
  Model model_;
};

// The number that stands beside the name; 0 when nothing does.
Count count_of(const std::vector<Reason>& reasons, std::string_view name);
const StepFigures& step_of(const Figures& figures, std::string_view name);

}  // namespace sojourn::simulate

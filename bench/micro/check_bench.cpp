// A check of a program: all of it, and what its lints take of that.
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <fmt/core.h>
#include <memory>
#include <vector>

#include "calendar/tzdata/system_zones.h"
#include "dsl/check_declarations.h"
#include "dsl/check_journey.h"
#include "dsl/compile.h"
#include "dsl/lint.h"
#include "dsl/parse.h"
#include "dsl/render.h"

namespace sojourn::dsl {
namespace {

constexpr int kJourneys = 1'000;

constexpr std::string_view kCatalog = R"(
user { plan "free" | "trial" | "pro"  ends timestamp  seats integer  score number = 0  region string }
event signup { plan string, seats integer, account string }
event login
event purchase { amount number, account string }
message_type news marketing opt_in
message_type account transactional opt_out
campaign c1 email news { data { plan string, ends timestamp? } }
campaign c2 email news
campaign c3 push news
campaign c4 email account
campaign c5 sms account
let pause = 2d
policy { timezone user.timeZone default "Europe/Berlin" }
)";

// 100 lines, as an author would lay them out.
constexpr std::string_view kBody = R"(
  owner   "lifecycle@example.com"
  enter   on signup where event.seats < 500
  one per entry.account
  exit    on purchase where event.account == entry.account and event.amount > 0 as bought
  exit    when user.plan == "pro" as upgraded

  # The welcome, at once.
  send c1 with { plan: entry.plan, ends: user.ends } within 1d
  wait 1d at 09:00

  wait for login up to 3d {
    split road {
      50% a { send c2 within 2d }
      50% b {}
    }
  } timeout {
    send c3 within 2d else {
      c2_instead: send c2 again
    }
  }

  # By size.
  if user.seats > 50 {
    exit as large
  } else if user.seats > 5 {
    wait pause
    send c4
  } else if user.seats is set {
    send c5
  } else {
    exit as unknown
  }

  match user.plan {
    "free"  { by_plan: send c4 again }
    "trial" {
      wait 2d
      if user.region == "eu" or user.region == "uk" {
        eu: send c2 again
      } else {
        us: send c3 again
      }
    }
    else {}
  }

  wait until user.ends - 7d at 09:00 up to 60d
    past continue
    missing exit as no_date

  # Reminders, as long as there is a date.
  reminders: schedule around user.ends up to 50d missing exit as no_date {
    5d before at 10:00 {
      r1: send c2 again
    }
    3d before at 10:00 {
      if user.seats > 1 and user.score >= 2.5 {
        r2: send c2 again
      }
    }
    1d before at 10:00 {
      r3: send c3 again else {
        r4: send c2 again
      }
    }
    1d after {
      wait 12h
      r5: send c4 again
    }
  }

  let amount = sum(purchase.amount since entry)
  if amount > 100 and any login within 30d {
    exit as spender
  }

  wait up to 14d {
    on purchase where event.account == entry.account and event.amount < 1 as trifle {
      if trifle.amount < 0.5 {
        exit as refunded
      }
    }
    when user.seats >= 10 and user.plan in ["free", "trial"] {
      exit as team
    }
    timeout {
      late: send c4 again
    }
  }

  # The second month.
  wait 1mo
  if user.score > 10 {
    last: send c5 again
  }

  track login {}
)";

std::vector<SourceText> program_text() {
  std::vector<SourceText> sources = {{"catalog.journey", std::string(kCatalog)}};
  for (int i = 0; i < kJourneys; ++i) {
    sources.push_back(
        {fmt::format("j{}.journey", i), fmt::format("journey j{} {{{}}}\n", i, kBody)});
  }
  return sources;
}

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  if (!source) std::abort();
  return **source;
}

// 1,000 journeys in as many files, cold.
void check_program(benchmark::State& state) {
  const std::vector<SourceText> sources = program_text();
  for (auto _ : state) {
    const Compilation compilation = compile(sources, zones());
    if (!compilation.diagnostics.empty()) {
      fmt::print(stderr, "{}", render_text(compilation.diagnostics, compilation.files, {}));
      std::abort();
    }
  }
}
BENCHMARK(check_program)->Unit(benchmark::kMillisecond);

// The lints of the same.
void lint_program(benchmark::State& state) {
  std::vector<SourceFile> files;
  for (const SourceText& source : program_text()) files.emplace_back(source.path, source.text);
  ParsedFiles parsed;
  std::vector<const ast::File*> asts;
  for (FileIndex i = 0; i < files.size(); ++i) {
    parsed.push_back(std::make_shared<const ParsedFile>(parse(files[i].text(), i)));
    asts.push_back(&parsed.back()->ast);
  }
  Report report(files);
  World world;
  collect_world(asts, world, report);
  std::vector<CompiledJourney> journeys;
  for (const ast::File* file : asts) {
    for (const ast::Declaration& declaration : file->declarations) {
      if (!std::holds_alternative<ast::Journey>(declaration.node)) continue;
      journeys.push_back(check_journey(declaration, world, zones(), report));
    }
  }
  if (!report.take().empty()) std::abort();
  for (auto _ : state) {
    std::vector<Diagnostic> found;
    lint({parsed, files, world, journeys, zones()}, found);
    if (!found.empty()) std::abort();
  }
}
BENCHMARK(lint_program)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sojourn::dsl

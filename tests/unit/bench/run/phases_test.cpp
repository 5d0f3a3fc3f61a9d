// The measured programs as processes, driven as the table's driver drives them.
#include "bench/run/phases.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "bench/load/load.h"
#include "bench/run/iterable_phases.h"
#include "bench/wire/http_channel.h"

namespace sojourn::bench {
namespace {

class PhasesTest : public testing::Test {
 protected:
  void SetUp() override {
    setup_.dir = std::filesystem::path(testing::TempDir()) / ("bench_" + std::to_string(getpid()));
    setup_.seconds = 1;
    std::filesystem::create_directories(setup_.dir);
  }
  void TearDown() override { std::filesystem::remove_all(setup_.dir); }

  PhaseSetup setup_;
  MakeSystem floor_ = [] { return make_floor(BENCH_FLOOR); };
  MakeSystem daemon_ = [] { return make_daemon(BENCH_SOJOURN); };
  MakeReceiver sandbox_ = [] { return make_sandbox(BENCH_SOJOURN); };
  MakeReceiver sink_ = [] { return make_sink(BENCH_SINK); };
};

TEST_F(PhasesTest, EveryJourneyOfTheFloorIsCompleteAndNoMessageDoubled) {
  const auto journeys = measure_journeys(setup_, floor_, sink_);
  ASSERT_TRUE(journeys) << journeys.error().message;
  EXPECT_GT(journeys->per_second, 0);
  EXPECT_GT(journeys->cpu_s_per_1000, 0);
}

TEST_F(PhasesTest, TheDaemonRunsTheSameJourneyAgainstTheSandbox) {
  const auto journeys = measure_journeys(setup_, daemon_, sandbox_);
  ASSERT_TRUE(journeys) << journeys.error().message << "\n" << journeys.error().hint;
  EXPECT_GT(journeys->per_second, 0);
}

TEST_F(PhasesTest, TheDaemonsPeopleWhoWaitAreMeasuredByTable) {
  const auto waiting = measure_waiting(setup_, daemon_, sink_, 500);
  ASSERT_TRUE(waiting) << waiting.error().message << "\n" << waiting.error().hint;
  // Were a table renamed, its bytes would move to the other column.
  for (const char* part : {"identity", "timer", "user_row 0", "user_row 1"}) {
    EXPECT_GT(waiting->disk.by_part.at(part), 500 * 10.0) << part;
  }
  EXPECT_GT(waiting->other_bytes_per_person, 0);
}

TEST_F(PhasesTest, PeopleWhoAreOverdueGetTheirMessageOnceWhileOthersEnter) {
  const auto overdue = measure_overdue(setup_, daemon_, sink_, 2000, 200);
  ASSERT_TRUE(overdue) << overdue.error().message << "\n" << overdue.error().hint;
  EXPECT_GT(overdue->per_second, 0);
  EXPECT_GT(overdue->resident_mb, 0);
}

TEST_F(PhasesTest, EventsOfPeopleWhoAreKnownAreCountedOnDisk) {
  for (const MakeSystem& system : {floor_, daemon_}) {
    for (const int per_request : {1, 20}) {
      const auto intake =
          measure_intake(setup_, system, sink_, {EventStream::Kind::kVisit, per_request, 50});
      ASSERT_TRUE(intake) << intake.error().message << "\n" << intake.error().hint;
      EXPECT_GT(intake->per_second, 0);
      EXPECT_GT(intake->latency_ms_p99, 0);
    }
  }
}

TEST_F(PhasesTest, VisitsThatAJourneyLooksBackAtLetNobodyEnter) {
  const auto intake =
      measure_intake(setup_, daemon_, sink_, {EventStream::Kind::kVisit, 20, 50, true});
  ASSERT_TRUE(intake) << intake.error().message << "\n" << intake.error().hint;
  const auto kept = disk_use(setup_.dir / "phase" / "data");
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_GT(kept->by_part.at("user_row 3"), 0);        // visits
  EXPECT_FALSE(kept->by_part.contains("user_row 1"));  // enrollments
}

TEST_F(PhasesTest, EventsOfTheDaysBeforeAreOnDiskToo) {
  const auto intake =
      measure_intake(setup_, daemon_, sink_, {EventStream::Kind::kVisit, 20, 50, false, 2});
  ASSERT_TRUE(intake) << intake.error().message << "\n" << intake.error().hint;
  EXPECT_EQ(count_rows(setup_.dir / "phase" / "data" / "sojourn.db", {"seen_day"}).value(), 3u);
}

TEST_F(PhasesTest, IterableIsAskedAboutEachEventOnlyWhereThatIsSet) {
  for (const bool asks : {false, true}) {
    const auto answers = measure_answers(setup_, daemon_, sink_, 50, 200, asks);
    ASSERT_TRUE(answers) << answers.error().message << "\n" << answers.error().hint;
    EXPECT_GT(answers->latency_ms_p99, 0);
  }
}

TEST_F(PhasesTest, AReceiverThatWasNotAskedIsAnError) {
  // The floor asks nobody.
  const auto answers = measure_answers(setup_, floor_, sink_, 10, 200, true);
  ASSERT_FALSE(answers);
  EXPECT_NE(answers.error().message.find("were to be asked about, 0 were"), std::string::npos)
      << answers.error().message;
}

TEST_F(PhasesTest, PeopleWhoAreDueAtOnceAreSentTheirMessageOverSoManyConnections) {
  for (const MakeSystem& system : {floor_, daemon_}) {
    const auto sends = measure_sends(setup_, system, sink_, 2000);
    ASSERT_TRUE(sends) << sends.error().message << "\n" << sends.error().hint;
    EXPECT_GT(sends->per_second, 0);
    EXPECT_GE(sends->connections, 1);
    EXPECT_LE(sends->connections, 64);
  }
}

TEST_F(PhasesTest, EventsThatAreNotOnDiskAreAnError) {
  auto stage = set_up(setup_, floor_, sink_, {base::days24(30), base::days24(30)});
  ASSERT_TRUE(stage) << stage.error().message;
  const auto counted = stop_and_count(*stage, 1);
  ASSERT_FALSE(counted);
  EXPECT_EQ(counted.error().message, "1 events were answered 200, 0 are on disk");
}

TEST_F(PhasesTest, NobodyIsSentMessage2BeforeTheDelay) {
  const auto late = measure_lateness(setup_, floor_, sink_);
  ASSERT_TRUE(late) << late.error().message;
  // The floor waits from the acceptance of message 1, which follows its arrival.
  EXPECT_GE(late->ms_p50, 0);
}

TEST_F(PhasesTest, PeopleWhoWaitAreOnDiskAfterAKill) {
  const auto waiting = measure_waiting(setup_, floor_, sink_, 2000);
  ASSERT_TRUE(waiting) << waiting.error().message;
  EXPECT_GT(waiting->resident_mb, 0);
  EXPECT_GT(waiting->serving_seconds, 0);
  // At least the bytes of an email; were people lost, there would be fewer.
  EXPECT_GT(waiting->disk_bytes_per_person, 24);
  EXPECT_LT(waiting->disk_bytes_per_person, 150);
}

// Acknowledged is kept: after kill -9 everyone still gets both messages.
TEST_F(PhasesTest, AKillInTheMiddleLosesNobody) {
  auto sink = sink_();
  auto floor = floor_();
  ASSERT_TRUE(sink->start(setup_.dir));
  const Workload workload{{}, base::seconds(1)};
  ASSERT_TRUE(floor->start(setup_.dir, sink->port(), workload));
  LoadOptions options;
  options.port = floor->port();
  options.max_events = 3000;
  const auto load = run_load(options);
  ASSERT_TRUE(load) << load.error().message;
  floor->kill9();
  ASSERT_TRUE(floor->start(setup_.dir, sink->port(), workload));

  std::string request;
  append_request(request, "GET", "/stats", "", "");
  std::uint64_t complete = 0;
  for (int i = 0; i < 3000 && complete < 3000; ++i) {
    const auto reply = http_exchange(sink->port(), request);
    ASSERT_TRUE(reply) << reply.error().message;
    complete = nlohmann::json::parse(reply->body)["complete"];
    usleep(10'000);
  }
  EXPECT_EQ(complete, 3000u);
  EXPECT_TRUE(floor->stop());
}

TEST_F(PhasesTest, AProgramThatCannotRunIsAnErrorThatNamesIt) {
  const auto starts = measure_starts(setup_, [] { return make_floor("/no/such/program"); }, sink_);
  ASSERT_FALSE(starts);
  EXPECT_NE(starts.error().message.find("`/no/such/program` ended with 127"), std::string::npos);
  EXPECT_NE(starts.error().hint.find("cannot run it"), std::string::npos);
}

}  // namespace
}  // namespace sojourn::bench

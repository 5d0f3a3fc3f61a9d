// The stored forms of what the runtime keeps: each reads back as it was written,
// and damaged bytes are an error, never a crash.
#include <functional>
#include <gtest/gtest.h>
#include <string>

#include "base/bytes.h"
#include "base/random.h"
#include "runtime/dead_letter.h"
#include "runtime/delivery_record.h"
#include "runtime/event_codec.h"
#include "runtime/fan_out_record.h"
#include "runtime/log_record.h"
#include "runtime/pace_book.h"
#include "runtime/past_enrollment.h"
#include "runtime/sent_codec.h"
#include "runtime/user_head.h"

namespace sojourn::runtime {
namespace {

UserHead head() {
  UserHead head;
  head.email = "ada@example.com";
  head.user_id = "u-1";
  head.next_enrollment = 3;
  head.next_event = 9;
  head.set({"plan", graph::Value("pro"), ProfileField::Source::kIntake, base::Instant{5000}, {}});
  head.set({"seats", graph::Value(std::int64_t{7}), ProfileField::Source::kJourney,
            base::Instant{6000}, base::Instant{7000}});
  head.set({"subscribedMessageTypeIds",
            graph::Value(graph::List{graph::Value(std::int64_t{7})}),
            ProfileField::Source::kSubscription,
            base::Instant{6000},
            {}});
  head.set_on("vips", true);
  head.set_on("beta", true);
  return head;
}

DeliveryRecord track() {
  DeliveryRecord record;
  record.kind = DeliveryRecord::Kind::kTrack;
  record.version = base::stable_hash128("v");
  record.journey = "trial";
  record.subject = "nudged";
  record.enrollment = 2;
  record.step_number = 4;
  record.attempts = 3;
  record.in_doubt = true;
  record.planned_at = base::Instant{123'456};
  record.fields = {{"why", graph::Value("quiet")}};
  return record;
}

DeliveryRecord call() {
  DeliveryRecord record = track();
  record.kind = DeliveryRecord::Kind::kCall;
  record.subject = "scoring";
  return record;
}

DeliveryRecord message_sent_again() {
  DeliveryRecord record = track();
  record.kind = DeliveryRecord::Kind::kMessage;
  record.in_doubt = false;
  record.sent_again = true;
  record.last_chance = base::Instant{987'654};
  record.enrollment_then = EnrollmentThen{
      .at = base::Instant{123'700}, .unit = base::stable_hash128("u"), .body = "an enrollment"};
  record.fields.clear();
  return record;
}

DeliveryRecord parked_message() {
  DeliveryRecord record = message_sent_again();
  record.in_doubt = true;
  record.claimed_at = base::Instant{123'999};
  record.medium = graph::Medium::kWhatsApp;
  record.doubt = Doubt{.from = base::Instant{123'457}, .attempts = 2, .look_ups = 1};
  record.parked = true;
  return record;
}

DeadLetter letter(DeliveryState state) {
  return {{{3, 7}, base::stable_hash128("k")},
          message_sent_again(),
          state,
          base::Instant{5000},
          "refused",
          "status 400"};
}

std::vector<LogRecord> log() {
  return {{LogRecord::Kind::kEntered, base::Instant{1000}, "trial", 1, "signup", ""},
          {LogRecord::Kind::kSkipped, base::Instant{2000}, "trial", 1, "welcome", "late"}};
}

// With each part, of one enrollment and of another.
std::vector<LogRecord> log_with_reasons() {
  LogRecord waits{LogRecord::Kind::kWaits, base::Instant{1000}, "trial", 1, "wait 1", ""};
  waits.until = base::Instant{500};
  waits.why = {"wait 1d", {}, engine::ZoneUsed{"Europe/Berlin", "user.timeZone"}};
  LogRecord way{LogRecord::Kind::kBranch, base::Instant{2000}, "trial", 1, "if 1", "1"};
  way.why = {"user.plan == \"pro\"", {{"user.plan", "\"pro\""}, {"now", ""}}, std::nullopt};
  LogRecord other{LogRecord::Kind::kExited, base::Instant{2000}, "other", 2, "", "done"};
  return {waits, way, other};
}

engine::EventFact event() {
  engine::EventFact fact;
  fact.number = 12;
  fact.name = "login";
  fact.created_at = base::Instant{900};
  fact.arrived_at = base::Instant{1000};
  fact.fields = {{"device", graph::Value("phone")}};
  return fact;
}

std::vector<engine::SentMessage> sent() {
  return {{base::stable_hash128("k"),
           base::Instant{5000},
           "offer",
           {graph::Medium::kWhatsApp, true, "news"}},
          {base::stable_hash128("l"),
           base::Instant{4000},
           "receipt",
           {graph::Medium::kEmail, false, "account"}}};
}

FannedEvent fanned() {
  FannedEvent out;
  out.id = "e1";
  out.parts = 3;
  out.event = event();
  return out;
}

const std::vector<store::UserId>& many() {
  static const std::vector<store::UserId> users{{0, 1}, {3, 7}, {3, 300}, {1023, (1ULL << 48) - 1}};
  return users;
}

TEST(Records, ReadBackAsWritten) {
  EXPECT_EQ(decode_user_head(encode(head())).value(), head());
  EXPECT_EQ(decode_delivery(encode(track())).value(), track());
  EXPECT_EQ(decode_delivery(encode(call())).value(), call());
  EXPECT_EQ(decode_delivery(encode(message_sent_again())).value(), message_sent_again());
  EXPECT_EQ(decode_delivery(encode(parked_message())).value(), parked_message());
  for (const auto state :
       {DeliveryState::kRefused, DeliveryState::kLate, DeliveryState::kInDoubt}) {
    EXPECT_EQ(decode_dead_letter(encode(letter(state))).value(), letter(state));
  }
  for (const auto kind : {DeliveryRecord::Kind::kAddToList, DeliveryRecord::Kind::kRemoveFromList,
                          DeliveryRecord::Kind::kSubscribe, DeliveryRecord::Kind::kUnsubscribe}) {
    DeliveryRecord change = track();
    change.kind = kind;
    change.subject = "vips";
    change.fields.clear();
    EXPECT_EQ(decode_delivery(encode(change)).value(), change) << to_string(kind);
  }
  EXPECT_EQ(decode_log(encode(log())).value(), log());
  EXPECT_EQ(decode_log(encode(log_with_reasons())).value(), log_with_reasons());
  EXPECT_EQ(time_of_log(encode(log_with_reasons())).value(), base::Instant{1000});
  EXPECT_EQ(decode_sent(encode(sent())).value(), sent());
  const engine::Places places{base::Instant{5000}, base::Instant{5000}, base::Instant{9000}};
  EXPECT_EQ(decode_places(encode_places("trial", places)).value(),
            std::pair(std::string("trial"), places));
  const engine::EventFact read = decode_event(encode(event()), 12).value();
  EXPECT_EQ(read.name, "login");
  EXPECT_EQ(read.created_at, base::Instant{900});
  EXPECT_EQ(read.fields, event().fields);
  const PastEnrollment past{base::stable_hash128("unit"),
                            "trial",
                            5,
                            {{"asleep", base::Instant{-3}}, {"converted", base::Instant{77}}},
                            3,
                            2};
  EXPECT_EQ(decode_past(encode(past)).value(), past);
  const FannedEvent on_its_way = decode_fanned_event(encode(fanned())).value();
  EXPECT_EQ(on_its_way.id, "e1");
  EXPECT_EQ(on_its_way.parts, 3);
  EXPECT_EQ(on_its_way.event.fields, event().fields);
  EXPECT_EQ(decode_users(encode_users(many())).value(), many());
}

TEST(Records, DamagedBytesAreAnErrorOrAnotherRecordNeverACrash) {
  constexpr std::uint64_t kSeed = 20260301;
  std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
  base::SeededRandom random(kSeed);
  const std::vector<std::pair<std::string, std::function<bool(const std::string&)>>> kinds{
      {encode(head()), [](const auto& b) { return decode_user_head(b).has_value(); }},
      {encode(track()), [](const auto& b) { return decode_delivery(b).has_value(); }},
      {encode(call()), [](const auto& b) { return decode_delivery(b).has_value(); }},
      {encode(message_sent_again()), [](const auto& b) { return decode_delivery(b).has_value(); }},
      {encode(parked_message()), [](const auto& b) { return decode_delivery(b).has_value(); }},
      {encode(letter(DeliveryState::kLate)),
       [](const auto& b) { return decode_dead_letter(b).has_value(); }},
      {encode(log()), [](const auto& b) { return decode_log(b).has_value(); }},
      {encode_places("trial", {base::Instant{5000}, base::Instant{7000}}),
       [](const auto& b) { return decode_places(b).has_value(); }},
      {encode(sent()), [](const auto& b) { return decode_sent(b).has_value(); }},
      {encode(event()), [](const auto& b) { return decode_event(b, 1).has_value(); }},
      {encode(fanned()), [](const auto& b) { return decode_fanned_event(b).has_value(); }},
      {encode_users(many()), [](const auto& b) { return decode_users(b).has_value(); }}};
  for (const auto& [bytes, decodes] : kinds) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(decodes(bytes.substr(0, size))) << "cut to " << size;
    }
    for (int i = 0; i < 5'000; ++i) {
      std::string hostile = bytes;
      hostile[base::random_below(random, hostile.size())] = static_cast<char>(random.next());
      decodes(hostile);
    }
  }
}

TEST(UserHead, KnowsWhetherAListChanges) {
  UserHead head;
  EXPECT_TRUE(head.set_on("vips", true));
  EXPECT_FALSE(head.set_on("vips", true));
  EXPECT_FALSE(head.set_on("beta", false));
  EXPECT_TRUE(head.set_on("beta", true));
  EXPECT_EQ(head.lists, (std::vector<std::string>{"beta", "vips"}));
  EXPECT_TRUE(head.set_on("vips", false));
  EXPECT_FALSE(head.is_on("vips"));
  EXPECT_TRUE(head.is_on("beta"));
}

TEST(UserHead, AValueThatIsThereStaysAsItCame) {
  constexpr auto kJourney = ProfileField::Source::kJourney;
  const ProfileField written{"plan", graph::Value("pro"), kJourney, base::Instant{10}, {}};
  UserHead head;
  EXPECT_TRUE(head.set(written));
  EXPECT_TRUE(head.mark_accepted("plan", base::Instant{10}, base::Instant{20}));
  EXPECT_FALSE(head.set({"plan", graph::Value("pro"), kJourney, base::Instant{30}, {}}));
  EXPECT_EQ(head.find("plan")->accepted_at, base::Instant{20});
  // Cleared, and nothing was there.
  EXPECT_FALSE(head.set({"score", graph::Value(), kJourney, base::Instant{30}, {}}));
  EXPECT_EQ(head.find("score"), nullptr);
}

TEST(UserHead, AnAnswerToAnOlderUpdateSaysNothingOfANewerValue) {
  constexpr auto kJourney = ProfileField::Source::kJourney;
  UserHead head;
  head.set({"plan", graph::Value("pro"), kJourney, base::Instant{10}, {}});
  head.set({"plan", graph::Value("free"), kJourney, base::Instant{15}, {}});
  EXPECT_FALSE(head.mark_accepted("plan", base::Instant{10}, base::Instant{20}));
  EXPECT_FALSE(head.find("plan")->accepted_at.has_value());
  EXPECT_TRUE(head.mark_accepted("plan", base::Instant{15}, base::Instant{25}));
  EXPECT_EQ(head.find("plan")->accepted_at, base::Instant{25});
}

TEST(PastEnrollment, KeepsTheLastEndForEachReasonUpToALimit) {
  PastEnrollment past;
  past.add_end({"bought", base::Instant{1}});
  past.add_end({"asleep", base::Instant{2}});
  past.add_end({"bought", base::Instant{3}});
  EXPECT_EQ(past.ends,
            (std::vector<PastEnd>{{"asleep", base::Instant{2}}, {"bought", base::Instant{3}}}));
  for (std::size_t i = 0; i < PastEnrollment::kMaxReasons; ++i) {
    past.add_end({"reason " + std::to_string(i), base::Instant{4}});
  }
  EXPECT_EQ(past.ends.size(), PastEnrollment::kMaxReasons);
  EXPECT_EQ(past.ends.front().reason, "reason 0");
}

TEST(MessageKey, DependsOnWhatNeverChangesAboutAMessage) {
  const store::UserId user{3, 7};
  const auto key = [&](std::string_view step, std::uint32_t occurrence) {
    return message_key("p", "j", user, 1, step, occurrence, DeliveryRecord::Kind::kMessage);
  };
  EXPECT_EQ(key("welcome", 1), key("welcome", 1));
  EXPECT_NE(key("welcome", 1), key("welcome", 2));
  EXPECT_NE(key("welcome", 1), key("tour", 1));
  // Written into outboxes and given to Iterable: a change doubles messages.
  EXPECT_EQ(key("welcome", 1).hex(), "dfb1a65f4276bd4315dfd07a6c34c5c5");
}

TEST(Records, ALogOfVersion1IsStillRead) {
  base::ByteWriter out;
  out.u8(1);
  out.signed_varint(1000);
  out.varint(1);
  out.u8(static_cast<std::uint8_t>(LogRecord::Kind::kEntered));
  out.signed_varint(5);
  out.string("trial");
  out.varint(1);
  out.string("signup");
  out.string("");
  const std::string row = out.take();
  const std::vector<LogRecord> read{
      {LogRecord::Kind::kEntered, base::Instant{1005}, "trial", 1, "signup", ""}};
  EXPECT_EQ(decode_log(row).value(), read);
  EXPECT_EQ(time_of_log(row).value(), base::Instant{1000});
  EXPECT_FALSE(decode_log("\x03" + row.substr(1)).has_value()) << "a version to come";
}

}  // namespace
}  // namespace sojourn::runtime

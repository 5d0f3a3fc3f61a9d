#include "engine/send_policy.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Campaign;
using graph::ConsentPolicy;
using graph::MessageType;
using graph::Value;

constexpr std::int64_t kId = 7;

Value ids(std::int64_t id) {
  return Value(graph::List{Value(std::int64_t{1}), Value(id)});
}

bool consent_missing(const test::TestProfile& profile, ConsentPolicy policy,
                     std::optional<std::int64_t> id = kId) {
  Campaign campaign;
  MessageType type;
  type.policy = policy;
  type.id = id;
  return send_policy(profile, campaign, type).consent_missing;
}

TEST(SendPolicy, OptOutIsConsentUntilItIsTakenBack) {
  test::TestProfile profile;
  EXPECT_FALSE(consent_missing(profile, ConsentPolicy::kOptOut));
  profile.fields["unsubscribedMessageTypeIds"] = ids(8);
  EXPECT_FALSE(consent_missing(profile, ConsentPolicy::kOptOut));
  profile.fields["unsubscribedMessageTypeIds"] = ids(kId);
  EXPECT_TRUE(consent_missing(profile, ConsentPolicy::kOptOut));
}

TEST(SendPolicy, OptInNeedsASubscriptionThatWasNotTakenBack) {
  for (const ConsentPolicy policy : {ConsentPolicy::kOptIn, ConsentPolicy::kDoubleOptIn}) {
    test::TestProfile profile;
    EXPECT_TRUE(consent_missing(profile, policy));
    profile.fields["subscribedMessageTypeIds"] = ids(8);
    EXPECT_TRUE(consent_missing(profile, policy));
    profile.fields["subscribedMessageTypeIds"] = ids(kId);
    EXPECT_FALSE(consent_missing(profile, policy));
    profile.fields["unsubscribedMessageTypeIds"] = ids(kId);
    EXPECT_TRUE(consent_missing(profile, policy));
  }
}

TEST(SendPolicy, ATypeWithoutAnIdCannotBeLookedUp) {
  test::TestProfile profile;
  profile.fields["subscribedMessageTypeIds"] = ids(kId);
  EXPECT_TRUE(consent_missing(profile, ConsentPolicy::kOptIn, std::nullopt));
  EXPECT_FALSE(consent_missing(profile, ConsentPolicy::kOptOut, std::nullopt));
}

TEST(SendPolicy, ASubscriptionMovesTheIdFromOneListToTheOther) {
  const auto ids_now = [](const test::TestProfile& profile, const char* field) {
    std::string out;
    if (profile.field(field).is_missing()) return std::string("none");
    for (const Value& id : profile.field(field).as_list())
      out += std::to_string(id.as_integer()) + " ";
    return out;
  };
  MessageType type;
  type.id = kId;
  test::TestProfile profile;
  profile.fields["unsubscribedMessageTypeIds"] = ids(kId);
  const auto change = [&](bool subscribed) {
    const auto fields = with_subscription(profile, type, subscribed);
    for (const auto& [name, value] : fields) profile.fields[name] = value;
    return fields.size();
  };
  EXPECT_EQ(change(true), 2u);
  EXPECT_EQ(ids_now(profile, "subscribedMessageTypeIds"), "7 ");
  EXPECT_EQ(ids_now(profile, "unsubscribedMessageTypeIds"), "1 ");
  EXPECT_EQ(change(true), 0u) << "it is so already";
  EXPECT_EQ(change(false), 2u);
  EXPECT_EQ(ids_now(profile, "subscribedMessageTypeIds"), "");
  EXPECT_EQ(ids_now(profile, "unsubscribedMessageTypeIds"), "1 7 ");
}

TEST(SendPolicy, WhoHasOptedOutOfTheChannelIsSubscribedToNothingOfIt) {
  MessageType type;
  type.id = kId;
  test::TestProfile profile;
  profile.fields["unsubscribedChannelIds"] = ids(9);
  EXPECT_TRUE(is_subscribed(profile, type)) << "it belongs to no channel that is known";
  type.channel = 8;
  EXPECT_TRUE(is_subscribed(profile, type));
  type.channel = 9;
  EXPECT_TRUE(is_channel_off(profile, type));
  EXPECT_FALSE(is_subscribed(profile, type));
  EXPECT_TRUE(has_consented(profile, type)) << "of the type itself nothing else was said";
  type.policy = graph::ConsentPolicy::kOptIn;
  profile.fields["subscribedMessageTypeIds"] = ids(kId);
  EXPECT_FALSE(is_subscribed(profile, type));
  profile.fields["unsubscribedChannelIds"] = Value(graph::List{});
  EXPECT_TRUE(is_subscribed(profile, type));
}

TEST(SendPolicy, WhoTurnsOutToBeAnotherHasTheOptOutsOfBoth) {
  test::TestProfile known;
  test::TestProfile other;
  known.fields["unsubscribedMessageTypeIds"] = ids(5);
  other.fields["unsubscribedMessageTypeIds"] = ids(kId);
  other.fields["unsubscribedChannelIds"] = ids(9);
  other.fields["subscribedMessageTypeIds"] = ids(6);
  const auto fields = with_consent_of(known, other, false);
  EXPECT_EQ(graph::find_field(fields, "unsubscribedMessageTypeIds"),
            Value(graph::List{Value(std::int64_t{1}), Value(std::int64_t{5}), Value(kId)}));
  EXPECT_EQ(graph::find_field(fields, "unsubscribedChannelIds"), ids(9));
  EXPECT_EQ(fields.size(), 2u) << "what one has subscribed to, the other has not";
  EXPECT_EQ(graph::find_field(with_consent_of(known, other, true), "subscribedMessageTypeIds"),
            ids(6));
  EXPECT_TRUE(with_consent_of(other, test::TestProfile(), true).empty());
  EXPECT_TRUE(with_consent_of(other, other, true).empty()) << "nothing is news";
}

TEST(SendPolicy, WhoNeverSaidAnythingIsUnsubscribedAllTheSame) {
  MessageType type;
  type.id = kId;
  const test::TestProfile profile;
  const auto fields = with_subscription(profile, type, false);
  ASSERT_EQ(fields.size(), 1u);
  EXPECT_EQ(fields[0].first, "unsubscribedMessageTypeIds");
  EXPECT_EQ(fields[0].second, Value(graph::List{Value(kId)}));
  type.id.reset();
  EXPECT_TRUE(with_subscription(profile, type, false).empty()) << "without an id there is no list";
}

TEST(SendPolicy, TextsNeedANumber) {
  test::TestProfile profile;
  const auto needs_phone = [&](graph::Medium medium) {
    Campaign campaign;
    campaign.medium = medium;
    return send_policy(profile, campaign, MessageType{}).needs_phone;
  };
  EXPECT_TRUE(needs_phone(graph::Medium::kSms));
  EXPECT_TRUE(needs_phone(graph::Medium::kWhatsApp));
  EXPECT_FALSE(needs_phone(graph::Medium::kEmail));
  EXPECT_FALSE(needs_phone(graph::Medium::kPush));
}

}  // namespace
}  // namespace sojourn::engine
